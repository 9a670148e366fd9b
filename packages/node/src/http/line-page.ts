/** Pages of lines. Their cursors are texts that only the page before can have given. */
import { type LinePage, PAGE_USUAL, type Static } from '@fedow/api'
import type { AssetId, Line, WalletId } from '@fedow/ledger'
import { type BookReader, CursorError, type WalletLines } from '../store/book-reader.ts'
import { readPage } from './page.ts'
import { RequestError } from './problem-error.ts'
import { lineView } from './views.ts'
import { whyOf } from './why.ts'

/** Most lines that one request looks through for those of an asset. */
const LOOKED_THROUGH_MAX = 2_000

export interface LineQuery {
  readonly cursor?: string
  readonly limit?: number
}

export function linePage(book: BookReader, { lines, next }: WalletLines): Static<typeof LinePage> {
  const why = whyOf(book)
  const views = lines.map((line) => lineView(book, line, why(line)))
  return { lines: views, ...(next !== undefined && { next }) }
}

/** Lines of a wallet, or those of them in one asset. */
export function linesOfWallet(
  book: BookReader,
  wallet: WalletId,
  query: LineQuery & { readonly asset?: AssetId },
): WalletLines {
  const { asset, limit = PAGE_USUAL } = query
  const lines: Line[] = []
  let { cursor } = query
  for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += limit) {
    // Never more than still fit, so that no line is passed over between two pages.
    const page = pageOfWallet(book, wallet, { cursor, limit: limit - lines.length })
    lines.push(...page.lines.filter((line) => asset === undefined || line.asset === asset))
    cursor = page.next
    if (cursor === undefined || lines.length === limit) break
  }
  return { lines, ...(cursor !== undefined && { next: cursor }) }
}

function pageOfWallet(
  book: BookReader,
  wallet: WalletId,
  page: { readonly cursor: string | undefined; readonly limit: number },
): WalletLines {
  try {
    return book.linesOfWallet(wallet, page)
  } catch (cause) {
    if (cause instanceof CursorError) throw notACursor()
    throw cause
  }
}

/** Lines by a number that falls from one to the next: of the whole book, or of one asset. */
export function linesByNumber(
  { cursor, limit }: LineQuery,
  read: (page: { before: number | undefined; limit: number }) => readonly Line[],
  numberOf: (line: Line) => number,
): WalletLines {
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) throw notACursor()
  const before = cursor === undefined ? undefined : Number(cursor)
  const { rows, next } = readPage(
    limit === undefined ? {} : { limit },
    (max) => read({ before, limit: max }),
    numberOf,
  )
  return { lines: rows, ...(next.next !== undefined && { next: String(next.next) }) }
}

function notACursor(): RequestError {
  const expected = 'the `next` of the page before'
  return new RequestError({ code: 'invalid_request', where: 'querystring/cursor', expected })
}
