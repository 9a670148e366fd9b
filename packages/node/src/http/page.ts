import { PAGE_USUAL } from '@fedow/api'
import type { RecordKind, RecordOf } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

/** A page and, when there are more rows, where the next one begins. */
export interface Paged<T, N> {
  readonly rows: readonly T[]
  readonly next: { readonly next?: N }
}

/** Reads one row more than asked for, to know whether there is another page. */
export function readPage<T, N>(
  { limit = PAGE_USUAL }: { readonly limit?: number },
  read: (limit: number) => readonly T[],
  cursorOf: (row: T) => N,
): Paged<T, N> {
  const found = read(limit + 1)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: found.length > limit && last !== undefined ? { next: cursorOf(last) } : {} }
}

/** A page of records in the order of their ids. */
export function readRecords<K extends RecordKind, N extends string>(
  book: BookReader,
  kind: K,
  query: { readonly after?: string; readonly limit?: number },
): Paged<{ readonly id: N; readonly record: RecordOf<K> }, N> {
  const read = (limit: number) =>
    book
      .records(kind, { after: query.after, limit })
      .map(({ id, record }) => ({ id: id as N, record }))
  return readPage(query, read, ({ id }) => id)
}
