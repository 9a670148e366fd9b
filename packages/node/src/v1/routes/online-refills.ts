/** Refills that a person pays with a bank card, through Lespass (WIRE.md 4.12, 5.5.9, 5.5.10). */
import type { PaymentId } from '../../store/payment-store.ts'
import { nullable, optional, readFields, text } from '../codec/fields.ts'
import { NOT_URL, notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { V1Means } from '../means.ts'
import { refuseField, refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { checkoutById, hindranceOf, letterOf } from './checkout-states.ts'

const NO_KEY: V1Answer = { status: 417, body: 'No stripe key provided' }
const SILENT =
  'Stripe does not answer. Nobody has paid anything: send the same request again in a moment.'
const REFUSED = 'Stripe refuses to make the page. Nobody has paid anything.'

async function openCheckout(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, place, wallet, body, id } = call
  const fields = readFields(body, {
    lespass_signed_data: text({ blank: true }),
    start_return_url: optional(nullable(text({ blank: true }))),
  })
  const payment = id as string as PaymentId
  const opened = await means.payments.payments.open({
    ...{ id: payment, wallet, place, card: undefined, amount: undefined },
    email: means.store.people.byWallet(wallet)?.email,
    returnUrl: returnUrlOf(call, payment, fields.start_return_url ?? ''),
    note: JSON.stringify({ lespass: fields.lespass_signed_data }),
  })
  switch (opened.status) {
    case 'opened':
      return { status: 202, body: opened.url }
    case 'off':
      return NO_KEY
    case 'unreachable':
      throw new V1Refusal(503, { detail: SILENT }, 1)
    default:
      return refuseWithDetail(500, REFUSED)
  }
}

/** By its last segment Lespass knows, in its own events of Stripe, which sessions are not its own. */
function returnUrlOf(
  { means, place }: PlaceCall & WalletCall,
  payment: PaymentId,
  start: string,
): string {
  if (start !== '') {
    if (!/^https?:/.test(URL.parse(start)?.protocol ?? '')) refuseField('start_return_url', NOT_URL)
    return `${start.endsWith('/') ? start : `${start}/`}${payment}`
  }
  const { lespassDomain } = means.store.places.get(place)
  if (lespassDomain === null) return `${means.payments.origin()}/payments/${payment}`
  return `https://${lespassDomain}/my_account/${payment}/return_refill_wallet/`
}

/** Whoever brings the payer back: the credit goes to its owner, and the answer is the caller's own wallet. */
async function comeBack({
  means,
  place,
  wallet,
  params,
}: PlaceCall & WalletCall): Promise<V1Answer> {
  const id = parseUuid(params['uuid'] ?? '')
  const found = id === undefined ? undefined : await stateOf(means, id as PaymentId)
  if (found === undefined) return refuseWithDetail(404, notFound('CheckoutStripe'))
  const { letter, why } = found
  if (letter === 'P') return { status: 200, body: means.objects.wallet(wallet, { place }) }
  if (why === undefined) return { status: 402, body: `Checkout Stripe non paid : ${letter}` }
  return {
    status: 400,
    body: `Error validate_stripe_checkout_and_make_transaction : ${why}`,
  }
}

async function stateOf(
  means: V1Means,
  id: PaymentId,
): Promise<{ readonly letter: string; readonly why: string | undefined } | undefined> {
  const { payments } = means.payments
  const earlier = payments.find(id) === undefined ? checkoutById(means, id) : undefined
  if (earlier !== undefined && earlier.payment === undefined) {
    const { status } = earlier.checkout
    return { letter: status === 'V' ? 'P' : status, why: undefined }
  }
  const payment = await payments.settle(id)
  if (payment === undefined) return undefined
  const isDone = payment.state === 'credited'
  return { letter: isDone ? 'P' : letterOf(payment), why: hindranceOf(payment) }
}

export const onlineRefillRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/wallet/get_federated_token_refill_checkout/',
    access: 'place-and-wallet',
    // The page is of no line: a repeat gets the one that was made.
    keepsAnswer: true,
    answer: openCheckout,
  }),
  route({
    method: 'GET',
    path: '/wallet/:uuid/retrieve_from_refill_checkout/',
    access: 'place-and-wallet',
    answer: comeBack,
  }),
]
