import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, toUuidBytes, type WalletId } from '@fedow/ledger'

export interface V1Person {
  readonly wallet: WalletId
  /** Lower case. */
  readonly email: string
  /** Trimmed; null until somebody presents one. */
  readonly pem: string | null
}

/** Most people that are remembered without asking the file. */
const CACHED_MAX = 10_000

/** Who has which wallet, and the key by which Lespass signs for them. */
export class V1People {
  readonly #byEmail: StatementSync
  readonly #byWallet: StatementSync
  readonly #add: StatementSync
  readonly #setPem: StatementSync
  readonly #cached = new Map<WalletId, V1Person>()

  constructor(db: DatabaseSync) {
    this.#byEmail = db.prepare('SELECT wallet, email, pem FROM person WHERE email = ?')
    this.#byWallet = db.prepare('SELECT wallet, email, pem FROM person WHERE wallet = ?')
    this.#add = db.prepare('INSERT INTO person (wallet, email, pem) VALUES (?, ?, ?)')
    this.#setPem = db.prepare('UPDATE person SET pem = ? WHERE wallet = ?')
  }

  byEmail(email: string): V1Person | undefined {
    return toPerson(this.#byEmail.get(email.toLowerCase()))
  }

  byWallet(wallet: WalletId): V1Person | undefined {
    const known = this.#cached.get(wallet)
    if (known !== undefined) return known
    const person = toPerson(this.#byWallet.get(toUuidBytes(wallet)))
    if (person === undefined) return undefined
    if (this.#cached.size >= CACHED_MAX) this.#cached.clear()
    this.#cached.set(wallet, person)
    return person
  }

  /** Throws when the e-mail or the wallet has somebody. */
  add({ wallet, email, pem }: V1Person): void {
    this.#add.run(toUuidBytes(wallet), email.toLowerCase(), pem)
  }

  setPem(wallet: WalletId, pem: string): void {
    this.#setPem.run(pem, toUuidBytes(wallet))
    this.#cached.delete(wallet)
  }
}

function toPerson(row: ReturnType<StatementSync['get']>): V1Person | undefined {
  if (row === undefined) return undefined
  const { wallet, email, pem } = row
  return {
    wallet: fromUuidBytes(wallet as Uint8Array) as WalletId,
    email: String(email),
    pem: pem as string | null,
  }
}
