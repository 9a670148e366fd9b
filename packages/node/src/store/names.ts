import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type Id, type Kid, toUuidBytes } from '@fedow/ledger'
import { RecordCache } from './record-cache.ts'

/** Names of one generation of the cache. */
const CACHED_NAMES = 100_000

/** UUIDs as row numbers: 16 bytes once, then 1 to 5 bytes in each row that names them. */
export class Names {
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #read: StatementSync
  readonly #numbers = new RecordCache<bigint>(CACHED_NAMES)
  readonly #ids = new RecordCache<string>(CACHED_NAMES)

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT number FROM name WHERE id = ?')
    this.#add = db.prepare('INSERT INTO name (id) VALUES (?)')
    this.#read = db.prepare('SELECT id FROM name WHERE number = ?')
    this.#find.setReadBigInts(true)
    this.#add.setReadBigInts(true)
  }

  /** The number of an id, or `undefined` when the log never named it. */
  find(id: string): bigint | undefined {
    const cached = this.#numbers.get(id)
    if (cached !== undefined) return cached
    const number = this.#find.get(toUuidBytes(id))?.['number'] as bigint | undefined
    if (number !== undefined) this.#numbers.set(id, number)
    return number
  }

  /** The number of an id, made when it has none. Inside the caller's SQL transaction. */
  number(id: string): bigint {
    const found = this.find(id)
    if (found !== undefined) return found
    const number = this.#add.run(toUuidBytes(id)).lastInsertRowid as bigint
    this.#numbers.set(id, number)
    return number
  }

  /** The id of a number that a row holds. */
  id<T extends Id<string>>(number: number): T {
    const key = String(number)
    const cached = this.#ids.get(key)
    if (cached !== undefined) return cached as T
    const row = this.#read.get(BigInt(number))
    if (row === undefined) throw new Error(`the log names no UUID ${number}`)
    const id = fromUuidBytes(row['id'] as Uint8Array)
    this.#ids.set(key, id)
    return id as T
  }
}

/** Keys that signed, by number. There are few: all stay in memory. */
export class Signers {
  readonly #add: StatementSync
  readonly #numbers = new Map<Kid, bigint>()
  readonly #kids = new Map<bigint, Kid>()

  constructor(db: DatabaseSync) {
    this.#add = db.prepare('INSERT INTO signer (kid) VALUES (?)')
    this.#add.setReadBigInts(true)
    const all = db.prepare('SELECT number, kid FROM signer')
    all.setReadBigInts(true)
    for (const row of all.all()) this.#remember(row['number'] as bigint, row['kid'] as Kid)
  }

  #remember(number: bigint, kid: Kid): void {
    this.#numbers.set(kid, number)
    this.#kids.set(number, kid)
  }

  find(kid: Kid): bigint | undefined {
    return this.#numbers.get(kid)
  }

  number(kid: Kid): bigint {
    const found = this.#numbers.get(kid)
    if (found !== undefined) return found
    const number = this.#add.run(kid).lastInsertRowid as bigint
    this.#remember(number, kid)
    return number
  }

  kid(number: number): Kid {
    const kid = this.#kids.get(BigInt(number))
    if (kid === undefined) throw new Error(`the log names no key ${number}`)
    return kid
  }
}
