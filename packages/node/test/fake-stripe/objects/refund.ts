import type Stripe from 'stripe'
import { PLATFORM } from '../books.ts'
import { mergeMetadata } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import { idOf, type World } from '../world.ts'
import { lineOf, methodOf } from './charge.ts'
import { isHeldByDispute } from './dispute.ts'

type Refund = Stripe.Refund

export const refundRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/refunds', run: createRefund },
  readRoute('/v1/refunds/:id', ({ world, id }) => world.refunds.get(id)),
  { method: 'POST', path: '/v1/refunds/:id', run: updateRefund },
  listRoute('/v1/refunds', {
    among: ({ world }) => world.refunds.all(),
    filter: sameAs<Refund>('charge', 'payment_intent'),
  }),
]

/** How the next refunds go, in their order; a refund to a card succeeds at once unless planned. */
export const plannedRefunds = new WeakMap<World, ('pending' | 'failed')[]>()

function createRefund({ world, params }: Call): Refund {
  const [chargeId, intentId] = [params.text('charge'), params.text('payment_intent')]
  const asked = params.whole('amount', { min: 1 })
  const reason = params.choice('reason', ['duplicate', 'fraudulent', 'requested_by_customer'])
  const metadata = params.metadata()
  params.ignore('instructions_email')
  params.end()
  if (!chargeId && !intentId) {
    throw new Refusal(
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  const charge = intentId
    ? chargeOfIntent(world, intentId)
    : world.charges.get(chargeId ?? '', 'charge')
  const amount = refundable(world, charge, asked)
  const refund = world.refunds.add(newRefund(world, charge, amount))
  refund.reason = reason ?? null
  refund.metadata = mergeMetadata(null, metadata)
  begin(world, charge, refund)
  return refund
}

function chargeOfIntent(world: World, id: string): Stripe.Charge {
  const intent = world.intents.get(id, 'payment_intent')
  if (intent.status === 'succeeded') return world.charges.get(idOf(intent.latest_charge) ?? '')
  throw new Refusal(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    code: 'payment_intent_unexpected_state',
  })
}

/** The amount that goes back; refused when the charge has not so much left. */
function refundable(world: World, charge: Stripe.Charge, asked: number | undefined): number {
  if (charge.status !== 'succeeded') {
    throw new Refusal(`Charge ${charge.id} is ${charge.status}: nothing was paid.`, {
      code: 'charge_not_refundable',
    })
  }
  const left = charge.amount - charge.amount_refunded
  if (left === 0) {
    throw new Refusal(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  if (isHeldByDispute(world, charge)) {
    throw new Refusal(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  }
  if (asked === undefined || asked <= left) return asked ?? left
  throw new Refusal(
    `Refund amount (${inEuros(asked)}) is greater than unrefunded amount on charge (${inEuros(left)})`,
    { param: 'amount' },
  )
}

function inEuros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`
}

function newRefund(world: World, charge: Stripe.Charge, amount: number): Refund {
  const isCard = methodOf(charge) !== 'sepa_debit'
  return {
    id: world.ids.next(isCard ? 're' : 'pyr'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.clock.now(),
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    ...(isCard ? { destination_details: CARD_DESTINATION } : {}),
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'pending',
    transfer_reversal: null,
  }
}

const CARD_DESTINATION: Stripe.Refund.DestinationDetails = {
  card: {
    reference_status: 'pending',
    reference_type: 'acquirer_reference_number',
    type: 'refund',
  },
  type: 'card',
}

function begin(world: World, charge: Stripe.Charge, refund: Refund): void {
  const plan = plannedRefunds.get(world)?.shift()
  charge.amount_refunded += refund.amount
  charge.refunded = charge.amount_refunded === charge.amount
  if (!canPay(world, charge, refund.amount)) refund.pending_reason = 'insufficient_funds'
  else {
    takeMoney(world, charge, refund)
    const isPending = plan === 'pending' || methodOf(charge) === 'sepa_debit'
    if (isPending) refund.pending_reason = 'processing'
    else refund.status = 'succeeded'
  }
  world.emit('refund.created', refund)
  world.emit('charge.refunded', charge)
  if (plan === 'failed') failRefund(world, refund)
}

/** Money of the charge itself that is not yet available pays for its refund; else the balance must. */
function canPay(world: World, charge: Stripe.Charge, amount: number): boolean {
  if (lineOf(world, charge).status === 'pending') return true
  return world.books.sum(PLATFORM, charge.currency).available >= BigInt(amount)
}

function takeMoney(world: World, charge: Stripe.Charge, refund: Refund): void {
  const isCard = methodOf(charge) !== 'sepa_debit'
  refund.balance_transaction = world.books.post({
    type: isCard ? 'refund' : 'payment_refund',
    category: 'refund',
    amount: -refund.amount,
    fee: world.fees.refund,
    currency: refund.currency,
    source: refund.id,
    description: 'REFUND FOR CHARGE',
    availableOn: lineOf(world, charge).available_on,
  }).id
}

/** A pending refund reaches the payer. */
export function settleRefund(world: World, refund: Refund): void {
  if (refund.status !== 'pending') throw new Error(`The refund ${refund.id} is ${refund.status}.`)
  if (refund.balance_transaction === null) takeMoney(world, chargeOf(world, refund), refund)
  refund.status = 'succeeded'
  delete refund.pending_reason
  updated(world, refund)
}

/** The payer's bank sends a refund back, also days after it succeeded. */
export function failRefund(
  world: World,
  refund: Refund,
  reason = 'expired_or_canceled_card',
): void {
  if (refund.status !== 'pending' && refund.status !== 'succeeded') {
    throw new Error(`The refund ${refund.id} is ${refund.status}.`)
  }
  const charge = chargeOf(world, refund)
  if (refund.balance_transaction !== null) {
    refund.failure_balance_transaction = world.books.post({
      type: 'refund_failure',
      amount: refund.amount,
      currency: refund.currency,
      source: refund.id,
      description: 'REFUND FAILURE',
    }).id
  }
  refund.status = 'failed'
  refund.failure_reason = reason
  delete refund.pending_reason
  charge.amount_refunded -= refund.amount
  charge.refunded = false
  updated(world, refund)
  world.emit('refund.failed', refund)
}

/** Refunds that waited for money go out as soon as it is there, oldest first. */
export function payWaitingRefunds(world: World): void {
  const waiting = world.refunds.where(
    ({ status, pending_reason }) => status === 'pending' && pending_reason === 'insufficient_funds',
  )
  for (const refund of waiting) {
    if (canPay(world, chargeOf(world, refund), refund.amount)) settleRefund(world, refund)
  }
}

function updated(world: World, refund: Refund): void {
  world.emit('refund.updated', refund)
  world.emit('charge.refund.updated', refund)
}

function chargeOf(world: World, { charge }: Refund): Stripe.Charge {
  return world.charges.get(idOf(charge) ?? '')
}

function updateRefund({ world, params, id }: Call): Refund {
  const refund = world.refunds.get(id)
  const metadata = params.metadata()
  params.end()
  refund.metadata = mergeMetadata(refund.metadata, metadata)
  updated(world, refund)
  return refund
}
