/**
 * What the book answers to the lines of an account at a provider that it has not moved itself.
 *
 *   a fee                        the keeper owes it
 *   a refund that nobody here    the keeper owes it: its payer has the euros, and whoever holds the federated ones now
 *   has asked for                has perhaps not caused it
 *   a transfer that came back    what the keeper had lent for it first, then the venue has its federated euros again
 */
import { type Action, deriveId, type TxId, toUtf8, type WalletId } from '@fedow/ledger'
import type { LineStore, WaitingLine } from '../store/line-store.ts'
import type { PaymentStore } from '../store/payment-store.ts'
import { type DueMeans, owe } from './due-moves.ts'
import { evidenceOf, orderAsKeeper } from './keeper-tx.ts'
import type { Provider } from './provider.ts'
import type { AccountLine, AccountLineList, ReversedTransfer } from './provider-lines.ts'
import type { EarlierPayments } from './refundable.ts'
import { evidenceFor, moreThanHad } from './venue-deposit.ts'

export interface LineMeans extends DueMeans {
  readonly lines: LineStore
  readonly payments: PaymentStore
  readonly earlier: EarlierPayments | undefined
  readonly provider: Provider & AccountLineList
  /** True while a transfer of ours has left and is not deposited. */
  readonly isUnderWay: (transfer: string) => boolean
  /** A payment of which a dispute has moved money. */
  readonly suspect: (payment: string) => void
  readonly warn: (what: string, facts: object) => void
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LOOK_AFTER_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS]
const TRIES_MAX = 120
/** A transfer that nobody deposits so soon is not for a venue of ours. */
const STRANGE_TRIES_MAX = 4

/** Takes a line in: what can be booked at once is owed, and what needs more is kept until it is answered. */
export function noteLine(means: LineMeans, line: AccountLine): void {
  const { reference, kind, source, about, amount, fee, currency } = line
  if (currency !== 'eur') return
  switch (kind) {
    case 'fee':
      owe(means, { ...moveOf(means), reference, amount: fee - amount, why: 'fee' })
      break
    case 'disputed':
      if (about !== undefined && means.disputes.move(reference) === undefined) means.suspect(about)
      break
    case 'other':
      if (evidenceOf(means, source) !== undefined) oweFee(means, line)
      break
    case 'reversed':
      keep(means, { ...line, kind })
      break
    case 'refund':
    case 'refund_failed':
      if (isAskedByUs(means, line)) oweFee(means, line)
      else if (about !== undefined && isOurs(means, about)) keep(means, { ...line, kind })
  }
}

function keep(
  { lines, now, provider }: LineMeans,
  { reference, kind, source, about, amount, fee }: AccountLine & Pick<WaitingLine, 'kind'>,
): void {
  if (about === undefined || lines.find(reference) !== undefined) return
  const fresh = { rejections: 0, tries: 0, problem: undefined, nextMs: now() }
  const of = { reference, provider: provider.name, kind, source, about, amount, fee }
  lines.save({ ...of, ...fresh })
}

/** Answers a line that waits. Throws ProviderError. */
export async function settleLine(means: LineMeans, line: WaitingLine): Promise<void> {
  if (line.kind === 'reversed') await settleReversal(means, line)
  else if (isCredited(means, line.about)) settleCredited(means, line)
  else await settleUncredited(means, line)
}

/** Writes that a line is not answered yet, and when to look again. */
export function lineLater(means: LineMeans, line: WaitingLine, problem: string): void {
  const tries = line.tries + 1
  const pause = LOOK_AFTER_MS[Math.min(line.tries, LOOK_AFTER_MS.length - 1)] ?? HOUR_MS
  const nextMs = tries > TRIES_MAX ? undefined : means.now() + pause
  means.lines.save({ ...line, tries, problem, nextMs })
}

function isOver(means: LineMeans, line: WaitingLine): void {
  means.lines.save({ ...line, problem: undefined, nextMs: undefined })
}

function moveOf({ provider }: LineMeans) {
  return { provider: provider.name }
}

function oweFee(
  means: LineMeans,
  { reference, fee }: Pick<AccountLine, 'reference' | 'fee'>,
): void {
  if (fee === 0n) return
  owe(means, { ...moveOf(means), reference: `${reference} fee`, amount: fee, why: 'fee' })
}

/** A refund by which this node has ended a payout looks after itself. */
function isAskedByUs({ book }: LineMeans, { metadata }: AccountLine): boolean {
  return metadata['fedow_payout'] !== undefined && metadata['fedow_chain'] === book.chain
}

function isCredited(means: LineMeans, payment: string): boolean {
  return evidenceOf(means, payment) !== undefined || means.earlier?.has(payment) === true
}

function isOurs(means: LineMeans, payment: string): boolean {
  const { payments, provider } = means
  const isKnown = payments.byPaymentReference(provider.name, payment) !== undefined
  return isKnown || isCredited(means, payment)
}

function settleCredited(means: LineMeans, line: WaitingLine): void {
  if (line.kind === 'refund') oweRefund(means, line)
  else oweFailure(means, line)
  oweFee(means, line)
  isOver(means, line)
}

function oweRefund(means: LineMeans, { source, about, amount }: WaitingLine): void {
  if (isByHand(means, source) || means.disputes.move(source) !== undefined) return
  const { payments, provider, warn } = means
  warn('A refill was refunded at the provider, not here: the keeper owes it to the reserve', {
    ...{ payment: about, refund: source, cents: Number(-amount) },
  })
  owe(means, {
    ...{ ...moveOf(means), reference: source, amount: -amount },
    ...{ why: 'dispute', isPlain: true },
  })
  const payment = payments.byPaymentReference(provider.name, about)
  if (payment !== undefined) payments.save({ ...payment, problem: 'refunded_elsewhere' })
}

/** The operator has taken it out of circulation: its reference is burnt, and no move of ours did that. */
function isByHand(means: LineMeans, refund: string): boolean {
  return evidenceOf(means, refund) !== undefined && means.disputes.move(refund) === undefined
}

function oweFailure(means: LineMeans, { source, about, amount }: WaitingLine): void {
  if (isByHand(means, source)) {
    const facts = { payment: about, refund: source, cents: Number(amount) }
    means.warn('A refund that was booked by hand has come back: issue for it by hand', facts)
    return
  }
  const reference = `${source} failed`
  owe(means, { ...moveOf(means), reference, amount: -amount, why: 'dispute' })
}

/** Nothing of the payment is in the reserve, but what the provider kept of it is lost when all of it has gone back. */
async function settleUncredited(means: LineMeans, line: WaitingLine): Promise<void> {
  const { provider, disputes } = means
  const { about, kind } = line
  const kept = `${about} fee`
  if (kind === 'refund_failed') {
    const lost = disputes.move(kept)
    if (lost === undefined) return lineLater(means, line, 'not_credited')
    owe(means, { ...moveOf(means), reference: `${kept} again`, amount: -lost.amount, why: 'fee' })
    return isOver(means, line)
  }
  const { why } = await provider.readRefundable(about)
  const { fees } = why === 'all_refunded' ? await provider.read(about) : { fees: undefined }
  if (fees === undefined) return lineLater(means, line, 'not_credited')
  owe(means, { ...moveOf(means), reference: kept, amount: fees.fee, why: 'fee' })
  oweFee(means, line)
  isOver(means, line)
}

/** Euros that a venue was paid are on our account again. */
async function settleReversal(means: LineMeans, line: WaitingLine): Promise<void> {
  const { source, about } = line
  const paid = paidBy(means, about)
  if (paid === undefined) {
    const isStrange = !means.isUnderWay(about) && line.tries >= STRANGE_TRIES_MAX
    return isStrange ? isOver(means, line) : lineLater(means, line, 'not_deposited')
  }
  const { lent, given } = shareOf(await means.provider.readReversals(about), source, paid)
  if (lent > 0n) {
    const reference = `${source}: what the keeper had lent`
    owe(means, { ...moveOf(means), reference, amount: -lent, why: 'dispute' })
  }
  if (given > 0n && evidenceOf(means, source) === undefined) {
    const isIssued = await issueAgain(means, line, { wallet: paid.wallet, given })
    if (!isIssued) return
  }
  oweFee(means, line)
  isOver(means, line)
}

interface PaidTransfer {
  readonly wallet: WalletId
  /** What left circulation for it. */
  readonly burnt: bigint
  /** What the venue was paid beyond what it had. */
  readonly lent: bigint
}

/** What the book has deposited for a transfer; undefined while it has nothing of it. */
function paidBy(means: LineMeans, transfer: string): PaidTransfer | undefined {
  const { book } = means
  const first = evidenceOf(means, transfer)
  const outcome = first === undefined ? undefined : book.tx(first.tx)?.outcome
  if (first === undefined || outcome?.status !== 'applied') return undefined
  const { fed, wallet } = book.genesis
  const burnt = outcome.lines.find(({ action, asset }) => action === 'BNK' && asset === fed.id)
  if (burnt === undefined) return { wallet, burnt: 0n, lent: first.amount }
  const lent = evidenceOf(means, moreThanHad(transfer))?.amount ?? 0n
  return { wallet: burnt.from, burnt: first.amount, lent }
}

/**
 * What a reversal gives back: nothing of what had come back before the deposit, then what the keeper had lent, then
 * what left circulation.
 */
function shareOf(
  { amount, reversals }: ReversedTransfer,
  reversal: string,
  { burnt, lent }: PaidTransfer,
): { readonly lent: bigint; readonly given: bigint } {
  const at = reversals.findIndex(({ reference }) => reference === reversal)
  if (at < 0) return { lent: 0n, given: 0n }
  const start = reversals.slice(0, at).reduce((sum, one) => sum + one.amount, 0n)
  const end = start + (reversals[at]?.amount ?? 0n)
  const within = (from: bigint, to: bigint) => {
    const [first, last] = [start > from ? start : from, end < to ? end : to]
    return last > first ? last - first : 0n
  }
  const before = amount - burnt - lent
  return { lent: within(before, before + lent), given: within(before + lent, amount) }
}

/** False: it waits. */
async function issueAgain(
  means: LineMeans,
  line: WaitingLine,
  { wallet, given }: { readonly wallet: WalletId; readonly given: bigint },
): Promise<boolean> {
  const { hash, provider, warn } = means
  const { source, rejections } = line
  const from = { account: `provider/${provider.name}`, reference: source }
  const action: Action = { kind: 'issue', to: { wallet }, evidence: evidenceFor(hash, from, given) }
  const id = deriveId<TxId>(hash, 'venue-return', toUtf8(source), rejections)
  const made = await orderAsKeeper(means, [action], id)
  if (made.status === 'applied') return true
  const isKept = made.status === 'rejected'
  const problem = made.status === 'later' ? 'book_busy' : made.code
  if (problem !== line.problem) {
    warn('Euros that a venue was paid have come back, and are not issued to it yet', {
      ...{ reversal: source, wallet, cents: Number(given), problem },
    })
  }
  lineLater(means, { ...line, rejections: rejections + (isKept ? 1 : 0) }, problem)
  return false
}
