/** The history of a person: their lines and those of the cards that became theirs, newest first, in pages. */
import type { Line, WalletId } from '@fedow/ledger'
import { NO_SUCH_PAGE } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail } from '../refusal.ts'
import { route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

const PATH = '/transaction/paginated_list_by_wallet_signature/'
const PAGE_SIZE_USUAL = 10
const PAGE_SIZE_MAX = 100
/** Lines read in one go. */
const STEP = 100

async function history({ means, wallet, query }: WalletCall): Promise<V1Answer> {
  const lines = await linesOfPerson(means, wallet)
  const size = pageSizeOf(query)
  const pages = Math.max(Math.ceil(lines.length / size), 1)
  const page = pageOf(query, pages)
  const shown = lines.slice((page - 1) * size, page * size)
  const toUrl = (number: number) => pageUrl(means.settings.domain, query, number)
  return {
    status: 200,
    body: {
      count: lines.length,
      next: page < pages ? toUrl(page + 1) : null,
      previous: page > 1 ? toUrl(page - 1) : null,
      results: shown.map((line) => means.objects.transactionCached(line, wallet)),
    },
  }
}

/** Newest first. What a card held before its person linked it came to their wallet by a fusion: its sender was the card. */
async function linesOfPerson(means: V1Means, person: WalletId): Promise<readonly Line[]> {
  const own = await linesOf(means, person)
  const fused = own.filter(({ action, to }) => action === 'FUS' && to === person)
  const found = new Map(own.map((line) => [line.number, line]))
  for (const card of new Set(fused.map(({ from }) => from))) {
    for (const line of await linesOf(means, card)) found.set(line.number, line)
  }
  return [...found.values()].sort((a, b) => b.number - a.number)
}

async function linesOf({ book, objects }: V1Means, wallet: WalletId): Promise<readonly Line[]> {
  const found: Line[] = []
  let cursor: string | undefined
  for (;;) {
    const { lines, next } = book.linesOfWallet(wallet, { cursor, limit: STEP })
    found.push(...lines.filter((line) => objects.isShown(line)))
    if (next === undefined) return found
    cursor = next
    // Between steps other requests have their turn.
    await new Promise(setImmediate)
  }
}

function pageSizeOf(query: URLSearchParams): number {
  const text = query.get('page_size') ?? ''
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0
  return size === 0 ? PAGE_SIZE_USUAL : Math.min(size, PAGE_SIZE_MAX)
}

function pageOf(query: URLSearchParams, pages: number): number {
  const text = query.get('page') ?? '1'
  const page = text === 'last' ? pages : /^\d{1,9}$/.test(text) ? Number(text) : 0
  return page >= 1 && page <= pages ? page : refuseWithDetail(404, NO_SUCH_PAGE)
}

/** Absolute, on the public host: Lespass checks it strictly. */
function pageUrl(domain: string, query: URLSearchParams, page: number): string {
  const url = new URL(PATH, `https://${domain}`)
  for (const [name, value] of query) if (name !== 'page') url.searchParams.append(name, value)
  if (page > 1) url.searchParams.set('page', String(page))
  return url.href
}

export const walletHistoryRoute: V1Route = route({
  method: 'GET',
  path: PATH,
  access: 'wallet',
  answer: history,
})
