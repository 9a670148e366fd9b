/** What is read about wallets. */
import type { PlaceId, WalletId } from '@fedow/ledger'
import { notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

/** Lines of a wallet in which a place is looked for. */
const LINES_LOOKED_AT = 100

function own({ means, wallet }: WalletCall): V1Answer {
  return { status: 200, body: means.objects.wallet(wallet) }
}

function wallet({ means, place, params: { uuid = '' } }: PlaceCall): V1Answer {
  const id = parseUuid(uuid) as WalletId | undefined
  if (id === undefined || !isKnownAt(means, id, place)) refuseWithDetail(404, notFound('Wallet'))
  return { status: 200, body: means.objects.wallet(id, { place }) }
}

/** Whether a wallet concerns a place: its own, of a card of its, with money of its, or seen at its tills lately. */
function isKnownAt({ book }: V1Means, id: WalletId, place: PlaceId): boolean {
  const { state } = book
  const record = state.get('wallet', id)
  if (record === undefined) return false
  if (record.place === place || record.origin === place) return true
  if (record.assets.some((asset) => state.get('asset', asset)?.issuer === place)) return true
  const till = state.get('place', place)?.wallet
  const { lines } = book.linesOfWallet(id, { limit: LINES_LOOKED_AT })
  return lines.some(({ from, to }) => from === till || to === till)
}

export const walletRoutes: readonly V1Route[] = [
  route({
    method: 'GET',
    path: '/wallet/retrieve_by_signature/',
    access: 'wallet',
    answer: own,
  }),
  route({ method: 'GET', path: '/wallet/:uuid/', access: 'place-signature', answer: wallet }),
]
