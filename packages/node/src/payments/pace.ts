/** When a payment is looked at again without anybody asking. */
import type { PaymentState } from '../store/payment-store.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** A payer takes minutes, and may never come. */
const WAITING_MS = [1, 1, 2, 3, 5, 10, 20, 30].map((minutes) => minutes * MINUTE_MS)
/** Money has come in and somebody waits for it: at once, then without pressing. */
const OWED_MS = [2, 5, 15, 30, 60, 60, 120, 300].map((seconds) => seconds * SECOND_MS)

/** How long to wait after so many looks that changed nothing; undefined: there is nothing more to see. */
export function pauseMs(state: PaymentState, tries: number): number | undefined {
  if (state === 'paid') return OWED_MS[Math.min(tries, OWED_MS.length - 1)]
  if (state !== 'intended' && state !== 'opened') return undefined
  return WAITING_MS[Math.min(tries, WAITING_MS.length - 1)]
}

/** A provider forgets an idempotency key after a day: what was not opened by then never is. */
export const OPEN_WITHIN_MS = 23 * 60 * MINUTE_MS

/** A page expires after a day; a bank may take some more. Whoever asks by then is answered, but nobody looks by themselves. */
export const LOOK_WITHIN_MS = 21 * 24 * 60 * MINUTE_MS

/** Money that is not credited for so long is told to the operator. */
export const LATE_MS = 2 * MINUTE_MS

/** A reader asks for a card at the wish of a till that waits: a wish that is older is not passed on by itself. */
export const PUSH_WITHIN_MS = MINUTE_MS

/** Nobody stands at a terminal for longer: what is not paid by then is given up. */
export const CARD_WITHIN_MS = 5 * MINUTE_MS

/** The same for a payment at a terminal, by how long ago the till asked for the card. */
export function readerPauseMs(ageMs: number): number {
  if (ageMs < 2 * CARD_WITHIN_MS) return 15 * SECOND_MS
  return ageMs < 24 * 60 * MINUTE_MS ? 2 * MINUTE_MS : 30 * MINUTE_MS
}
