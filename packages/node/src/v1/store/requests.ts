import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type TxId, toUuidBytes } from '@fedow/ledger'
import { inSqlTransaction } from '../../store/database.ts'
import type { FoldThread } from '../../store/fold-thread.ts'
import type { Json } from '../codec/json.ts'

/** A request that a signature was for. */
export interface V1Request {
  /** Of its tx. */
  readonly id: TxId
  /** Method, path, and who signed. */
  readonly route: string
  /** As received. */
  readonly body: string
  /** The same as it was read: spares reading it again. Not in the file. */
  readonly read?: Json
  readonly timeMs: number
  /** Of the answer to a request that made no tx, such as a refusal; null: the book knows what became of it. */
  readonly status: number | null
  /** The answer with that status; empty: it had no body. */
  readonly text: string | null
}

/** Characters of bodies that are kept in memory: an answer is made right after its request was written. */
const RECENT_MAX = 4_000_000

/** Rows that were there already, when others of the same id were to be written. */
type Earlier = ReadonlyMap<TxId, V1Request>

const NONE: Earlier = new Map()

/** Rows of one turn of the event loop are written together. */
export class V1Requests implements Disposable {
  readonly #db: DatabaseSync
  readonly #folding: Pick<FoldThread, 'committed'>
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #answer: StatementSync
  readonly #waiting = new Map<TxId, V1Request>()
  /** Rows that were written last. */
  readonly #recent = new Map<TxId, V1Request>()
  #recentLength = 0
  #written: Promise<Earlier> | undefined
  #write: (() => void) | undefined

  constructor(db: DatabaseSync, folding: Pick<FoldThread, 'committed'>) {
    this.#db = db
    this.#folding = folding
    this.#add = db.prepare(
      'INSERT OR IGNORE INTO request (id, route, body, time_ms, status, answer) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#find = db.prepare(
      'SELECT id, route, body, time_ms, status, answer FROM request WHERE id = ?',
    )
    this.#answer = db.prepare('UPDATE request SET status = ?, answer = ? WHERE id = ?')
  }

  /**
   * Answers when the row is written: undefined, or the row of this id that was there before, which stands. Nobody has
   * to look first.
   */
  async add(request: V1Request): Promise<V1Request | undefined> {
    const { id } = request
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) this.#waiting.set(id, request)
    this.#written ??= this.#writeSoon()
    const earlier = await this.#written
    return waiting ?? earlier.get(id)
  }

  find(id: TxId): V1Request | undefined {
    const recent = this.#waiting.get(id) ?? this.#recent.get(id)
    return recent ?? toRequest(this.#find.get(toUuidBytes(id)))
  }

  /** Keeps what a request that is there was answered without a tx. */
  answer(id: TxId, status: number, text: string): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) {
      this.#recent.delete(id)
      this.#answer.run(status, text, toUuidBytes(id))
    } else this.#waiting.set(id, { ...waiting, status, text })
  }

  /** Writes what is not written yet. */
  [Symbol.dispose](): void {
    this.#write?.()
  }

  #writeSoon(): Promise<Earlier> {
    const { promise, resolve, reject } = Promise.withResolvers<Earlier>()
    const write = () => {
      if (this.#write !== write) return
      this.#write = undefined
      this.#written = undefined
      try {
        resolve(this.#flush())
      } catch (cause) {
        reject(cause)
      }
    }
    this.#write = write
    setImmediate(write)
    return promise
  }

  #flush(): Earlier {
    const rows = [...this.#waiting.values()]
    this.#waiting.clear()
    const added = inSqlTransaction(this.#db, () =>
      rows.filter(({ id, route, body, timeMs, status, text }) => {
        // The first row of an id stands.
        return this.#add.run(toUuidBytes(id), route, body, timeMs, status, text).changes > 0
      }),
    )
    this.#folding.committed()
    for (const row of added) this.#keep(row)
    return added.length === rows.length ? NONE : this.#earlier(rows, added)
  }

  #earlier(rows: readonly V1Request[], added: readonly V1Request[]): Earlier {
    const others = rows.filter((row) => !added.includes(row))
    return new Map(others.flatMap(({ id }) => this.find(id) ?? []).map((row) => [row.id, row]))
  }

  #keep(row: V1Request): void {
    if (row.body.length > RECENT_MAX / 10) return
    this.#recent.set(row.id, row)
    this.#recentLength += row.body.length
    if (this.#recentLength <= RECENT_MAX) return
    this.#recent.clear()
    this.#recentLength = 0
  }
}

function toRequest(row: ReturnType<StatementSync['get']>): V1Request | undefined {
  if (row === undefined) return undefined
  const { id, route, body, time_ms, status, answer } = row
  return {
    id: fromUuidBytes(id as Uint8Array) as TxId,
    route: String(route),
    body: String(body),
    timeMs: Number(time_ms),
    status: status as number | null,
    text: answer as string | null,
  }
}
