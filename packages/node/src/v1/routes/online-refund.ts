/** Federated euros back to the bank card that paid for them (WIRE.md 5.5.11). */
import type { PayerPayout, WishId } from '../../store/payout-store.ts'
import { refuseWithDetail, V1Refusal } from '../refusal.ts'
import { route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

const NO_PAYMENT: V1Answer = { status: 402, body: 'Pas de paiement Stripe pour ce wallet' }
const OFF =
  'This Fedow has no key of Stripe, so nothing was moved. Pay back at the place, or try again later.'

async function refundOnline(call: WalletCall): Promise<V1Answer> {
  const { means, wallet, id } = call
  const { state, genesis } = means.book
  const account = state.get('account', `${wallet}/${genesis.fed.id}`)
  if (account === undefined) throw new V1Refusal(404, 'Token STRIPE_FED_FIAT non trouvé')
  if (account.balance <= 0n) return { status: 200, body: 'Rien à rembourser' }
  const wish = { id: id as string as WishId, wallet, card: undefined, amount: undefined }
  const begun = await means.payments.payouts.begin(wish)
  if (begun.status !== 'begun') return refuseWithDetail(503, OFF)
  // Stripe is slow: it goes on by itself, and the member is told as with a refund that the bank has not done yet.
  const isLate = begun.wish.state === 'wished'
  const payouts = [...begun.payouts, ...begun.others]
  if (isLate || payouts.some(isGoing)) {
    return { status: 202, body: means.objects.wallet(wallet) }
  }
  return whyNot(payouts)
}

function isGoing({ state }: PayerPayout): boolean {
  return state !== 'released' && state !== 'returned'
}

function whyNot([first]: readonly PayerPayout[]): V1Answer {
  if (first === undefined) return NO_PAYMENT
  const { problem } = first
  if (problem === 'refund_failed') return { status: 406, body: 'Remboursement échoué : failed' }
  return { status: 409, body: `Erreur lors du remboursement: ${problem ?? ''}` }
}

export const onlineRefundRoutes: readonly V1Route[] = [
  route({
    method: 'GET',
    path: '/wallet/refund_fed_by_signature/',
    access: 'wallet',
    hasEffect: true,
    // It is of several txs, or of none yet: a repeat gets what was said.
    keepsAnswer: true,
    answer: refundOnline,
  }),
]
