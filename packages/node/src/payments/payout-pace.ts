/** When a payout is looked at again without anybody asking. */
import type { PayerPayout } from '../store/payout-store.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Somebody waits for money that is held. */
const WAITING_MS = [2, 5, 15, 30, 60, 60, 120, 300].map((seconds) => seconds * SECOND_MS)
/** The bank takes hours, or days. */
const PENDING_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS]
/** A bank may send back what was paid, and the event that tells it may be lost. */
const PAID_MS = [1, 2, 4, 7, 14].map((days) => days * DAY_MS)

/** A wish that could not be looked at for so long is no wish any more. */
export const WISH_WITHIN_MS = DAY_MS

/** How long to wait with a wish after so many looks that changed nothing. */
export function wishPauseMs(tries: number): number {
  return WAITING_MS[Math.min(tries, WAITING_MS.length - 1)] ?? MINUTE_MS
}

/** The same for a payout; undefined: there is nothing more to see. */
export function payoutPauseMs({
  state,
  refund,
  tries,
}: Pick<PayerPayout, 'state' | 'refund' | 'tries'>): number | undefined {
  if (state === 'planned' || state === 'held' || state === 'asked') return wishPauseMs(tries)
  if (state !== 'paid') return undefined
  if (refund === 'succeeded') return PAID_MS[tries]
  // Failed: the wallet gets it back as soon as the book takes it.
  if (refund === 'failed') return wishPauseMs(tries)
  return PENDING_MS[Math.min(tries, PENDING_MS.length - 1)]
}
