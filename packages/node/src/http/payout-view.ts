import { type PayoutsView, type PayoutView, payoutSentence, type Static } from '@fedow/api'
import type { PayerPayout, PayoutCounts } from '../store/payout-store.ts'
import { toIsoMs } from './time.ts'

/** A payout to the payer of a refill. */
export function payoutView(payout: PayerPayout): Static<typeof PayoutView> {
  const { id, wallet, amount, createdMs, changedMs, nextMs, problem } = payout
  const { state, provider, payment, reference, refund } = payout
  return {
    ...{ payout: id, wallet, amount: Number(amount), opened: toIsoMs(createdMs) },
    refund: {
      ...{ state, provider, payment, changed: toIsoMs(changedMs) },
      ...(reference !== undefined && { reference }),
      ...(refund !== undefined && { atProvider: refund }),
      ...(nextMs !== undefined && { next: toIsoMs(nextMs) }),
      ...(problem !== undefined && {
        problem: { code: problem, sentence: payoutSentence(problem) },
      }),
    },
  }
}

/** How all of them stand. */
export function payoutsView(counts: PayoutCounts): Static<typeof PayoutsView> {
  const { underWay, underWayAmount, oldestMs } = counts
  return {
    ...{ underWay, underWayAmount: Number(underWayAmount) },
    ...(oldestMs !== undefined && { oldest: toIsoMs(oldestMs) }),
  }
}
