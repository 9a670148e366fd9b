import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type TxId, toUtf8, toUuidBytes } from '@fedow/ledger'
import { inSqlTransaction } from '../../store/database.ts'
import type { FoldThread } from '../../store/fold-thread.ts'
import { sha256 } from '../../store/hash.ts'

/** A signature is known for this long at least, and for twice as long at most. */
const PERIOD_MS = 27 * 3_600_000
/** Old rows that each writing takes along: deleting a period at once would hold up the tills. */
const PRUNED_EACH = 500

interface Seen {
  readonly period: number
  readonly digest: Uint8Array
  readonly route: Uint8Array
}

/**
 * Signatures of requests that change nothing. They cover neither the path nor, at a till, the time: each is bound to
 * the path where it was first used.
 */
export class V1Seen implements Disposable {
  readonly #db: DatabaseSync
  readonly #folding: Pick<FoldThread, 'committed'>
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #prune: StatementSync
  readonly #waiting = new Map<TxId, Seen>()
  #isWaiting = false

  constructor(db: DatabaseSync, folding: Pick<FoldThread, 'committed'>) {
    this.#db = db
    this.#folding = folding
    this.#find = db.prepare('SELECT route FROM seen WHERE period IN (?, ?) AND digest = ?')
    this.#add = db.prepare('INSERT OR IGNORE INTO seen (period, digest, route) VALUES (?, ?, ?)')
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
    const known = this.#waiting.get(id)?.route ?? this.#routeOf(digest, period)
    if (known !== undefined) return wanted.every((byte, at) => byte === known[at])
    this.#waiting.set(id, { period, digest, route: wanted })
    this.#writeSoon()
    return true
  }

  #routeOf(digest: Uint8Array, period: number): Uint8Array | undefined {
    return this.#find.get(period, period - 1, digest)?.['route'] as Uint8Array | undefined
  }

  /** Writes what is not written yet. */
  [Symbol.dispose](): void {
    this.#flush()
  }

  #writeSoon(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    setImmediate(() => {
      this.#isWaiting = false
      this.#flush()
    })
  }

  #flush(): void {
    const rows = [...this.#waiting.values()]
    if (rows.length === 0) return
    this.#waiting.clear()
    inSqlTransaction(this.#db, () => {
      for (const { period, digest, route } of rows) this.#add.run(period, digest, route)
      this.#prune.run((rows[0]?.period ?? 0) - 1)
    })
    this.#folding.committed()
  }
}
