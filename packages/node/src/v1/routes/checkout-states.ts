/** Payments as v1 names their states (WIRE.md 4.12), and those that v1 began before this node was there. */
import { hindranceSentence } from '@fedow/api'
import type { Payment, PaymentId } from '../../store/payment-store.ts'
import type { V1Means } from '../means.ts'
import type { V1Checkout } from '../store/checkouts.ts'

/** A checkout of v1's own: what it has recorded, and the payment that goes on with it while it can. */
export interface EarlierCheckout {
  readonly checkout: V1Checkout
  readonly payment: Payment | undefined
}

export function checkoutById(means: V1Means, id: string): EarlierCheckout | undefined {
  return goOn(means, means.store.checkouts.find(id))
}

export function checkoutByStripeId(means: V1Means, id: string): EarlierCheckout | undefined {
  return goOn(means, means.store.checkouts.byStripeId(id))
}

export function isStillOpen({ payment }: EarlierCheckout): boolean {
  return payment !== undefined
}

/** A page that v1 opened may be paid after the move: its payment is looked after here from then on. */
function goOn(means: V1Means, checkout: V1Checkout | undefined): EarlierCheckout | undefined {
  if (checkout === undefined) return undefined
  const { id, status, stripeId, person, asset, timeUs } = checkout
  const { payments } = means.payments
  const isOpen = (status === 'N' || status === 'O' || status === 'G') && payments.off === undefined
  const isRefill = stripeId?.startsWith('cs_') === true && asset === means.book.genesis.fed.id
  if (!isOpen || !isRefill || person === null) return { checkout, payment: undefined }
  const payment = payments.adopt({
    ...{ id: id as PaymentId, kind: 'refill', wallet: person, reference: stripeId },
    ...{ card: undefined, place: undefined, amount: undefined, email: undefined, returnUrl: '' },
    ...{ note: undefined, createdMs: Math.floor(timeUs / 1_000) },
  })
  return { checkout, payment }
}

/** Received, and credited by itself later: another person looks at it, or the day is over. */
const WAITING = /^(second_keeper_needed|issue_day)$/

/** The letter of a payment that is not credited. */
export function letterOf({ state, problem }: Payment): 'N' | 'O' | 'G' | 'R' {
  if (state === 'intended') return 'N'
  if (state === 'paid') return problem === undefined || WAITING.test(problem) ? 'G' : 'R'
  return state === 'failed' && problem !== undefined ? 'R' : 'O'
}

/** Hindrances that pass by themselves: nothing to tell a client of. */
const PASSING = /^(provider_|fee_unknown$|book_busy$)/

/** Which rule a payment breaks, in words; undefined when it breaks none. */
export function hindranceOf({ state, problem }: Payment): string | undefined {
  if (problem === undefined || state === 'credited' || state === 'opened') return undefined
  return PASSING.test(problem) ? undefined : hindranceSentence(problem)
}
