/** What goes back to payers through Stripe: refunds that we make, and disputes that their banks decide. */
import type Stripe from 'stripe'
import { ProviderError } from './provider.ts'
import type {
  DisputeMovement,
  ProviderDispute,
  ProviderRefund,
  Refundable,
  RefundOrder,
} from './provider-refunds.ts'

/** Most refunds or disputes of one payment that are looked through. */
const PAGE = 100
const OPEN: ReadonlySet<string> = new Set([
  'needs_response',
  'under_review',
  'warning_needs_response',
  'warning_under_review',
])

export async function makeRefund(
  stripe: Stripe,
  { payment, amount, group, isRepeat, metadata }: RefundOrder,
  idempotencyKey: string,
): Promise<ProviderRefund> {
  const intent = await intentOf(stripe, payment)
  const made = isRepeat ? await findRefund(stripe, intent, group) : undefined
  if (made !== undefined) return toRefund(made)
  const refund = await stripe.refunds.create(
    {
      ...{ payment_intent: intent, amount: Number(amount), reason: 'requested_by_customer' },
      metadata: { ...metadata, fedow_payout: group },
    },
    { idempotencyKey },
  )
  return toRefund(refund)
}

async function findRefund(
  stripe: Stripe,
  intent: string,
  group: string,
): Promise<Stripe.Refund | undefined> {
  const made = await stripe.refunds.list({ payment_intent: intent, limit: PAGE })
  return made.data.find(({ metadata }) => metadata?.['fedow_payout'] === group)
}

export async function readRefund(stripe: Stripe, reference: string): Promise<ProviderRefund> {
  return toRefund(await stripe.refunds.retrieve(reference))
}

export async function readRefundable(stripe: Stripe, payment: string): Promise<Refundable> {
  const reference = await intentOf(stripe, payment)
  const intent = await stripe.paymentIntents.retrieve(reference, { expand: ['latest_charge'] })
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const nothing = (why: NonNullable<Refundable['why']>): Refundable => {
    return { paymentReference: reference, left: 0n, why }
  }
  if (charge === null || charge.status !== 'succeeded') return nothing('not_paid')
  if (charge.currency !== 'eur') return nothing('other_currency')
  if (charge.disputed && (await isHeld(stripe, reference))) return nothing('disputed')
  const left = BigInt(charge.amount_captured - charge.amount_refunded)
  return left > 0n ? { paymentReference: reference, left, why: undefined } : nothing('all_refunded')
}

export async function readDisputes(
  stripe: Stripe,
  payment: string,
): Promise<readonly ProviderDispute[]> {
  const reference = await intentOf(stripe, payment)
  const { data } = await stripe.disputes.list({ payment_intent: reference, limit: PAGE })
  return data.map(({ id, status, balance_transactions: lines }) => ({
    reference: id,
    isOpen: OPEN.has(status),
    movements: lines.map(toMovement),
  }))
}

async function isHeld(stripe: Stripe, reference: string): Promise<boolean> {
  const { data } = await stripe.disputes.list({ payment_intent: reference, limit: PAGE })
  return data.some(({ is_charge_refundable: can }) => !can)
}

/** v1 has recorded some payments by the page alone. */
async function intentOf(stripe: Stripe, payment: string): Promise<string> {
  if (!payment.startsWith('cs_')) return payment
  const { payment_intent: shown } = await stripe.checkout.sessions.retrieve(payment)
  const intent = typeof shown === 'object' ? shown?.id : shown
  if (intent === undefined) throw new ProviderError('unknown', `the page ${payment} was not paid`)
  return intent
}

function toRefund({ id, status, balance_transaction: line }: Stripe.Refund): ProviderRefund {
  const hasLeft = line !== null && line !== undefined
  const isPending = status === 'pending' || status === 'requires_action'
  const state = status === 'succeeded' ? 'succeeded' : isPending ? 'pending' : 'failed'
  return { reference: id, state, hasLeft }
}

function toMovement({ id, net, currency }: Stripe.BalanceTransaction): DisputeMovement {
  return { reference: id, taken: BigInt(-net), currency }
}
