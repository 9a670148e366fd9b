import { type AssetId, GENESIS_LINES, type Line, type LineId, type WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { importEnd, lastImportedOf } from './imported-past.ts'
import { isV1Kind, toV1Action } from './labels.ts'
import { Recent } from './recent.ts'

/** Lines in one generation of what was read lately. */
const LINES_KEPT = 8_000
/** The ends of chains are short: the line before a new one was new a moment ago. */
const ENDS_KEPT = 1_000

/** One wallet's balance in one asset. */
export interface AccountName {
  readonly wallet: WalletId
  readonly asset: AssetId
}

/** Lines of the book, as they follow each other in accounts and in chains. Lines never change, so they are kept. */
export class Lines {
  /** Number of the last line of an import; 0 in a book that began by itself. */
  readonly importEnd: number
  readonly #book: BookReader
  /** The last imported lines of chains. No more are ever imported. */
  readonly #imported = new Map<AssetId, Line | undefined>()
  readonly #byNumber = new Recent<number, Line>(LINES_KEPT)
  readonly #previousIds = new Recent<number, LineId>(LINES_KEPT)
  readonly #bySeq = new Recent<string, Line>(ENDS_KEPT)

  constructor(book: BookReader) {
    this.#book = book
    this.importEnd = importEnd(book)
  }

  byNumber(number: number): Line | undefined {
    if (number === 0) return undefined
    const known = this.#byNumber.get(number)
    if (known !== undefined) return known
    const line = this.#book.line(number)
    if (line !== undefined) this.keep(line)
    return line
  }

  /** A line that somebody has read: it is about to be asked for. */
  keep(line: Line): void {
    this.#byNumber.set(line.number, line)
    this.#bySeq.set(seqOf(line), line)
  }

  /** The line before on the account of a wallet that sends or receives in it. */
  before(line: Line, wallet: WalletId): Line | undefined {
    const isPayer = line.action === 'OPN' && line.from === wallet && line.to !== wallet
    return isPayer ? this.#beforeOpenings(line, wallet) : this.#lineBefore(line, wallet)
  }

  /** All openings of federated money are of one wallet: it is as far to what came before them as it has people. */
  #beforeOpenings({ asset }: Line, wallet: WalletId): Line | undefined {
    let line = this.#lastImported(asset)
    while (line !== undefined && line.from !== wallet && line.to !== wallet) {
      line = this.#previous(line)
    }
    return line
  }

  #lastImported(asset: AssetId): Line | undefined {
    if (!this.#imported.has(asset)) this.#imported.set(asset, lastImportedOf(this.#book, asset))
    return this.#imported.get(asset)
  }

  #lineBefore(line: Line, wallet: WalletId): Line | undefined {
    return this.byNumber(line.from === wallet ? line.previousFrom : line.previousTo)
  }

  /** The last line of an account, as the book stands. */
  lastOf({ wallet, asset }: AccountName): Line | undefined {
    return this.byNumber(this.#book.state.get('account', `${wallet}/${asset}`)?.last ?? 0)
  }

  /**
   * The id of the line before in the chain of the asset, as far as v1 sees it; of the first one, its own. An imported
   * line has the one that it was chained to there.
   */
  previousId(line: Line): LineId {
    if (line.imported !== undefined) return line.imported.previous
    const known = this.#previousIds.get(line.number)
    if (known !== undefined) return known
    let found = this.#previous(line)
    while (found !== undefined && !isShown(this.#book, found)) {
      found = found.action === 'OPN' ? this.#lastImported(line.asset) : this.#previous(found)
    }
    const id = found?.id ?? line.id
    this.#previousIds.set(line.number, id)
    return id
  }

  #previous({ asset, seq }: Line): Line | undefined {
    if (seq === 1) return undefined
    const known = this.#bySeq.get(seqOf({ asset, seq: seq - 1 }))
    if (known !== undefined) return known
    const [line] = this.#book.linesOfAsset(asset, { before: seq, limit: 1 })
    if (line !== undefined) this.keep(line)
    return line
  }
}

function seqOf({ asset, seq }: Pick<Line, 'asset' | 'seq'>): string {
  return `${asset}${seq}`
}

/**
 * Lines of assets that v1 does not know, and those about money reserved or opened, votes and dividends, do not exist for
 * it. Nor does the first line that the genesis of an import wrote: the one that v1 wrote was imported.
 */
export function isShown({ state }: Pick<BookReader, 'state'>, line: Line): boolean {
  if (toV1Action(line.action) === undefined) return false
  if (!isV1Kind(state.get('asset', line.asset)?.kind)) return false
  return line.number > GENESIS_LINES || importEnd({ state }) === 0
}
