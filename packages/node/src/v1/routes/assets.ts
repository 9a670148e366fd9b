/** What is read about assets. */
import { type AssetId, params } from '@fedow/ledger'
import { type Json, printSpaced } from '../codec/json.ts'
import { notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import { refuseWithDetail } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Call, type V1Route } from '../route.ts'
import { inSteps } from './steps.ts'

/** The asset that the address names. */
function assetNamed({ means, params: { uuid = '' } }: V1Call): AssetId {
  const id = parseUuid(uuid) as AssetId | undefined
  if (id === undefined || !means.objects.hasAsset(id)) refuseWithDetail(404, notFound('Asset'))
  return id
}

function accepted({ means: { objects }, place }: PlaceCall): V1Answer {
  return { status: 200, body: objects.acceptedAssets(place).map((id) => objects.asset(id)) }
}

function asset(call: PlaceCall): V1Answer {
  return { status: 200, body: call.means.objects.asset(assetNamed(call), { totals: true }) }
}

function membershipAsset(call: PlaceCall): V1Answer {
  return { status: 200, body: call.means.objects.asset(assetNamed(call)) }
}

function isOrigin({ means, place }: PlaceCall, id: AssetId): boolean {
  return means.book.state.get('asset', id)?.issuer === place
}

/** JSON text in a JSON string: Lespass reads it twice. */
function asText(value: Json): V1Answer {
  return { status: 200, body: printSpaced(value) }
}

function totalByPlace(call: PlaceCall): V1Answer {
  const { means, place } = call
  const { objects, book } = means
  const id = assetNamed(call)
  if (isOrigin(call, id)) {
    const totals = objects.totals.byPlace(id).map(({ name, value }) => [name, value] as const)
    return asText({ total_by_place: new Map(totals), serialized_asset: objects.assetFields(id) })
  }
  const name = book.state.get('place', place)?.name ?? ''
  const value = objects.totals.ofPlace(id, place)?.value ?? null
  return asText({ total_by_place: new Map([[name, value]]) })
}

function totalByPlaceWithUuid(call: PlaceCall): V1Answer {
  const { objects } = call.means
  const id = assetNamed(call)
  if (isOrigin(call, id)) {
    const totals = objects.totals.byPlace(id).map(placeEntry)
    return asText({ total_by_place: totals, serialized_asset: objects.assetFields(id) })
  }
  const own = objects.totals.ofPlace(id, call.place)
  return asText(own === undefined ? {} : { total_by_place: [placeEntry(own)] })
}

function placeEntry(total: { name: string; wallet: string; value: bigint }): Json {
  const { name, wallet, value } = total
  return { place_name: name, wallet_uuid: wallet, total_value: value }
}

/** Every deposit has the primary wallet as its receiver, so that is the account to read. */
async function bankDeposits(call: PlaceCall): Promise<V1Answer> {
  const { objects, book } = call.means
  const id = assetNamed(call)
  const own = book.state.get('place', call.place)?.wallet
  const isAll = isOrigin(call, id)
  const { keeper } = params(book.state)
  const body: Json[] = []
  await inSteps(objects.linesOfAccount(keeper, id), (line) => {
    const isSeen = line.action === 'BNK' && (isAll || line.from === own || line.to === own)
    if (isSeen) body.push(objects.transactionSimple(line))
    return true
  })
  return { status: 200, body }
}

export const assetRoutes: readonly V1Route[] = [
  route({ method: 'GET', path: '/asset/', access: 'place-signature', answer: accepted }),
  route({
    method: 'GET',
    path: '/asset/get_accepted_assets/',
    access: 'place',
    answer: accepted,
  }),
  route({ method: 'GET', path: '/asset/:uuid/', access: 'place-signature', answer: asset }),
  route({
    method: 'GET',
    path: '/asset/:uuid/retrieve_membership_asset/',
    access: 'place',
    answer: membershipAsset,
  }),
  route({
    method: 'GET',
    path: '/asset/:uuid/retrieve_total_by_place/',
    access: 'place',
    answer: totalByPlace,
  }),
  route({
    method: 'GET',
    path: '/asset/:uuid/total_by_place_with_uuid/',
    access: 'place',
    answer: totalByPlaceWithUuid,
  }),
  route({
    method: 'GET',
    path: '/asset/:uuid/retrieve_bank_deposits/',
    access: 'place',
    answer: bankDeposits,
  }),
]
