/** Where Stripe tells its events, at the address that v1 has given it (WIRE.md 5.2). */
import type { ProviderEvent } from '../../payments/provider.ts'
import type { Payment } from '../../store/payment-store.ts'
import { NOT_AUTHENTICATED } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail } from '../refusal.ts'
import { route, type V1Answer, type V1Call, type V1Route } from '../route.ts'
import { checkoutByStripeId, hindranceOf, isStillOpen } from './checkout-states.ts'
import { readTerminalPayer } from './terminal-payment.ts'

const SETTLED: V1Answer = { status: 200, body: 'OK' }
const DONE: V1Answer = { status: 208, body: 'Déja traité' }
const REPORTED: V1Answer = { status: 208, body: 'payment_intent Already reported' }
const UNSIGNED: V1Answer = { status: 203, body: 'No signed data on payload' }
const NOTHING: V1Answer = { status: 204 }

function broken(why: string): V1Answer {
  return { status: 400, body: `Error validate_stripe_checkout_and_make_transaction : ${why}` }
}

async function answerEvent({ means, bodyText, headers }: V1Call): Promise<V1Answer> {
  const signature = headers['stripe-signature']
  const { payments } = means.payments
  const event = payments.readEvent(bodyText, typeof signature === 'string' ? signature : '')
  if (event === undefined) return refuseWithDetail(403, NOT_AUTHENTICATED)
  return hear(means, event)
}

/** An event that the provider has kept, told or not. False: it has to come again. */
export async function hearKept(means: V1Means, event: ProviderEvent): Promise<boolean> {
  const isOfIntent = event.type === 'payment_intent.succeeded'
  // A refill is known by its page, which has an event of its own; other payments are not ours.
  if (isOfIntent && isAskedByUs(event.metadata)) {
    await means.payments.payments.hear(event)
    return true
  }
  if (isOfIntent && !isOfTill(event)) return true
  const { status } = await (isOfIntent ? hearTerminal(means, event) : hear(means, event))
  return status < 500
}

/** A payment at a terminal that this node has asked for: no till of v1 knows of it. */
function isAskedByUs(metadata: ProviderEvent['metadata']): boolean {
  return metadata['fedow_signature'] !== undefined
}

function isOfTill({ metadata }: ProviderEvent): boolean {
  return metadata['data']?.includes('fedow_place_uuid') === true
}

async function hear(means: V1Means, event: ProviderEvent): Promise<V1Answer> {
  const { payments } = means.payments
  if (event.type === 'terminal.reader.action_succeeded') return hearTerminal(means, event)
  if (event.type === 'checkout.session.completed') return hearCheckout(means, event)
  // Of what cannot be booked now, Stripe tells again.
  const isBooked = await means.payments.venues.hearPayout(event)
  if (isBooked !== undefined) return isBooked ? NOTHING : { status: 500, body: 'ERROR' }
  await payments.hear(event)
  return NOTHING
}

async function hearCheckout(means: V1Means, event: ProviderEvent): Promise<V1Answer> {
  const { payments } = means.payments
  if (event.metadata['signed_data'] === undefined) return UNSIGNED
  const [reference = ''] = event.references
  const known = payments.byReference(reference)
  if (known?.state === 'credited') return DONE
  const before = known === undefined ? checkoutByStripeId(means, reference) : undefined
  if (before !== undefined && !isStillOpen(before)) return DONE
  const payment = before?.payment ?? (await payments.hear(event))
  if (payment === undefined) return NOTHING
  const after = before === undefined ? payment : await payments.settle(payment.id)
  if (after?.state === 'credited') return SETTLED
  const why = after && hindranceOf(after)
  // Not paid, or on its way: this node goes on by itself.
  return why === undefined ? DONE : broken(why)
}

async function hearTerminal(means: V1Means, event: ProviderEvent): Promise<V1Answer> {
  const { payments } = means.payments
  const reference = event.references.find((one) => one.startsWith('pi_'))
  if (reference === undefined) return NOTHING
  const known = payments.byReference(reference)
  if (known?.atReader !== undefined) {
    await payments.hear(event)
    return NOTHING
  }
  const isDone = known?.state === 'credited' || means.store.checkouts.byStripeId(reference)
  if (isDone) return REPORTED
  const seen = await payments.look(reference)
  if (seen === 'unknown') return broken('Stripe knows no such payment')
  // Stripe tells it again: only it can say for which card this was.
  if (typeof seen === 'string') return { status: 500, body: 'ERROR' }
  if (isAskedByUs(seen.metadata)) {
    await payments.hear(event)
    return NOTHING
  }
  const payer = readTerminalPayer(means, seen.metadata)
  if (typeof payer === 'string') return broken(payer)
  return toAnswer(await payments.atTerminal({ ...payer, reference, note: undefined }))
}

function toAnswer(payment: Payment): V1Answer {
  const why = hindranceOf(payment)
  return why === undefined ? SETTLED : broken(why)
}

export const stripeWebhookRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/webhook_stripe/',
    access: 'open',
    isRaw: true,
    answer: answerEvent,
  }),
]
