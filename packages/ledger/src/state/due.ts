/** What happens by itself: kinds of records to which something happens at a time, at the opening of a block. */
import type { RecordKind, RecordOf } from '../records.ts'
import type { MeltDue } from './reader.ts'

/** When it happens, in milliseconds; `undefined`: never again. Source: docs/spec/blocks.md. */
export const DUE_MS = {
  hold: ({ expiresMs }: RecordOf<'hold'>) => expiresMs,
  ballot: ({ dueMs }: RecordOf<'ballot'>) => dueMs,
  pool: ({ dueMs }: RecordOf<'pool'>) => dueMs,
} as const satisfies { readonly [K in RecordKind]?: (record: RecordOf<K>) => number | undefined }

export type DueKind = keyof typeof DUE_MS
export const DUE_KINDS = Object.keys(DUE_MS) as readonly DueKind[]

/** True for kinds that have a time. */
export function isDueKind(kind: RecordKind): kind is DueKind {
  return Object.hasOwn(DUE_MS, kind)
}

/** The time of a record of such a kind; `undefined` when nothing will happen to it. */
export function dueMsOf(kind: DueKind, record: object): number | undefined {
  return DUE_MS[kind](record as never)
}

/** Something with its time. */
export interface Dated {
  readonly id: string
  readonly dueMs: number
}

/** Sorts by (time, id) and keeps the ids: the order in which what is due is executed. */
export function inDueOrder(dated: readonly Dated[]): string[] {
  return dated.toSorted((a, b) => a.dueMs - b.dueMs || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
}

/** The order in which melts are executed: by day, then account. */
export function inMeltOrder(due: readonly MeltDue[]): MeltDue[] {
  return due.toSorted((a, b) => a.day - b.day || (a.account < b.account ? -1 : 1))
}
