/** Payments that v1 has credited, as refunds see them. */
import type { LineId } from '@fedow/ledger'
import type { EarlierPayment, EarlierPayments } from '../payments/refundable.ts'
import type { V1Checkout } from './store/checkouts.ts'
import type { V1Store } from './store/v1-store.ts'

/** Of a payment or of a page; v1 keeps transfers and invoices in the same place. */
const PAYMENT = /^(pi|cs)_/

export class V1EarlierPayments implements EarlierPayments {
  readonly #store: V1Store

  constructor(store: V1Store) {
    this.#store = store
  }

  ofLine(line: LineId): EarlierPayment | undefined {
    const { past, checkouts } = this.#store
    const id = past.line(line)?.checkout
    const checkout = id === undefined || id === null ? undefined : checkouts.find(id)
    const reference = checkout && referenceOf(checkout)
    return checkout && reference ? { id: checkout.id, reference } : undefined
  }

  learn(page: string, payment: string): void {
    const { checkouts } = this.#store
    const checkout = checkouts.byStripeId(page)
    if (checkout !== undefined && checkout.intent !== payment) {
      checkouts.setIntent(checkout.id, payment)
    }
  }

  has(reference: string): boolean {
    return this.#find(reference) !== undefined
  }

  refunded(reference: string): void {
    const checkout = this.#find(reference)
    if (checkout !== undefined) this.#store.checkouts.setStatus(checkout.id, 'F')
  }

  #find(reference: string): V1Checkout | undefined {
    const { checkouts } = this.#store
    const checkout = checkouts.byIntent(reference) ?? checkouts.byStripeId(reference)
    return checkout !== undefined && isCredited(checkout) ? checkout : undefined
  }
}

/** Also in part: Stripe says what is left. */
function isCredited({ status }: V1Checkout): boolean {
  return status === 'P' || status === 'V' || status === 'F'
}

function referenceOf(checkout: V1Checkout): string | undefined {
  if (!isCredited(checkout)) return undefined
  const { intent, stripeId } = checkout
  return [intent, stripeId].find((one) => one !== null && PAYMENT.test(one)) ?? undefined
}
