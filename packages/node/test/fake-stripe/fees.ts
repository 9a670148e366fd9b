/** What Stripe keeps. Amounts in cents, rates in basis points. */
export interface Fee {
  readonly rateBps: number
  readonly fixed: number
}

export interface Fees {
  readonly card: Fee
  readonly card_present: Fee
  readonly sepa_debit: Fee
  /** For each refund, whatever its amount. */
  readonly refund: number
  /** For each dispute, whoever wins it. */
  readonly dispute: number
  /** Whether a dispute that is won brings its fee back. */
  readonly isDisputeFeeReturned: boolean
}

/** The usual ones of a French account for cards of the European Economic Area. */
export const USUAL_FEES: Fees = {
  card: { rateBps: 150, fixed: 25 },
  card_present: { rateBps: 140, fixed: 10 },
  sepa_debit: { rateBps: 0, fixed: 35 },
  refund: 0,
  dispute: 2000,
  isDisputeFeeReturned: false,
}

/** Half a cent rounds up. */
export function feeOn(amount: number, { rateBps, fixed }: Fee): number {
  return Math.floor((amount * rateBps + 5_000) / 10_000) + fixed
}
