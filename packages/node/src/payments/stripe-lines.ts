/** The lines of an account at Stripe, and transfers that came back. */
import type Stripe from 'stripe'
import type { EventQuery } from './provider-events.ts'
import type {
  AccountLine,
  AccountLineKind,
  AccountLinePage,
  ReversedTransfer,
} from './provider-lines.ts'

/** Most that Stripe answers at once. */
const PAGE = 100

const KINDS: Readonly<Record<string, AccountLineKind>> = {
  ...{ refund: 'refund', payment_refund: 'refund', refund_failure: 'refund_failed' },
  ...{ transfer_refund: 'reversed', adjustment: 'disputed' },
  ...{ stripe_fee: 'fee', stripe_fx_fee: 'fee', tax_fee: 'fee' },
}

export async function accountLines(
  stripe: Stripe,
  { sinceMs, after }: EventQuery,
): Promise<AccountLinePage> {
  const { data, has_more: hasMore } = await stripe.balanceTransactions.list({
    created: { gte: Math.floor(sinceMs / 1_000) },
    limit: PAGE,
    expand: ['data.source'],
    ...(after !== undefined && { starting_after: after }),
  })
  return { lines: data.map(toLine), isLast: !hasMore }
}

export async function readReversals(stripe: Stripe, transfer: string): Promise<ReversedTransfer> {
  const [{ amount }, { data }] = await Promise.all([
    stripe.transfers.retrieve(transfer),
    stripe.transfers.listReversals(transfer, { limit: PAGE }),
  ])
  const reversals = data.map(({ id, amount: back }) => ({ reference: id, amount: BigInt(back) }))
  return { amount: BigInt(amount), reversals: reversals.toReversed() }
}

function toLine(line: Stripe.BalanceTransaction): AccountLine {
  const { id, created, type, amount, fee, currency, source: shown } = line
  const source = (typeof shown === 'object' ? shown : null) as Source | null
  const kind = KINDS[type] ?? 'other'
  // Corrections of Stripe are adjustments too.
  const isOdd = kind === 'disputed' && source?.object !== 'dispute'
  return {
    ...{ reference: id, createdMs: created * 1_000, kind: isOdd ? 'other' : kind, currency },
    source: source?.id ?? (typeof shown === 'string' ? shown : id),
    about: idOf(kind === 'reversed' ? source?.transfer : source?.payment_intent),
    ...{ amount: BigInt(amount), fee: BigInt(fee), metadata: source?.metadata ?? {} },
  }
}

/** What is read of a refund, a reversal or a dispute. */
interface Source {
  readonly id: string
  readonly object: string
  readonly payment_intent?: Shown
  readonly transfer?: Shown
  readonly metadata?: Readonly<Record<string, string>> | null
}

type Shown = string | { readonly id: string } | null

function idOf(shown: Shown | undefined): string | undefined {
  return typeof shown === 'string' ? shown : shown?.id
}
