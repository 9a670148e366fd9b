/**
 * Money that comes and goes through Stripe. This node has no key of Stripe: what needs one says so, after every check
 * that needs none.
 */
import { available } from '@fedow/ledger'
import { isMap, type Json } from '../codec/json.ts'
import { notFound } from '../codec/messages.ts'
import { refuseRule, refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

const NO_STRIPE =
  'This Fedow has no key of Stripe yet, so nothing was moved. Pay back at the place, or try again later.'

function refillCheckout(): V1Answer {
  return { status: 417, body: 'No stripe key provided' }
}

function refillReturn(): V1Answer {
  return refuseWithDetail(404, notFound('CheckoutStripe'))
}

/** Lespass reports a transfer of Stripe to the place. */
function depositGlobal({ means, place, body }: PlaceCall & WalletCall): V1Answer {
  const transfer = memberOf(memberOf(memberOf(body, 'payload'), 'data'), 'object')
  if (typeof memberOf(transfer, 'id') !== 'string') refuseRule('No transfer in payload')
  const { state, genesis } = means.book
  const wallet = state.get('place', place)?.wallet
  const balance = available(state.get('account', `${wallet ?? ''}/${genesis.fed.id}`))
  if (balance <= 0n) refuseRule('Not enough token')
  return refuseWithDetail(503, NO_STRIPE)
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isMap(value) ? value.get(name) : undefined
}

/** Federated euros back to the bank card that paid for them. */
function refundOnline({ means, wallet }: WalletCall): V1Answer {
  const { state, genesis } = means.book
  const account = state.get('account', `${wallet}/${genesis.fed.id}`)
  if (account === undefined) throw new V1Refusal(404, 'Token STRIPE_FED_FIAT non trouvé')
  if (account.balance <= 0n) return { status: 200, body: 'Rien à rembourser' }
  return refuseWithDetail(503, NO_STRIPE)
}

export const stripeRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/wallet/global_asset_bank_stripe_deposit/',
    access: 'place-and-wallet',
    answer: depositGlobal,
  }),
  route({
    method: 'POST',
    path: '/wallet/get_federated_token_refill_checkout/',
    access: 'place-and-wallet',
    answer: refillCheckout,
  }),
  route({
    method: 'GET',
    path: '/wallet/:uuid/retrieve_from_refill_checkout/',
    access: 'place-and-wallet',
    hasEffect: true,
    answer: refillReturn,
  }),
  route({
    method: 'GET',
    path: '/wallet/refund_fed_by_signature/',
    access: 'wallet',
    hasEffect: true,
    answer: refundOnline,
  }),
]
