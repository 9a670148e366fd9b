/**
 * API keys: `fedow_<id>_<secret>`, shown once. What a key may do is checked by the gateway; this file tells which key
 * it is and counts what it spends.
 *
 * @module
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Amount,
  type Capability,
  countUse,
  decode,
  encode,
  fromBase64url,
  fromUuidBytes,
  type Limits,
  limits as limitsShape,
  type PlaceId,
  type Spent,
  spent as spentShape,
  toBase64url,
  toUuidBytes,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'

export type ApiCapability = Capability | 'read'
export type ApiLimits = Omit<Limits, 'untilMs'>

export interface NewApiKey {
  readonly name: string
  /** `null` for all places: made by an operator only. */
  readonly place: PlaceId | null
  readonly can: readonly ApiCapability[]
  readonly limits?: ApiLimits
  /** From then on the key is refused. */
  readonly expiresMs?: number
}

export interface ApiKey extends NewApiKey {
  readonly id: string
  readonly createdMs: number
  /** To within ten minutes after a crash. */
  readonly lastUsedMs?: number
  readonly revokedMs?: number
}

/** Undoes a counted use, for a sale that the ledger then refused. */
export type GiveBack = () => void

const KEY_TEXT = /^fedow_([0-9a-z]{10})_([A-Za-z0-9_-]{43})$/
/** 32 signs, so that a byte chooses evenly; without i, l, o and u, that are misread. */
const ID_SIGNS = '0123456789abcdefghjkmnpqrstvwxyz'
/** How old the stored time of the last use may grow. */
const LAST_USED_LAG_MS = 600_000
/** How long counted uses may wait to be written: a crash forgets no more than these. */
const SPENT_LAG_MS = 1_000

interface Known {
  key: ApiKey
  readonly secretHash: Uint8Array
  spent: Spent | undefined
  /** When the row was last written, and whether it differs from what is here. */
  savedMs: number
  isChanged: boolean
}

/** All keys stay in memory: they are made by hand, so there are few, and an unknown one costs no reading. */
export class ApiKeys implements Disposable {
  readonly #db: DatabaseSync
  readonly #save: StatementSync
  readonly #keys = new Map<string, Known>()

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#save = db.prepare(
      'UPDATE api_key SET spent = ?, last_used_ms = ?, revoked_ms = ? WHERE id = ?',
    )
    for (const row of db.prepare('SELECT * FROM api_key ORDER BY created_ms, id').all()) {
      const known = fromRow(row)
      this.#keys.set(known.key.id, known)
    }
  }

  /** Makes a key. Its text is nowhere else: the caller shows it once. */
  create(order: NewApiKey, nowMs: number): { readonly id: string; readonly key: string } {
    const id = Array.from(randomBytes(10), (byte) => ID_SIGNS[byte % 32]).join('')
    const secret = randomBytes(32)
    // A plain hash is right: no dictionary holds 256 random bits, and a slow one would slow every request.
    const secretHash = sha256(secret)
    const key = { ...order, id, createdMs: nowMs }
    this.#insert(key, secretHash)
    this.#keys.set(id, { key, secretHash, spent: undefined, savedMs: nowMs, isChanged: false })
    return { id, key: `fedow_${id}_${toBase64url(secret)}` }
  }

  #insert(key: ApiKey, secretHash: Uint8Array): void {
    this.#db
      .prepare(
        `INSERT INTO api_key (id, name, place, secret_hash, can, limits, expires_ms, created_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        key.id,
        key.name,
        key.place === null ? null : toUuidBytes(key.place),
        secretHash,
        encode(key.can),
        key.limits === undefined ? null : encode(key.limits),
        toInteger(key.expiresMs),
        BigInt(key.createdMs),
      )
  }

  /** The key of a text, or `undefined` when it is unknown, revoked or expired. Costs one SHA-256. */
  verify(keyText: string, nowMs: number): ApiKey | undefined {
    const [, id = '', secretText = ''] = KEY_TEXT.exec(keyText) ?? []
    const known = this.#keys.get(id)
    const secret = fromBase64url(secretText)
    if (known === undefined || secret === undefined) return undefined
    if (!timingSafeEqual(sha256(secret), known.secretHash)) return undefined
    const { expiresMs, revokedMs } = known.key
    if (revokedMs !== undefined || (expiresMs !== undefined && nowMs >= expiresMs)) return undefined
    known.key = { ...known.key, lastUsedMs: nowMs }
    known.isChanged = true
    if (nowMs - known.savedMs >= LAST_USED_LAG_MS) this.#write(known, nowMs)
    return known.key
  }

  /**
   * Counts a use against the limits of a key, before the tx is submitted; the answer undoes it.
   *
   * Units: minor units. Throws `Refusal` with limit_exceeded, and counts nothing then.
   */
  count(id: string, use: { readonly amount: bigint; readonly timeMs: number }): GiveBack {
    const known = this.#keys.get(id)
    if (known?.key.limits === undefined) return () => {}
    const spent = countUse(known.key.limits, known.spent, use)
    if (spent === undefined) return () => {}
    this.#spend(known, spent, use.timeMs)
    let isGivenBack = false
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      this.#spend(known, without(known.spent, spent, use.amount), use.timeMs)
    }
  }

  #spend(known: Known, spent: Spent | undefined, nowMs: number): void {
    known.spent = spent
    known.isChanged = true
    if (nowMs - known.savedMs >= SPENT_LAG_MS) this.#write(known, nowMs)
  }

  /** All keys, the oldest first, revoked ones included. */
  list(): readonly ApiKey[] {
    return [...this.#keys.values()].map(({ key }) => key)
  }

  /** Refuses a key from now on; the first time stands. Answers `undefined` for an unknown one. */
  revoke(id: string, nowMs: number): ApiKey | undefined {
    const known = this.#keys.get(id)
    if (known === undefined) return undefined
    known.key = { ...known.key, revokedMs: known.key.revokedMs ?? nowMs }
    this.#write(known, nowMs)
    return known.key
  }

  #write(known: Known, nowMs: number): void {
    const { id, lastUsedMs, revokedMs } = known.key
    const spent = known.spent === undefined ? null : encode(known.spent)
    this.#save.run(spent, toInteger(lastUsedMs), toInteger(revokedMs), id)
    known.savedMs = nowMs
    known.isChanged = false
  }

  /** Writes what is not written yet. The database stays open: it belongs to the caller. */
  [Symbol.dispose](): void {
    for (const known of this.#keys.values()) {
      if (known.isChanged) this.#write(known, known.savedMs)
    }
  }
}

/** The counters now, less one use that was counted in the windows of `counted`. */
function without(now: Spent | undefined, counted: Spent, amount: bigint): Spent {
  const back = (window: 'hour' | 'day') => {
    const counter = now?.[window]
    if (counter === undefined) return {}
    const isSame = counter.window === counted[window]?.window
    const used = isSame ? ((counter.used - amount) as Amount) : counter.used
    return { [window]: { ...counter, used } }
  }
  return { ...back('hour'), ...back('day') }
}

function toInteger(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

type Row = NonNullable<ReturnType<StatementSync['get']>>

function fromRow(row: Row): Known {
  const { place, limits, spent } = row
  const optional = (name: 'expiresMs' | 'lastUsedMs' | 'revokedMs', value: unknown) =>
    value === null ? {} : { [name]: Number(value) }
  const lastUsed = optional('lastUsedMs', row.last_used_ms)
  return {
    key: {
      id: String(row.id),
      name: String(row.name),
      place: place === null ? null : (fromUuidBytes(place as Uint8Array) as PlaceId),
      can: decode(String(row.can)) as ApiCapability[],
      ...(limits === null ? {} : { limits: limitsShape(decode(String(limits)), 'limits') }),
      ...optional('expiresMs', row.expires_ms),
      createdMs: Number(row.created_ms),
      ...lastUsed,
      ...optional('revokedMs', row.revoked_ms),
    },
    secretHash: row.secret_hash as Uint8Array,
    spent: spent === null ? undefined : spentShape(decode(String(spent)), 'spent'),
    savedMs: lastUsed.lastUsedMs ?? 0,
    isChanged: false,
  }
}
