/** The account at the provider as the provider itself keeps it, line by line. */
import type { EventQuery } from './provider-events.ts'

/**
 * `refund`, `refund_failed`: to a payer, and back from them. `reversed`: a transfer to a venue that came back.
 * `disputed`: taken by a payer's bank, or given back. `fee`: of the account itself, of no payment. `other`: what is
 * looked after elsewhere, or is nothing of ours.
 */
export type AccountLineKind = 'refund' | 'refund_failed' | 'reversed' | 'disputed' | 'fee' | 'other'

export interface AccountLine {
  readonly reference: string
  /** In milliseconds since 1970, of the provider's clock. */
  readonly createdMs: number
  readonly kind: AccountLineKind
  /** What has moved the money: the refund, the reversal, the payout. */
  readonly source: string
  /** The payment, or the transfer, that it takes back. */
  readonly about: string | undefined
  /** Cents before the fee; below zero: it left. */
  readonly amount: bigint
  /** Cents that the provider kept for it. */
  readonly fee: bigint
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
}

export interface AccountLinePage {
  /** Newest first. */
  readonly lines: readonly AccountLine[]
  readonly isLast: boolean
}

/** A transfer to a venue, and what has come back of it. */
export interface ReversedTransfer {
  /** Cents, as it was made. */
  readonly amount: bigint
  /** Oldest first. */
  readonly reversals: readonly { readonly reference: string; readonly amount: bigint }[]
}

export interface AccountLineList {
  /** Throws ProviderError. */
  accountLines(query: EventQuery): Promise<AccountLinePage>
  /** Throws ProviderError. */
  readReversals(transfer: string): Promise<ReversedTransfer>
}
