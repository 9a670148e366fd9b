import {
  hindranceSentence,
  type PaymentFacts,
  type PaymentsView,
  type PaymentView,
  type Static,
} from '@fedow/api'
import type { PaymentsStatus } from '../payments/payments.ts'
import type { Payment } from '../store/payment-store.ts'
import { toIsoMs } from './time.ts'

/** A payment as everybody sees it who knows its id, or as the operator does. */
export function paymentView(payment: Payment, isOperator: boolean): Static<typeof PaymentView> {
  const { id, state, provider, kind, createdMs, changedMs, paidMs, url, tx, problem } = payment
  const amount = payment.gross ?? payment.amount
  return {
    ...{ payment: id, state, sandbox: provider === 'sandbox', kind },
    ...{ created: toIsoMs(createdMs), changed: toIsoMs(changedMs) },
    ...(amount !== undefined && { amount: Number(amount) }),
    ...(paidMs !== undefined && { paid: toIsoMs(paidMs) }),
    ...(state === 'opened' && url !== undefined && { url }),
    ...(tx !== undefined && { tx }),
    ...(problem !== undefined && {
      problem: { code: problem, sentence: hindranceSentence(problem) },
    }),
    ...(isOperator && { operator: operatorView(payment) }),
  }
}

function operatorView(payment: Payment): NonNullable<Static<typeof PaymentView>['operator']> {
  const { wallet, card, place, reference, paymentReference, fees, tries, nextMs } = payment
  return {
    ...(wallet !== undefined && { wallet }),
    ...(card !== undefined && { card }),
    ...(place !== undefined && { place }),
    ...(reference !== undefined && { reference }),
    ...(paymentReference !== undefined && { paymentReference }),
    ...(fees !== undefined && { fee: Number(fees.fee), net: Number(fees.net) }),
    tries,
    ...(nextMs !== undefined && { next: toIsoMs(nextMs) }),
  }
}

/** How all of them stand. */
export function paymentsView(status: PaymentsStatus): Static<typeof PaymentsView> {
  const { provider, off, waiting, owed, owedAmount, oldestPaidMs } = status
  return {
    ...(provider !== undefined && { provider }),
    ...(off !== undefined && { off }),
    ...{ waiting, owed, owedAmount: Number(owedAmount) },
    ...(oldestPaidMs !== undefined && { oldestPaid: toIsoMs(oldestPaidMs) }),
  }
}

/** A payment as its payer sees it. */
export function paymentFacts({ state, gross, amount, provider, url }: Payment): PaymentFacts {
  const cents = gross ?? amount
  return {
    state,
    amount: cents === undefined ? undefined : Number(cents),
    isSandbox: provider === 'sandbox',
    url: state === 'opened' ? url : undefined,
  }
}
