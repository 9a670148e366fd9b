/** What is read about single lines and lists of them. */
import type { AssetId, Hex32, Line, LineId, PlaceId, WalletId } from '@fedow/ledger'
import { datetime, tryFields, uuid } from '../codec/fields.ts'
import { type Json, printPython } from '../codec/json.ts'
import { notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route } from '../route.ts'
import { assetLinesUntil } from './asset-lines.ts'
import { inSteps } from './steps.ts'
import { walletHistoryRoute } from './wallet-history.ts'

/** Most lines of `GET /transaction/`, which no client asks for. */
const LIST_MAX = 100
/** How far back a hash is looked for among the lines of a place that were not imported. */
const LOOKED_AT_MAX = 5_000
const STEP = 100

/** LaBoutik fails on these. */
const UNKNOWN_TO_TILLS: readonly Line['action'][] = ['BNK', 'COR']

function byId({ means, place, params: { uuid: text = '' } }: PlaceCall): V1Answer {
  const id = parseUuid(text) as LineId | undefined
  const line = id && means.book.lineById(id)
  return found(means, line && concerns(means, line, place) ? line : undefined, place)
}

/** Whether a place sends or receives in a line, or made its asset. */
function concerns({ book }: V1Means, { asset, from, to }: Line, place: PlaceId): boolean {
  const wallet = walletOf(book, place)
  return from === wallet || to === wallet || book.state.get('asset', asset)?.issuer === place
}

function walletOf({ state }: V1Means['book'], place: PlaceId): WalletId | undefined {
  return state.get('place', place)?.wallet
}

function found(means: V1Means, line: Line | undefined, place: PlaceId): V1Answer {
  if (line === undefined || !means.objects.isShown(line)) {
    refuseWithDetail(404, notFound('Transaction'))
  }
  return { status: 200, body: means.objects.transaction(line, { place }) }
}

async function byHash({ means, place, params: { hash = '' } }: PlaceCall): Promise<V1Answer> {
  const imported = importedByHash(means, hash)
  if (imported !== undefined) {
    const { from, to, action } = imported
    const wallet = walletOf(means.book, place)
    const isTheirs = (from === wallet || to === wallet) && !UNKNOWN_TO_TILLS.includes(action)
    return found(means, isTheirs ? imported : undefined, place)
  }
  let line: Line | undefined
  let left = LOOKED_AT_MAX
  await inSteps(tillLines(means, place), (one) => {
    if (one.hash === hash && one.imported === undefined) line = one
    left -= 1
    return line === undefined && left > 0
  })
  return found(means, line, place)
}

function importedByHash({ book, store }: V1Means, hash: string): Line | undefined {
  const isHash = /^[0-9a-f]{64}$/.test(hash)
  const id = isHash ? store.past.lineOfHash(hash as Hex32) : undefined
  return id && book.lineById(id)
}

async function list({ means, place }: PlaceCall): Promise<V1Answer> {
  const body: Json[] = []
  await inSteps(tillLines(means, place), (line) => {
    body.push(means.objects.transaction(line, { place }))
    return body.length < LIST_MAX
  })
  return { status: 200, body }
}

/** Lines in which a place sends or receives, newest first, as its till may see them. */
function* tillLines({ book, objects }: V1Means, place: PlaceId): Generator<Line> {
  const wallet = walletOf(book, place)
  let cursor: string | undefined
  while (wallet !== undefined) {
    const { lines, next } = book.linesOfWallet(wallet, { cursor, limit: STEP })
    for (const line of lines) {
      if (objects.isShown(line) && !UNKNOWN_TO_TILLS.includes(line.action)) yield line
    }
    if (next === undefined) return
    cursor = next
  }
}

async function listByAsset({ means, place, body: asked }: PlaceCall): Promise<V1Answer> {
  const { asset, startUs, endUs } = readPeriod(asked)
  const { book, objects } = means
  if (!objects.hasAsset(asset)) refuseWithDetail(404, notFound('Asset'))
  const wallet = walletOf(book, place)
  const isOrigin = book.state.get('asset', asset)?.issuer === place
  const lines = isOrigin
    ? assetLinesUntil(book, asset, endUs)
    : wallet === undefined
      ? []
      : objects.linesOfAccount(wallet, asset)
  const body: Json[] = []
  await inSteps(lines, (line) => {
    if (line.timeUs < startUs) return false
    const isListed = line.timeUs <= endUs && line.action !== 'CRE' && objects.isShown(line)
    if (isListed) body.push(objects.transactionSimple(line))
    return true
  })
  return { status: 200, body }
}

function readPeriod(body: Json) {
  const reading = tryFields(body, {
    asset_uuid: uuid<AssetId>(),
    start_date: datetime(),
    end_date: datetime(),
  })
  if (reading.errors !== undefined)
    throw new V1Refusal(400, `Error : ${printPython(reading.errors)}`)
  const { asset_uuid: asset, start_date: startUs, end_date: endUs } = reading.value
  return { asset, startUs, endUs }
}

export const transactionReadRoutes: readonly V1Route[] = [
  walletHistoryRoute,
  route({ method: 'GET', path: '/transaction/', access: 'place-signature', answer: list }),
  // Open in v1; Lespass sends its key, and what is on a card is nobody else's business.
  route({ method: 'GET', path: '/transaction/:uuid/', access: 'place', answer: byId }),
  route({
    method: 'GET',
    path: '/transaction/:hash/get_from_hash/',
    access: 'place-signature',
    answer: byHash,
  }),
  route({
    method: 'POST',
    path: '/transaction/list_by_asset/',
    access: 'place-and-wallet',
    hasEffect: false,
    answer: listByAsset,
  }),
]
