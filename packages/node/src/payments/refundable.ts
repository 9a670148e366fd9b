/**
 * What of a wallet's federated euros can go back to the bank cards that paid for them. The book says which payments
 * filled the wallet, and the cards that it has taken over; the provider says what is left of each.
 */
import {
  available,
  DUE_FROM_KEEPER,
  euros,
  type Hash,
  type Line,
  type LineId,
  reserveWalletId,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import type { PaymentStore, ProviderName } from '../store/payment-store.ts'
import type { PayoutStore } from '../store/payout-store.ts'
import { type Provider, ProviderError } from './provider.ts'

/** A payment of before this node. */
export interface EarlierPayment {
  readonly id: string
  /** At Stripe: of the payment, or of the page that it was made on. */
  readonly reference: string
}

/** Payments that another program has credited before this node was there. */
export interface EarlierPayments {
  /** The payment that paid for a line. */
  ofLine(line: LineId): EarlierPayment | undefined
  /** Keeps which payment was made on a page. */
  learn(page: string, payment: string): void
  /** True for a payment that was credited there. */
  has(reference: string): boolean
  /** Keeps that some of it went back. */
  refunded(reference: string): void
}

export interface RefundMeans {
  readonly book: BookReader
  readonly hash: Hash
  readonly payments: PaymentStore
  readonly payouts: PayoutStore
  readonly earlier: EarlierPayments | undefined
  readonly provider: Provider
}

/** Why nothing of a refill goes back: `not_online` was paid in another way than through a provider. */
export type RefillHindrance =
  | 'not_online'
  | 'provider_off'
  | 'disputed'
  | 'not_paid'
  | 'other_currency'
  | 'all_refunded'
  | 'unknown_there'
  | 'reserve_short'

/** A refill of the wallet, or of a card that it has taken over. Amounts in cents. */
export interface RefillShare {
  readonly line: LineId
  readonly timeMs: number
  readonly amount: bigint
  /** At the provider. */
  readonly payment: string | undefined
  /** What can go back of it; undefined when nobody has asked, since what came before is enough. */
  readonly left: bigint | undefined
  /** What goes back. */
  readonly share: bigint
  readonly why: RefillHindrance | undefined
}

export interface RefundPlan {
  readonly balance: bigint
  /** What is not held for anything, nor about to be. */
  readonly available: bigint
  /** Oldest first. */
  readonly refills: readonly RefillShare[]
  /** What of the wish goes back. */
  readonly total: bigint
}

interface Refill {
  readonly line: Line
  readonly payment: string | undefined
  readonly provider: ProviderName | undefined
}

const PAGE = 200

/** What would go back of a wallet, oldest payments first. Throws ProviderError when the provider cannot say. */
export async function planRefund(
  means: RefundMeans,
  { wallet, amount }: { readonly wallet: WalletId; readonly amount: bigint | undefined },
): Promise<RefundPlan> {
  const asked = new Map<string, Asked>()
  const refills = refillsOf(means, wallet)
  let covered = 0n
  for (const { payment, provider } of refills) {
    if (covered >= wantedOf(means, { wallet, amount })) break
    if (payment === undefined || provider !== means.provider.name || asked.has(payment)) continue
    const seen = await ask(means, payment)
    asked.set(payment, seen)
    const room = seen.left - onItsWay(means, seen.payment)
    covered += room > 0n ? room : 0n
  }
  // From here on nothing waits, so that nobody else plans with the same money.
  return divide(means, { wallet, amount, refills, asked })
}

interface Asked {
  readonly payment: string
  readonly left: bigint
  readonly why: RefillHindrance | undefined
}

async function ask({ provider, earlier }: RefundMeans, payment: string): Promise<Asked> {
  try {
    const { paymentReference, left, why } = await provider.readRefundable(payment)
    if (paymentReference !== payment) earlier?.learn(payment, paymentReference)
    return { payment: paymentReference, left, why }
  } catch (cause) {
    const isUnknown = cause instanceof ProviderError && cause.fault === 'unknown'
    if (!isUnknown) throw cause
    return { payment, left: 0n, why: 'unknown_there' }
  }
}

function divide(
  means: RefundMeans,
  {
    wallet,
    amount,
    refills,
    asked,
  }: {
    readonly wallet: WalletId
    readonly amount: bigint | undefined
    readonly refills: readonly Refill[]
    readonly asked: ReadonlyMap<string, Asked>
  },
): RefundPlan {
  const { balance, free } = moneyOf(means, wallet)
  const room = new Map<string, bigint>()
  let wanted = wantedOf(means, { wallet, amount })
  let reserve = reserveLeft(means)
  let total = 0n
  const shares = refills.map((refill): RefillShare => {
    const { line, payment, provider } = refill
    const seen = payment === undefined ? undefined : asked.get(payment)
    const facts = { line: line.id, timeMs: Math.floor(line.timeUs / 1_000), amount: line.amount }
    const shown = { ...facts, payment: seen?.payment ?? payment, share: 0n }
    if (payment === undefined) return { ...shown, left: 0n, why: 'not_online' }
    if (provider !== means.provider.name) return { ...shown, left: 0n, why: 'provider_off' }
    if (seen === undefined) return { ...shown, left: undefined, why: undefined }
    const left = room.get(seen.payment) ?? seen.left - onItsWay(means, seen.payment)
    if (left <= 0n) return { ...shown, left: 0n, why: seen.why ?? 'all_refunded' }
    const share = least(left, wanted, reserve)
    const why = share === 0n && wanted > 0n ? 'reserve_short' : undefined
    room.set(seen.payment, left - share)
    wanted -= share
    reserve -= share
    total += share
    return { ...shown, left, share, why }
  })
  return { balance, available: free, refills: shares, total }
}

function wantedOf(
  means: RefundMeans,
  { wallet, amount }: { readonly wallet: WalletId; readonly amount: bigint | undefined },
): bigint {
  const { free } = moneyOf(means, wallet)
  return amount === undefined ? free : least(amount, free)
}

function moneyOf({ book, payouts }: RefundMeans, wallet: WalletId) {
  const account = book.state.get('account', `${wallet}/${book.genesis.fed.id}`)
  const planned = payouts.underWay(wallet).filter(({ state }) => state === 'planned')
  const free = available(account) - sumOf(planned)
  return { balance: account?.balance ?? 0n, free: free > 0n ? free : 0n }
}

/** What the provider may not have heard of yet. */
function onItsWay({ payouts }: RefundMeans, payment: string): bigint {
  const there = payouts.ofPayment(payment)
  return sumOf(there.filter(({ state }) => state === 'planned' || state === 'held'))
}

/** What the reserve could pay: what its account at the provider lacks is the fees, which the keeper owes. */
function reserveLeft({ book, hash, payouts, provider }: RefundMeans): bigint {
  const there = euros(book.state, reserveWalletId(hash, `provider/${provider.name}`))
  const due = euros(book.state, reserveWalletId(hash, DUE_FROM_KEEPER))
  const left = there + due - payouts.counts().underWayAmount
  return left > 0n ? left : 0n
}

function sumOf(payouts: readonly { readonly amount: bigint }[]): bigint {
  return payouts.reduce((sum, { amount }) => sum + amount, 0n)
}

function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((less, one) => (one < less ? one : less), first)
}

/** Refills with federated euros of a wallet and of those that it has taken over, oldest first. */
function refillsOf(means: RefundMeans, wallet: WalletId): readonly Refill[] {
  const { book } = means
  const [refills, seen] = [new Map<LineId, Line>(), new Set([wallet])]
  for (const one of seen) {
    for (const line of linesOf(book, one)) {
      if (line.to !== one) continue
      if (line.action === 'FUS') seen.add(line.from)
      const isRefill = line.action === 'REF' && line.asset === book.genesis.fed.id
      if (isRefill) refills.set(line.id, line)
    }
  }
  const sorted = [...refills.values()].sort((a, b) => a.timeUs - b.timeUs || a.number - b.number)
  return sorted.map((line) => ({ line, ...paymentOf(means, line) }))
}

function* linesOf(book: BookReader, wallet: WalletId): Iterable<Line> {
  let cursor: string | undefined
  do {
    const page = book.linesOfWallet(wallet, { limit: PAGE, cursor })
    yield* page.lines
    cursor = page.next
  } while (cursor !== undefined)
}

function paymentOf({ payments, earlier }: RefundMeans, line: Line): Omit<Refill, 'line'> {
  const before = line.imported === undefined ? undefined : earlier?.ofLine(line.id)
  if (before !== undefined) return { payment: before.reference, provider: 'stripe' }
  const { paymentReference, provider } = payments.byTx(line.tx) ?? {}
  return { payment: paymentReference, provider }
}
