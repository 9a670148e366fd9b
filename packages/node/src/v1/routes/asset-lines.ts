import type { AssetId, Line } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'

/** Lines read in one go. */
const STEP = 100

/** Lines of an asset up to a time, newest first. */
export function* assetLinesUntil(
  book: BookReader,
  asset: AssetId,
  untilUs: number,
): Generator<Line> {
  let before = seqAfter(book, asset, untilUs)
  while (before > 1) {
    const lines = book.linesOfAsset(asset, { before, limit: STEP })
    yield* lines
    before = lines.at(-1)?.seq ?? 1
  }
}

/** The lowest number in the chain of an asset whose line is later than a time: times grow along the chain. */
function seqAfter(book: BookReader, asset: AssetId, untilUs: number): number {
  let low = 1
  let high = (book.state.get('head', asset)?.seq ?? 0) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [line] = book.linesOfAsset(asset, { before: middle + 1, limit: 1 })
    if (line !== undefined && line.timeUs <= untilUs) low = middle + 1
    else high = middle
  }
  return low
}
