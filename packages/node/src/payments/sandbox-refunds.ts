/** What goes back to payers of the sandbox: refunds that are done at once, and disputes that are lost at once. */
import type { SandboxOrders } from '../store/sandbox-orders.ts'
import { ProviderError } from './provider.ts'
import type {
  ProviderDispute,
  ProviderRefund,
  Refundable,
  RefundOrder,
} from './provider-refunds.ts'

/** Cents: what a provider takes for a dispute. */
const DISPUTE_FEE = 1_500n

export function makeRefund(
  orders: SandboxOrders,
  { payment, amount, group }: RefundOrder,
  idempotencyKey: string,
): ProviderRefund {
  const there = orders.refund(idempotencyKey)
  if (there !== undefined) return done(there.reference)
  const { left } = readRefundable(orders, payment)
  if (amount > left) throw new ProviderError('refused', `only ${left} is left of ${payment}`)
  const reference = `sandbox_refund_${group}`
  orders.addRefund({ reference, idempotencyKey, payment, amount })
  return done(reference)
}

export function readRefund(orders: SandboxOrders, reference: string): ProviderRefund {
  const there = orders.refund(reference)
  if (there === undefined) throw new ProviderError('unknown', `no sandbox refund ${reference}`)
  return done(there.reference)
}

export function readRefundable(orders: SandboxOrders, payment: string): Refundable {
  const order = orders.find(payment)
  if (order === undefined) throw new ProviderError('unknown', `no sandbox payment ${payment}`)
  const { state, amount = 0n, isDisputed } = order
  const paid = state === 'paid' ? amount : 0n
  const left = orders.refundsOf(payment).reduce((rest, refund) => rest - refund.amount, paid)
  if (state !== 'paid') return { paymentReference: payment, left: 0n, why: 'not_paid' }
  if (isDisputed) return { paymentReference: payment, left: 0n, why: 'disputed' }
  return { paymentReference: payment, left, why: left > 0n ? undefined : 'all_refunded' }
}

export function readDisputes(orders: SandboxOrders, payment: string): readonly ProviderDispute[] {
  const order = orders.find(payment)
  if (order?.state !== 'paid' || !order.isDisputed) return []
  const reference = `${payment} disputed`
  const taken = (order.amount ?? 0n) + DISPUTE_FEE
  return [{ reference, isOpen: false, movements: [{ reference, taken, currency: 'eur' }] }]
}

function done(reference: string): ProviderRefund {
  return { reference, state: 'succeeded', hasLeft: true }
}
