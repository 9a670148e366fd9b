/** What a provider does with money that goes back: when we ask for it, and when the payer's bank does. */

/** A part of a payment, or all of it, that goes back to its payer. */
export interface RefundOrder {
  /** The payment, as `ProviderPayment.paymentReference` names it, or the page on which it was made. */
  readonly payment: string
  /** Cents. */
  readonly amount: bigint
  /** Of this refund alone: by it the provider finds it again. */
  readonly group: string
  /** True when it may have been made already: the provider looks before it makes one. */
  readonly isRepeat: boolean
  /** Comes back with every event and answer about it. */
  readonly metadata: Readonly<Record<string, string>>
}

/** `pending`: on its way; it may still fail, and so may one that has succeeded, days later. */
export type RefundState = 'pending' | 'succeeded' | 'failed'

export interface ProviderRefund {
  readonly reference: string
  readonly state: RefundState
  /** False while the provider waits for money on its account. */
  readonly hasLeft: boolean
}

/** What can still go back of a payment. */
export interface Refundable {
  readonly paymentReference: string
  /** Cents. */
  readonly left: bigint
  /** Why nothing can, when that is so. */
  readonly why: 'disputed' | 'not_paid' | 'other_currency' | 'all_refunded' | undefined
}

/** Money that a dispute has taken from our account, or given back: what it moves, its fee included. */
export interface DisputeMovement {
  readonly reference: string
  /** Cents; below zero when it came back. */
  readonly taken: bigint
  readonly currency: string
}

export interface ProviderDispute {
  readonly reference: string
  readonly isOpen: boolean
  readonly movements: readonly DisputeMovement[]
}

/** Each throws ProviderError. */
export interface RefundProvider {
  /** The same key again answers the same refund. */
  refund(order: RefundOrder, idempotencyKey: string): Promise<ProviderRefund>
  readRefund(reference: string): Promise<ProviderRefund>
  readRefundable(payment: string): Promise<Refundable>
  readDisputes(payment: string): Promise<readonly ProviderDispute[]>
}
