/** A payment from the attempt to its end: intent, charge, books, events. */
import type Stripe from 'stripe'
import { idOf, type World } from '../world.ts'
import { addCharge, bookCharge, type ChargeFacts, lineOf } from './charge.ts'

/** Means of payment by the names that Stripe gives to its own test cards. */
export const PAYER_CARDS = {
  pm_card_visa: { method: 'card', status: 'succeeded' },
  pm_card_chargeDeclined: { method: 'card', status: 'failed' },
  pm_sepaDebit: { method: 'sepa_debit', status: 'pending' },
} as const satisfies Record<string, ChargeFacts>

/** One attempt: it succeeds, fails, or stays pending until `settleIntent`. */
export function attempt(
  world: World,
  intent: Stripe.PaymentIntent,
  facts: ChargeFacts,
): Stripe.Charge {
  const charge = addCharge(world, intent, facts)
  intent.latest_charge = charge.id
  intent.payment_method = charge.payment_method
  if (charge.status === 'succeeded') succeed(world, intent, charge)
  else if (charge.status === 'failed') fail(world, intent, charge)
  else wait(world, intent, charge)
  return charge
}

/** Ends a payment that is pending at the bank. */
export function settleIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  outcome: 'succeeded' | 'failed',
): void {
  const charge = world.charges.get(idOf(intent.latest_charge) ?? '')
  if (charge.status !== 'pending') throw new Error(`The charge ${charge.id} is ${charge.status}.`)
  charge.status = outcome
  if (outcome === 'succeeded') {
    bookCharge(world, charge)
    succeed(world, intent, charge)
    return
  }
  charge.paid = false
  charge.amount_captured = 0
  charge.captured = false
  charge.failure_code = 'insufficient_funds'
  charge.failure_message = 'The customer account has insufficient funds.'
  fail(world, intent, charge)
}

function succeed(world: World, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'succeeded'
  intent.amount_received = charge.amount
  intent.last_payment_error = null
  const isLate = intent.capture_method === 'automatic_async'
  if (!isLate) charge.balance_transaction = lineOf(world, charge).id
  world.emit('charge.succeeded', charge)
  world.emit('payment_intent.succeeded', intent)
  if (isLate) world.lateLines.push(charge)
  if (!world.areLinesHeld) showLines(world)
}

/** With asynchronous capture, the usual one, a charge names its balance line a moment later. */
export function showLines(world: World): void {
  for (const charge of world.lateLines.splice(0)) {
    charge.balance_transaction = lineOf(world, charge).id
    world.emit('charge.updated', charge, { previous: { balance_transaction: null } })
  }
}

function wait(world: World, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'processing'
  world.emit('charge.pending', charge)
  world.emit('payment_intent.processing', intent)
}

function fail(world: World, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.last_payment_error = {
    charge: charge.id,
    code: charge.failure_code ?? 'card_declined',
    message: charge.failure_message ?? '',
    type: charge.failure_code === 'card_declined' ? 'card_error' : 'invalid_request_error',
    ...(charge.failure_code === 'card_declined' ? { decline_code: 'generic_decline' } : {}),
  }
  world.emit('charge.failed', charge)
  world.emit('payment_intent.payment_failed', intent)
}
