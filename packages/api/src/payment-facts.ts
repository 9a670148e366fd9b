/** What the pages about a payment show. Amounts in cents. */

/** The page on which the sandbox is paid. */
export interface SandboxFacts {
  readonly reference: string
  readonly state: 'open' | 'pending' | 'paid' | 'failed' | 'expired'
  /** Absent: the payer chooses. */
  readonly amount: number | undefined
  readonly returnUrl: string
  /** ISO 8601, by the sandbox's clock. */
  readonly now: string
  /** What the payer did last was refused: no such amount, or the card was declined. */
  readonly refused?: 'amount' | 'declined' | undefined
  /** Whether the reader asks for it; absent: it is paid on this page. */
  readonly isWaitedFor?: boolean | undefined
}

/** The page to which a payer comes back. */
export interface PaymentFacts {
  readonly state: 'intended' | 'opened' | 'paid' | 'credited' | 'failed' | 'expired'
  readonly amount: number | undefined
  readonly isSandbox: boolean
  /** Where it can still be paid. */
  readonly url: string | undefined
  /** What a payment waits for that the payer has done their part of: the bank, another person, or tomorrow. */
  readonly waits?: 'bank' | 'second_keeper' | 'tomorrow' | undefined
}
