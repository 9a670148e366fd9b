import type { RecordKind, RecordOf } from '../records.ts'
import type { DueKind } from './due.ts'

/** What rules may read. Synchronous, so that no rule can wait on the world. */
export interface StateReader {
  /** The record of this kind and id, or `undefined`. Never changed in place: records are values. */
  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined
  /** Records of a kind whose time is at or before `untilMs`, in the order (time, id), at most `max` of them. */
  due(kind: DueKind, untilMs: number, max: number): readonly string[]
}

/** What `apply` alone may write. */
export interface State extends StateReader {
  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void
  remove(kind: RecordKind, id: string): void
}
