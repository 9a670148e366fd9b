/** What every step of a payment works with, and how what it has learnt is written before the next one begins. */
import type { Kid, NodeId } from '@fedow/ledger'
import type { Signer } from '../gateway/sign.ts'
import type { PayerStore } from '../store/payer-store.ts'
import type { Payment, PaymentStore } from '../store/payment-store.ts'
import type { CreditMeans } from './credit.ts'
import { LOOK_WITHIN_MS, pauseMs, readerPauseMs } from './pace.ts'
import type { Provider } from './provider.ts'

/** Where a process may die without harm; tests make it die there. */
export type PaymentPoint =
  | 'intended'
  | 'page_made'
  | 'opened'
  | 'intent_made'
  | 'intent_noted'
  | 'pushed'
  | 'push_noted'
  | 'cancelled'
  | 'payment_seen'
  | 'paid'
  | 'issued'
  | 'credited'

export interface StepMeans extends CreditMeans {
  readonly store: PaymentStore
  readonly payers: PayerStore
  readonly provider: Provider
  /** The key that issues. */
  readonly keeper: Kid
  /** This node, and the key by which it signs for the places that let it. */
  readonly node: NodeId
  readonly signer: Pick<Signer, 'kid' | 'sign'>
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  readonly onPoint: (point: PaymentPoint) => void
  /** Something is wrong that the operator should read about. */
  readonly warn: (what: string, facts: object) => void
}

/** The note of a payment that an event alone tells of: whose it is must stand at the provider too. */
export const FOUND_AGAIN = '{"found":"again"}'

/** Writes a payment that has come further. */
export function changed(
  { store, payers, now }: Pick<StepMeans, 'store' | 'payers' | 'now'>,
  payment: Payment,
  changes: Partial<Payment>,
): Payment {
  const nowMs = now()
  const after = { ...payment, problem: undefined, ...changes, tries: 0, changedMs: nowMs }
  const pause = pauseOf({ ...after, tries: 0 }, nowMs)
  const kept = pause === undefined ? { note: undefined } : {}
  const saved = store.save({
    ...after,
    ...kept,
    nextMs: pause === undefined ? undefined : nowMs + pause,
  })
  // Once the provider has made the page, nobody's address is needed any more.
  if (payment.state === 'intended' && saved.state !== 'intended') payers.forget(payment.id)
  return saved
}

/** Writes that there is nothing new, and when to look again. */
export function later(
  { store, now }: Pick<StepMeans, 'store' | 'now'>,
  payment: Payment,
  problem: string | undefined,
): Payment {
  const nowMs = now()
  const isOver = payment.state === 'opened' && nowMs - payment.createdMs > LOOK_WITHIN_MS
  const pause = isOver ? undefined : pauseOf(payment, nowMs)
  const nextMs = pause === undefined ? undefined : nowMs + pause
  return store.save({ ...payment, problem, tries: payment.tries + 1, nextMs })
}

function pauseOf({ state, tries, atReader }: Payment, nowMs: number): number | undefined {
  const isAsked = atReader !== undefined && (state === 'intended' || state === 'opened')
  return isAsked ? readerPauseMs(nowMs - atReader.askedMs) : pauseMs(state, tries)
}
