import type { AssetId, Line } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { importEnd, lastImportedOf } from '../objects/imported-past.ts'

/** Lines read in one go. */
const STEP = 100

/** Lines of an asset up to a time, newest first. */
export function* assetLinesUntil(
  book: BookReader,
  asset: AssetId,
  untilUs: number,
): Generator<Line> {
  const pastSeq = lastImportedOf(book, asset)?.seq ?? 0
  const opened = importEnd(book)
  let before = seqAfter(book, asset, { untilUs, pastSeq })
  while (before > 1) {
    const lines = book.linesOfAsset(asset, { before, limit: STEP })
    yield* lines
    const last = lines.at(-1)
    before = last?.seq ?? 1
    // Nobody asks for openings, and there may be one for each card.
    const isOpening = last !== undefined && last.number <= opened && before > pastSeq
    if (isOpening) before = pastSeq + 1
  }
}

/**
 * The lowest number in the chain of an asset whose line is later than a time: times grow along the chain. They do so
 * among imported lines as well, but what came after these need not be later.
 */
function seqAfter(
  book: BookReader,
  asset: AssetId,
  { untilUs, pastSeq }: { readonly untilUs: number; readonly pastSeq: number },
): number {
  const isLater = (seq: number) => {
    const [line] = book.linesOfAsset(asset, { before: seq + 1, limit: 1 })
    return line === undefined || line.timeUs > untilUs
  }
  const end = (book.state.get('head', asset)?.seq ?? 0) + 1
  const found = lowestWhere({ from: pastSeq + 1, to: end }, isLater)
  return found > pastSeq + 1 ? found : lowestWhere({ from: 1, to: pastSeq + 1 }, isLater)
}

/** The lowest number of which it is true, as it is of all after it; `to` when of none before. */
function lowestWhere(
  { from, to }: { readonly from: number; readonly to: number },
  isTrue: (number: number) => boolean,
): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isTrue(middle)) high = middle
    else low = middle + 1
  }
  return low
}
