import type { RecordKind, RecordOf } from '../records.ts'
import type { DueKind } from './due.ts'

/** What rules may read. Synchronous, so that no rule can wait on the world. */
export interface StateReader {
  /** The record of this kind and id, or `undefined`. Never changed in place: records are values. */
  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined
}

/** An account of which something melts, by the id of its record, and the day on which it is due. */
export interface MeltDue {
  readonly account: string
  readonly day: number
}

/** What `apply` alone may write, and what the opening of a block asks. */
export interface State extends StateReader {
  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void
  remove(kind: RecordKind, id: string): void
  /** Records of a kind whose time is at or before `untilMs`, in the order (time, id), at most `max` of them. */
  due(kind: DueKind, untilMs: number, max: number): readonly string[]
  /**
   * Accounts whose next melt is due at or before the beginning of a day, in the order (day, id), at most `max` of them.
   * Once it has answered none for a day, nothing falls due at or before that day any more.
   */
  meltsDue(untilDay: number, max: number): readonly MeltDue[]
}
