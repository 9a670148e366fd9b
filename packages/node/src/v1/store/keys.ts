/** API keys of v1: `<8 signs>.<32 signs>`, shown once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { assert, fromUuidBytes, type PlaceId, toUuidBytes, type WalletId } from '@fedow/ledger'
import { hashKeyText, newKeyText, prefixOf, verifyKeyText } from '../codec/key-text.ts'

/** `creation`: opens places, nothing else. `handshake`: connects a till, once. `organisation`: all that a place does. */
export type V1KeyKind = 'creation' | 'organisation' | 'handshake'

export interface V1Key {
  /** What names it, in its text and here. */
  readonly prefix: string
  readonly hash: string
  readonly kind: V1KeyKind
  readonly name: string
  readonly place: PlaceId | null
  /** Wallet of the admin for whom it was made. */
  readonly person: WalletId | null
  readonly createdMs: number
  readonly expiresMs: number | null
  readonly revokedMs: number | null
}

export interface NewV1Key extends Pick<V1Key, 'kind' | 'name' | 'place' | 'person'> {
  readonly nowMs: number
  /** From then on the key is refused. */
  readonly expiresMs?: number
}

/** Most texts of which the check is remembered: more live keys than a large node has. */
const CHECKED_MAX = 5_000
/** Hashes of v1's first years take a tenth of a second: guesses at one key wait for each other. */
const SLOW_GUESSES_MAX = 10
const SLOW_GUESSES_MS = 60_000

/** All keys stay in memory: an unknown one costs no reading. */
export class V1Keys {
  readonly #keys = new Map<string, V1Key>()
  readonly #used = new Set<string>()
  /** Texts that were found right, with the prefix of their key. */
  readonly #checked = new Map<string, string>()
  readonly #slowGuesses = new Map<string, { count: number; sinceMs: number }>()
  readonly #add: StatementSync
  readonly #setHash: StatementSync
  readonly #setUsed: StatementSync
  readonly #setRevoked: StatementSync

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO key (prefix, hash, kind, name, place, person, created_ms, expires_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#setHash = db.prepare('UPDATE key SET hash = ? WHERE prefix = ?')
    this.#setUsed = db.prepare('UPDATE key SET used_ms = ? WHERE prefix = ?')
    this.#setRevoked = db.prepare('UPDATE key SET revoked_ms = ? WHERE prefix = ?')
    for (const row of db.prepare('SELECT * FROM key').all()) {
      const key = fromRow(row)
      this.#keys.set(key.prefix, key)
      if (row['used_ms'] !== null) this.#used.add(key.prefix)
    }
  }

  /** Makes a key and answers its text, which nobody can read here again. */
  issue({ nowMs, expiresMs, ...of }: NewV1Key, random: (count: number) => Uint8Array): string {
    const text = newKeyText(random)
    const prefix = prefixOf(text)
    assert(prefix !== undefined, 'a new key has a prefix')
    if (this.#keys.has(prefix))
      return this.issue({ ...of, nowMs, ...(expiresMs && { expiresMs }) }, random)
    const expires = { expiresMs: expiresMs ?? null, revokedMs: null }
    this.keep({ ...of, ...expires, prefix, hash: hashKeyText(text), createdMs: nowMs })
    return text
  }

  /** Takes a key as it was made elsewhere. Throws when its prefix is taken. */
  keep(key: V1Key): void {
    const { prefix, hash, kind, name, place, person, createdMs, expiresMs, revokedMs } = key
    const ids = [place && toUuidBytes(place), person && toUuidBytes(person)] as const
    this.#add.run(prefix, hash, kind, name, ...ids, createdMs, expiresMs)
    if (revokedMs !== null) this.#setRevoked.run(revokedMs, prefix)
    this.#keys.set(prefix, key)
  }

  /** The key of a text, or `undefined` when it is unknown, revoked or expired. */
  find(text: string, nowMs: number): V1Key | undefined {
    const key = this.#keys.get(this.#checked.get(text) ?? prefixOf(text) ?? '')
    if (key === undefined || key.revokedMs !== null) return undefined
    if (key.expiresMs !== null && nowMs >= key.expiresMs) return undefined
    if (this.#checked.has(text)) return key
    return this.#isRight(text, key, nowMs) ? this.#keys.get(key.prefix) : undefined
  }

  /** True until somebody has called with it. */
  isUnused(prefix: string): boolean {
    return !this.#used.has(prefix)
  }

  markUsed(prefix: string, nowMs: number): void {
    if (this.#used.has(prefix)) return
    this.#setUsed.run(nowMs, prefix)
    this.#used.add(prefix)
  }

  /** Refuses a key from now on; the first time stands. */
  revoke(prefix: string, nowMs: number): void {
    const key = this.#keys.get(prefix)
    if (key === undefined || key.revokedMs !== null) return
    this.#setRevoked.run(nowMs, prefix)
    this.#keys.set(prefix, { ...key, revokedMs: nowMs })
  }

  /** Refuses every key from now on that was to connect the till of a place. */
  revokeHandshake(place: PlaceId, nowMs: number): void {
    for (const key of [...this.#keys.values()]) {
      if (key.place === place && key.kind === 'handshake') this.revoke(key.prefix, nowMs)
    }
  }

  /** The keys of a place, revoked ones included. */
  ofPlace(place: PlaceId): readonly V1Key[] {
    return [...this.#keys.values()].filter((key) => key.place === place)
  }

  #isRight(text: string, key: V1Key, nowMs: number): boolean {
    const isSlow = !key.hash.startsWith('sha512$$')
    if (isSlow && !this.#mayGuess(key.prefix, nowMs)) return false
    if (!verifyKeyText(text, key.hash)) return false
    if (isSlow) {
      const hash = hashKeyText(text)
      this.#setHash.run(hash, key.prefix)
      this.#keys.set(key.prefix, { ...key, hash })
    }
    if (this.#checked.size >= CHECKED_MAX) this.#checked.clear()
    this.#checked.set(text, key.prefix)
    return true
  }

  #mayGuess(prefix: string, nowMs: number): boolean {
    const before = this.#slowGuesses.get(prefix)
    const isOver = before === undefined || nowMs - before.sinceMs >= SLOW_GUESSES_MS
    const guesses = isOver ? { count: 0, sinceMs: nowMs } : before
    guesses.count += 1
    this.#slowGuesses.set(prefix, guesses)
    return guesses.count <= SLOW_GUESSES_MAX
  }
}

type Row = NonNullable<ReturnType<StatementSync['get']>>

function fromRow(row: Row): V1Key {
  const id = (name: string) => {
    const bytes = row[name] as Uint8Array | null
    return bytes === null ? null : fromUuidBytes(bytes)
  }
  return {
    prefix: String(row['prefix']),
    hash: String(row['hash']),
    kind: row['kind'] as V1KeyKind,
    name: String(row['name']),
    place: id('place') as PlaceId | null,
    person: id('person') as WalletId | null,
    createdMs: Number(row['created_ms']),
    expiresMs: row['expires_ms'] as number | null,
    revokedMs: row['revoked_ms'] as number | null,
  }
}
