import type Stripe from 'stripe'
import { DAY_MS } from '../clock.ts'
import { mergeMetadata } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import { idOf, type World } from '../world.ts'

type Dispute = Stripe.Dispute

const OPEN = ['needs_response', 'under_review', 'warning_needs_response', 'warning_under_review']
const EVIDENCE_DAYS = 14

export const disputeRoutes: readonly Route[] = [
  readRoute('/v1/disputes/:id', ({ world, id }) => world.disputes.get(id)),
  { method: 'POST', path: '/v1/disputes/:id', run: updateDispute },
  { method: 'POST', path: '/v1/disputes/:id/close', run: acceptDispute },
  listRoute('/v1/disputes', {
    among: ({ world }) => world.disputes.all(),
    filter: sameAs<Dispute>('charge', 'payment_intent'),
  }),
]

export interface DisputeFacts {
  /** What is left of the charge, unless said. */
  readonly amount?: number
  readonly reason?: string
  /** A question of the bank, which takes no money yet. */
  readonly isInquiry?: boolean
}

/** The payer tells the bank that the payment was not theirs. */
export function openDispute(
  world: World,
  charge: Stripe.Charge,
  { amount, reason = 'fraudulent', isInquiry = false }: DisputeFacts = {},
): Dispute {
  const left = charge.amount - charge.amount_refunded - lostOf(world, charge)
  const disputed = amount ?? left
  if (charge.status !== 'succeeded' || disputed < 1 || disputed > left) {
    throw new Error(`The charge ${charge.id} has ${left} left to dispute, not ${disputed}.`)
  }
  const dispute = world.disputes.add(newDispute(world, charge, { amount: disputed, reason }))
  charge.disputed = true
  if (isInquiry) dispute.status = 'warning_needs_response'
  else takeMoney(world, dispute)
  dispute.is_charge_refundable = isInquiry
  world.emit('charge.dispute.created', dispute)
  if (!isInquiry) world.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** What disputes of a charge hold or have taken. */
function lostOf(world: World, { id }: Stripe.Charge): number {
  return world.disputes
    .where(({ charge, status }) => charge === id && !['won', 'warning_closed'].includes(status))
    .reduce((sum, { amount }) => sum + amount, 0)
}

/** Whether the bank has a say in where the money of a charge goes. */
export function isHeldByDispute(world: World, { id }: Stripe.Charge): boolean {
  return world.disputes.where((one) => one.charge === id && !one.is_charge_refundable).length > 0
}

function newDispute(
  world: World,
  charge: Stripe.Charge,
  { amount, reason }: { readonly amount: number; readonly reason: string },
): Dispute {
  return {
    id: world.ids.next('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.clock.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    // Stripe lists every kind of evidence as null; here only what was sent is shown.
    evidence: {} as Dispute['evidence'],
    evidence_details: {
      due_by: world.clock.now() + (EVIDENCE_DAYS * DAY_MS) / 1000,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: 'chargeback',
        network: 'visa',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason,
    status: 'needs_response',
  }
}

function takeMoney(world: World, dispute: Dispute): void {
  bookDispute(world, dispute, { amount: -dispute.amount, fee: world.fees.dispute })
}

function bookDispute(
  world: World,
  dispute: Dispute,
  { amount, fee }: { readonly amount: number; readonly fee: number },
): void {
  const line = world.books.post({
    ...{ type: 'adjustment', amount, fee, currency: dispute.currency, source: dispute.id },
    category: amount < 0 ? 'dispute' : 'dispute_reversal',
    description: `Chargeback ${amount < 0 ? 'withdrawal' : 'reversal'} for ${idOf(dispute.charge)}`,
  })
  dispute.balance_transactions.push(line)
}

/** The bank decides. An inquiry can also become a real dispute: `escalated`. */
export function closeDispute(
  world: World,
  dispute: Dispute,
  outcome: 'won' | 'lost' | 'escalated',
): void {
  if (!OPEN.includes(dispute.status)) throw new Error(`The dispute is ${dispute.status}.`)
  const isInquiry = dispute.status.startsWith('warning')
  if (outcome === 'escalated') {
    escalate(world, dispute, isInquiry)
    return
  }
  if (isInquiry) dispute.status = 'warning_closed'
  else {
    dispute.status = outcome
    if (outcome === 'won') giveMoneyBack(world, dispute)
  }
  dispute.is_charge_refundable = dispute.status !== 'lost'
  world.emit('charge.dispute.updated', dispute)
  if (dispute.status === 'won') world.emit('charge.dispute.funds_reinstated', dispute)
  world.emit('charge.dispute.closed', dispute)
}

function escalate(world: World, dispute: Dispute, isInquiry: boolean): void {
  if (!isInquiry) throw new Error('Only an inquiry can become a dispute.')
  dispute.status = 'needs_response'
  dispute.is_charge_refundable = false
  takeMoney(world, dispute)
  world.emit('charge.dispute.updated', dispute)
  world.emit('charge.dispute.funds_withdrawn', dispute)
}

function giveMoneyBack(world: World, dispute: Dispute): void {
  const { dispute: fee, isDisputeFeeReturned } = world.fees
  bookDispute(world, dispute, { amount: dispute.amount, fee: isDisputeFeeReturned ? -fee : 0 })
}

function updateDispute({ world, params, id }: Call): Dispute {
  const dispute = world.disputes.get(id)
  const words = params.child('evidence')
  const text = words?.text('uncategorized_text', { max: 20_000 })
  const [isSent, metadata] = [params.flag('submit') ?? true, params.metadata()]
  params.end()
  assertOpen(dispute)
  dispute.metadata = mergeMetadata(dispute.metadata, metadata)
  if (text !== undefined) {
    dispute.evidence.uncategorized_text = text
    dispute.evidence_details.has_evidence = true
    if (isSent) {
      dispute.status = dispute.status.startsWith('warning')
        ? 'warning_under_review'
        : 'under_review'
      dispute.evidence_details.submission_count += 1
      dispute.evidence_details.submission_method = 'manual'
    }
  }
  world.emit('charge.dispute.updated', dispute)
  return dispute
}

/** The platform gives in. */
function acceptDispute({ world, params, id }: Call): Dispute {
  const dispute = world.disputes.get(id)
  params.end()
  assertOpen(dispute)
  closeDispute(world, dispute, 'lost')
  return dispute
}

function assertOpen(dispute: Dispute): void {
  if (OPEN.includes(dispute.status)) return
  throw new Refusal(`This dispute is already closed: it is ${dispute.status}.`)
}
