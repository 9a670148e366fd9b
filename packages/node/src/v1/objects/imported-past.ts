/**
 * Where the past of another book ends in this one, when it was imported:
 *
 *   genesis | imported lines, by (time, id) | openings | what happened here
 *
 * The same order stands in the chain of each asset. Clients of v1 see the imported lines and what happened here.
 */
import { type AssetId, GENESIS_LINES, type Line, ONLY } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'

type Reading = Pick<BookReader, 'state' | 'line' | 'linesOfAsset'>

/** Number of the last line of the import; 0 in a book that began by itself. */
export function importEnd({ state }: Pick<BookReader, 'state'>): number {
  return state.get('import', ONLY)?.line ?? 0
}

/** Number of the last imported line of the book; 0 when there is none. */
export function lastImported(book: Reading): number {
  const number = lastWhere(importEnd(book), (one) => isPast(book.line(one)))
  return book.line(number)?.imported === undefined ? 0 : number
}

/** The last imported line in the chain of an asset. */
export function lastImportedOf(book: Reading, asset: AssetId): Line | undefined {
  if (importEnd(book) === 0) return undefined
  const lineAt = (seq: number) => book.linesOfAsset(asset, { before: seq + 1, limit: 1 })[0]
  const seq = lastWhere(book.state.get('head', asset)?.seq ?? 0, (one) => isPast(lineAt(one)))
  const line = seq === 0 ? undefined : lineAt(seq)
  return line?.imported === undefined ? undefined : line
}

function isPast(line: Line | undefined): boolean {
  return line !== undefined && (line.imported !== undefined || line.number <= GENESIS_LINES)
}

/** The last of the numbers from 1 to `count` of which it is true, as it is of all before; 0 for none. */
function lastWhere(count: number, isTrue: (number: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (isTrue(middle)) low = middle
    else high = middle - 1
  }
  return low
}
