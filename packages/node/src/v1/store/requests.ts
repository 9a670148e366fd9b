import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type TxId, toUuidBytes } from '@fedow/ledger'
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

/** What is written of a request before anything comes of it. */
export type NewV1Request = Pick<V1Request, 'id' | 'route' | 'body' | 'timeMs'>

/** An answer that no line of the book tells. */
export type V1KeptAnswer = Pick<V1Request, 'id'> & {
  readonly status: number
  readonly text: string
}

/** Empty once it is removed, as what `Turns` holds. */
interface Held {
  request: V1Request | undefined
}

export class V1Requests {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #answer: StatementSync
  readonly #held = new Map<TxId, Held>()

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      'INSERT OR IGNORE INTO request (id, route, body, time_ms) VALUES (?, ?, ?, ?)',
    )
    this.#find = db.prepare(
      'SELECT id, route, body, time_ms, status, answer FROM request WHERE id = ?',
    )
    this.#answer = db.prepare('UPDATE request SET status = ?, answer = ? WHERE id = ?')
  }

  /** Writes a row. Answers the one of this id that was there before, which stands: nobody has to look first. */
  add({ id, route, body, timeMs }: NewV1Request): V1Request | undefined {
    const { changes } = this.#add.run(toUuidBytes(id), route, body, timeMs)
    return changes > 0 ? undefined : this.find(id)
  }

  find(id: TxId): V1Request | undefined {
    return this.#held.get(id)?.request ?? toRequest(this.#find.get(toUuidBytes(id)))
  }

  /** Keeps what a request that is there was answered without a tx. */
  answer({ id, status, text }: V1KeptAnswer): void {
    this.#answer.run(status, text, toUuidBytes(id))
  }

  /** True while a request is being answered. */
  isHeld(id: TxId): boolean {
    return this.#held.has(id)
  }

  /** Keeps a row that is written at hand until its answer is made, which shows what it said. */
  hold(request: V1Request): Disposable {
    const held: Held = { request }
    this.#held.set(request.id, held)
    const release = () => {
      this.#held.delete(request.id)
      held.request = undefined
    }
    return { [Symbol.dispose]: release }
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
