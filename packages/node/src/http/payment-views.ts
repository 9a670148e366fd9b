import {
  hindranceSentence,
  type PaymentFacts,
  type PaymentsView,
  type PaymentView,
  type Static,
} from '@fedow/api'
import type { Action } from '@fedow/ledger'
import type { PaymentsStatus } from '../payments/payments.ts'
import type { AtReader, Payment } from '../store/payment-store.ts'
import { toIsoMs } from './time.ts'

/** A payment as everybody sees it who knows its id. */
export function paymentView(payment: Payment): Static<typeof PaymentView> {
  const { id, state, provider, kind, createdMs, changedMs, paidMs, url, tx, problem } = payment
  const { atReader } = payment
  const amount = payment.gross ?? payment.amount
  return {
    ...{ payment: id, state, sandbox: provider === 'sandbox', kind },
    ...{ created: toIsoMs(createdMs), changed: toIsoMs(changedMs) },
    ...(amount !== undefined && { amount: Number(amount) }),
    ...(paidMs !== undefined && { paid: toIsoMs(paidMs) }),
    ...(state === 'opened' && url !== undefined && { url }),
    ...(atReader !== undefined && { atReader: toAtReader(atReader) }),
    ...(tx !== undefined && { tx }),
    ...(problem !== undefined && {
      problem: { code: problem, sentence: hindranceSentence(problem) },
    }),
  }
}

function toAtReader({ reader, asks, cancelMs }: AtReader) {
  return { reader, asks, ...(cancelMs !== undefined && { cancelled: toIsoMs(cancelMs) }) }
}

/** The same as the operator sees it; `issue`: what is asked of the book to credit it. */
export function operatorPaymentView(
  payment: Payment,
  issue: Action | undefined,
): Static<typeof PaymentView> {
  return { ...paymentView(payment), operator: operatorView(payment, issue) }
}

function operatorView(
  payment: Payment,
  issue: Action | undefined,
): NonNullable<Static<typeof PaymentView>['operator']> {
  const { wallet, card, place, reference, paymentReference, fees, tries, nextMs } = payment
  return {
    ...(wallet !== undefined && { wallet }),
    ...(card !== undefined && { card }),
    ...(place !== undefined && { place }),
    ...(reference !== undefined && { reference }),
    ...(paymentReference !== undefined && { paymentReference }),
    ...(fees !== undefined && { fee: Number(fees.fee), net: Number(fees.net) }),
    ...(payment.problem === 'second_keeper_needed' && issue?.kind === 'issue' && issueView(issue)),
    tries,
    ...(nextMs !== undefined && { next: toIsoMs(nextMs) }),
  }
}

function issueView({ to, evidence }: Extract<Action, { kind: 'issue' }>) {
  const { account, reference, gross, fee, net } = evidence
  const amounts = { gross: Number(gross), fee: Number(fee), net: Number(net) }
  return { issue: { ...to, account, reference, ...amounts } }
}

/** How all of them stand. */
export function paymentsView(status: PaymentsStatus): Static<typeof PaymentsView> {
  const { provider, off, waiting, owed, owedAmount, oldestPaidMs } = status
  const { awaitingKeeper, awaitingDay } = status
  return {
    ...(provider !== undefined && { provider }),
    ...(off !== undefined && { off }),
    ...{ waiting, owed, owedAmount: Number(owedAmount) },
    ...(oldestPaidMs !== undefined && { oldestPaid: toIsoMs(oldestPaidMs) }),
    ...{ awaitingKeeper, awaitingDay },
  }
}

/** A payment as its payer sees it. */
export function paymentFacts(payment: Payment): PaymentFacts {
  const { state, gross, amount, provider, url, problem = '' } = payment
  const isPending = state === 'opened' && problem === 'bank_pending'
  const waits = isPending ? 'bank' : state === 'paid' ? WAITS[problem] : undefined
  const cents = gross ?? amount
  return {
    state,
    amount: cents === undefined ? undefined : Number(cents),
    isSandbox: provider === 'sandbox',
    url: state === 'opened' && !isPending ? url : undefined,
    ...(waits !== undefined && { waits }),
  }
}

const WAITS: Readonly<Record<string, PaymentFacts['waits']>> = {
  second_keeper_needed: 'second_keeper',
  issue_day: 'tomorrow',
}
