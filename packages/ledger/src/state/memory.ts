import { type RecordKind, type RecordOf, toRecordKey } from '../records.ts'
import { type DueKind, dueMsOf, inDueOrder } from './due.ts'
import { MeltCalendar } from './melt-calendar.ts'
import type { MeltDue, State } from './reader.ts'
import { RecordMap } from './record-map.ts'

/** The whole state in memory: the reference that every other State must equal. */
export class MemoryState implements State {
  readonly #records = new RecordMap<object>()
  readonly #melts = new MeltCalendar()

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    return this.#records.get(kind, id) as RecordOf<K> | undefined
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#records.set(kind, id, record)
    if (kind === 'account') this.#melts.note(id)
    // Another policy may make money of any wallet melt.
    if (kind === 'asset') for (const account of this.#accountsOf(id)) this.#melts.note(account)
  }

  remove(kind: RecordKind, id: string): void {
    this.#records.delete(kind, id)
  }

  *#accountsOf(asset: string): Generator<string> {
    for (const account of this.#records.of('account').keys()) {
      if (account.endsWith(asset)) yield account
    }
  }

  due(kind: DueKind, untilMs: number, max: number): readonly string[] {
    const dated = [...this.entries(kind)].flatMap(({ id, record }) => {
      const dueMs = dueMsOf(kind, record)
      return dueMs !== undefined && dueMs <= untilMs ? [{ id, dueMs }] : []
    })
    return inDueOrder(dated).slice(0, max)
  }

  meltsDue(untilDay: number, max: number): readonly MeltDue[] {
    return this.#melts.due(this, untilDay, max)
  }

  /** How many records there are. */
  get size(): number {
    return this.#records.size
  }

  /** All records of one kind, in no particular order. */
  *entries<K extends RecordKind>(kind: K): Generator<{ id: string; record: RecordOf<K> }> {
    for (const [id, record] of this.#records.of(kind)) yield { id, record: record as RecordOf<K> }
  }

  /** Every record by its key. */
  all(): ReadonlyMap<string, object> {
    const all = new Map<string, object>()
    for (const { kind, id, value } of this.#records.entries()) all.set(toRecordKey(kind, id), value)
    return all
  }
}
