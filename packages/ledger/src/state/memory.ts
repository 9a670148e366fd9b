import type { RecordKind, RecordOf } from '../records.ts'
import { fromRecordKey, toRecordKey } from '../records.ts'
import { inDueOrder } from './draft.ts'
import type { State } from './reader.ts'

/** The whole state in one map: the reference that every other State must equal. */
export class MemoryState implements State {
  readonly #records = new Map<string, object>()

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    return this.#records.get(toRecordKey(kind, id)) as RecordOf<K> | undefined
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#records.set(toRecordKey(kind, id), record)
  }

  remove(kind: RecordKind, id: string): void {
    this.#records.delete(toRecordKey(kind, id))
  }

  holdsDue(untilMs: number, max: number): readonly string[] {
    const due = [...this.entries('hold')].flatMap(({ id, record }) =>
      record.expiresMs <= untilMs ? [{ id, expiresMs: record.expiresMs }] : [],
    )
    return inDueOrder(due).slice(0, max)
  }

  /** All records of one kind, in no particular order. */
  *entries<K extends RecordKind>(kind: K): Generator<{ id: string; record: RecordOf<K> }> {
    for (const [recordKey, record] of this.#records) {
      if (!recordKey.startsWith(`${kind}/`)) continue
      yield { id: fromRecordKey(recordKey).id, record: record as RecordOf<K> }
    }
  }

  /** Every record with its key. */
  all(): ReadonlyMap<string, object> {
    return this.#records
  }
}
