import type { BalanceLine, Books } from './books.ts'
import { PLATFORM } from './books.ts'

/** What has moved on the platform's account since the beginning, in cents; none is negative. */
export interface Totals {
  readonly charged: bigint
  readonly fees: bigint
  readonly refunded: bigint
  readonly refundsFailed: bigint
  readonly transferred: bigint
  readonly transfersReversed: bigint
  readonly paidOut: bigint
  readonly payoutsReturned: bigint
  readonly disputed: bigint
  readonly disputesReversed: bigint
  readonly toppedUp: bigint
  /** What all of it leaves: the balance, available and pending. */
  readonly balance: bigint
}

type Kind = Exclude<keyof Totals, 'fees' | 'balance'>

const KINDS: Readonly<Record<string, Kind>> = {
  charge: 'charged',
  payment: 'charged',
  refund: 'refunded',
  payment_refund: 'refunded',
  refund_failure: 'refundsFailed',
  transfer: 'transferred',
  transfer_refund: 'transfersReversed',
  payout: 'paidOut',
  payout_failure: 'payoutsReturned',
  payout_cancel: 'payoutsReturned',
  topup: 'toppedUp',
}

export function totalsOf(books: Books, currency = 'eur'): Totals {
  const sums = {
    ...{ charged: 0n, fees: 0n, refunded: 0n, refundsFailed: 0n, transferred: 0n },
    ...{ transfersReversed: 0n, paidOut: 0n, payoutsReturned: 0n, disputed: 0n },
    ...{ disputesReversed: 0n, toppedUp: 0n, balance: 0n },
  }
  for (const line of books.of(PLATFORM)) {
    if (line.currency !== currency) continue
    const amount = BigInt(line.amount)
    if (line.type === 'stripe_fee') {
      sums.fees -= amount
      sums.balance += BigInt(line.net)
      continue
    }
    sums[kindOf(line)] += amount < 0n ? -amount : amount
    sums.fees += BigInt(line.fee)
    sums.balance += BigInt(line.net)
  }
  return sums
}

function kindOf({ type, amount }: BalanceLine): Kind {
  if (type === 'adjustment') return amount < 0 ? 'disputed' : 'disputesReversed'
  const kind = KINDS[type]
  if (!kind) throw new Error(`No total counts the lines of type ${type}.`)
  return kind
}
