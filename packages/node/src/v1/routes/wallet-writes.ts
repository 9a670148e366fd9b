/** What Lespass changes around wallets: the login of a person, badges, deposits. Cards are linked in card-links.ts. */
import { type Amount, type AssetId, available, deriveId, type TxId } from '@fedow/ledger'
import { email, readFields } from '../codec/fields.ts'
import { notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import { decodeSignature, isSignedBy, signedTextOf } from '../codec/signature.ts'
import { inTurnOfPerson, notePerson, walletActions } from '../persons.ts'
import { refuseRule, refuseWithDetail } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { cardLinkRoutes } from './card-links.ts'
import { onlineRefillRoutes } from './online-refills.ts'
import { onlineRefundRoutes } from './online-refund.ts'
import { assetKey, headerOf, lineShown, publicPem, walletKey } from './request-parts.ts'
import { stripeWebhookRoutes } from './stripe-webhook.ts'
import { transferDepositRoutes } from './transfer-deposit.ts'

/** Every login of Lespass: 201 opens the wallet of an e-mail, 200 finds it. The key signs, so that it is theirs. */
async function getOrCreate(call: PlaceCall): Promise<V1Answer> {
  const { means, body } = call
  const { book, store, hash } = means
  const fields = { email: email(), public_pem: publicPem(512) }
  const { email: address, public_pem: pem } = readFields(body, fields)
  const signature = headerOf(call, 'signature')
  const bytes = decodeSignature(signature)
  const isSigned = isSignedBy(pem, signedTextOf(body), signature)
  if (bytes === undefined || !isSigned) refuseRule('Invalid singature')
  const id = deriveId<TxId>(hash, bytes)
  return inTurnOfPerson(address, async () => {
    const person = store.people.byEmail(address)
    if (person !== undefined && person.pem !== pem) refuseRule('Invalid pub pem')
    const { wallet } = person ?? notePerson(means, { email: address, pem, id })
    const isThere = book.state.get('wallet', wallet) !== undefined
    // The very request that opened the wallet gets its answer again.
    if (isThere && book.tx(id) === undefined) return { status: 200, body: wallet }
    await call.order(() => walletActions(means, wallet), { id })
    return { status: 201, body: wallet }
  })
}

/** A person clocks in or out at the place. */
async function badge(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, params, place, wallet } = call
  const asset = parseUuid(params['uuid'] ?? '') as AssetId | undefined
  const kind = asset && means.book.state.get('asset', asset)?.kind
  if (asset === undefined || kind !== 'BDG') return refuseWithDetail(404, notFound('Asset'))
  const stored = await call.order(() => [{ kind: 'badge', place, from: { wallet }, asset }])
  return { status: 201, body: lineShown(call, stored) }
}

/** A place hands in all that it holds of a local asset; the issuer may do so for another place. */
async function depositLocal(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { place } = call
  const { book } = call.means
  const { state } = book
  const { wallet_to_deposit: wallet, asset } = readFields(call.body, {
    wallet_to_deposit: walletKey(book),
    asset: assetKey(book),
  })
  const stored = await call.order(() => {
    const { kind, issuer } = state.get('asset', asset) ?? {}
    if (kind === 'FED') refuseRule('Asset not authorized')
    const isOwn = state.get('place', place)?.wallet === wallet
    if (!isOwn && issuer !== place) refuseRule('Wallet not authorized')
    const holder = state.get('wallet', wallet)?.place
    if (holder === undefined) return refuseRule('Not a place wallet destination')
    const amount = available(state.get('account', `${wallet}/${asset}`))
    if (amount <= 0n) refuseRule('Not enough token')
    return [{ kind: 'deposit', place: holder, asset, amount: amount as Amount }]
  })
  return { status: 201, body: lineShown(call, stored) }
}

export const walletWriteRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/wallet/get_or_create/',
    access: 'place',
    answer: getOrCreate,
  }),
  ...cardLinkRoutes,
  route({
    method: 'GET',
    path: '/wallet/:uuid/badge/',
    access: 'place-and-wallet',
    hasEffect: true,
    answer: badge,
  }),
  route({
    method: 'POST',
    path: '/wallet/local_asset_bank_deposit/',
    access: 'place-and-wallet',
    answer: depositLocal,
  }),
  ...onlineRefundRoutes,
  ...onlineRefillRoutes,
  ...stripeWebhookRoutes,
  ...transferDepositRoutes,
]
