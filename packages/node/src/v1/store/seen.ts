import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type TxId, toUtf8, toUuidBytes } from '@fedow/ledger'
import { sha256 } from '../../store/hash.ts'

/** A signature is known for this long at least, and for twice as long at most. */
const PERIOD_MS = 27 * 3_600_000
/** Old rows that are forgotten at a time: deleting a period at once would hold up the tills. */
const PRUNED_EACH = 500

/**
 * Signatures of requests that change nothing. They cover neither the path nor, at a till, the time: each is bound to
 * the path where it was first used.
 */
export class V1Seen {
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #prune: StatementSync

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT route FROM seen WHERE period IN (?, ?) AND digest = ?')
    this.#add = db.prepare('INSERT INTO seen (period, digest, route) VALUES (?, ?, ?)')
    this.#prune = db.prepare(
      `DELETE FROM seen WHERE (period, digest) IN
         (SELECT period, digest FROM seen WHERE period < ? LIMIT ${PRUNED_EACH})`,
    )
  }

  /** False when a signature, named by the id that follows from it, was seen on another route. */
  admit(id: TxId, route: string, timeMs: number): boolean {
    const digest = toUuidBytes(id)
    const wanted = sha256(toUtf8(route)).subarray(0, 8)
    const period = Math.floor(timeMs / PERIOD_MS)
    const known = this.#routeOf(digest, period)
    if (known !== undefined) return wanted.every((byte, at) => byte === known[at])
    this.#add.run(period, digest, wanted)
    return true
  }

  /** Forgets some of what is too old to be known. */
  prune(timeMs: number): void {
    this.#prune.run(Math.floor(timeMs / PERIOD_MS) - 1)
  }

  #routeOf(digest: Uint8Array, period: number): Uint8Array | undefined {
    return this.#find.get(period, period - 1, digest)?.['route'] as Uint8Array | undefined
  }
}
