import { getLine, listLines, PAGE_USUAL } from '@fedow/api'
import { type AssetId, refuse } from '@fedow/ledger'
import { demandCan, demandOnPlace, onlyPlaceOf } from '../../gateway/caller.ts'
import type { BookReader, WalletLines } from '../../store/book-reader.ts'
import { type LineQuery, linePage, linesByNumber, linesOfWallet } from '../line-page.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { lineView } from '../views.ts'
import { whyOf } from '../why.ts'
import { isSeenBy } from './txs.ts'

export function lineRoutes(http: Http): void {
  const { book } = http.parts

  serve(http, listLines, ({ caller, query }) => {
    demandCan(caller, 'read')
    const place = query.place ?? onlyPlaceOf(caller)
    if (place === undefined) return linePage(book, allLines(book, query))
    if (query.after !== undefined) throw new RequestError(ONLY_WHOLE_BOOK)
    demandOnPlace(caller, place, 'read')
    const record = book.state.get('place', place) ?? refuse({ code: 'place_not_found', place })
    return linePage(book, linesOfWallet(book, record.wallet, query))
  })

  serve(http, getLine, ({ caller, params }) => {
    demandCan(caller, 'read')
    const line = book.lineById(params.line)
    if (line === undefined) throw new RequestError({ code: 'line_not_found', line: params.line })
    if (!isSeenBy(http.parts, caller)(line)) throw new RequestError({ code: 'line_out_of_reach' })
    return lineView(book, line, whyOf(book)(line))
  })
}

const ONLY_WHOLE_BOOK = {
  code: 'invalid_request',
  where: 'querystring/after',
  expected: 'no place, asset or cursor beside it',
} as const

function allLines(
  book: BookReader,
  query: LineQuery & { readonly asset?: AssetId; readonly after?: number },
): WalletLines {
  const { asset, after, cursor, limit = PAGE_USUAL } = query
  if (after !== undefined) {
    if (asset !== undefined || cursor !== undefined) throw new RequestError(ONLY_WHOLE_BOOK)
    return { lines: book.linesAfter(after, limit) }
  }
  if (asset === undefined)
    return linesByNumber(
      query,
      (page) => book.lines(page),
      ({ number }) => number,
    )
  if (book.state.get('asset', asset) === undefined) refuse({ code: 'asset_not_found', asset })
  return linesByNumber(
    query,
    (page) => book.linesOfAsset(asset, page),
    ({ seq }) => seq,
  )
}
