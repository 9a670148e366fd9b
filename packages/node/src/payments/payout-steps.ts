/**
 * The states of a payout to a payer, one step at a time. Each step writes what it has learnt before the next one
 * begins, and can be done again after a crash at any moment:
 *
 *   planned    the money is held in the book, by a tx whose id follows from the payout
 *   held       the provider is asked with a key that follows from the payout; from the second time on after a look
 *              whether it has made the refund
 *   asked      the refund is the evidence that takes the money out of circulation, once; one that failed releases it
 *   paid       the bank may still send it back: then it is issued again, with the failure as evidence, once
 */
import {
  type Action,
  type Amount,
  DUE_FROM_KEEPER,
  deriveId,
  euros,
  reserveWalletId,
  type TxId,
} from '@fedow/ledger'
import type { PayerPayout, PayoutStore } from '../store/payout-store.ts'
import { type CreditablePayment, type CreditMeans, credit } from './credit.ts'
import { type DueMeans, owe } from './due-moves.ts'
import { evidenceOf, orderAsKeeper, shaOf } from './keeper-tx.ts'
import { payoutPauseMs } from './payout-pace.ts'
import { type Provider, ProviderError } from './provider.ts'
import type { ProviderRefund } from './provider-refunds.ts'
import type { EarlierPayments } from './refundable.ts'
import { refusalNow } from './taking.ts'
import { waitOf } from './waiting.ts'

/** Where a process may die without harm; tests make it die there. */
export type PayoutPoint =
  | 'wished'
  | 'planned'
  | 'hold_made'
  | 'held'
  | 'asking'
  | 'refund_made'
  | 'asked'
  | 'burnt'
  | 'paid'
  | 'cancelled'
  | 'released'
  | 'failure_seen'
  | 'issued'
  | 'returned'

export interface PayoutMeans extends DueMeans, CreditMeans {
  readonly gateway: CreditMeans['gateway']
  readonly payouts: PayoutStore
  readonly provider: Provider
  readonly earlier: EarlierPayments | undefined
  readonly onPoint: (point: PayoutPoint) => void
  /** Something is wrong that the operator should read about. */
  readonly warn: (what: string, facts: object) => void
}

/** How often a payout that was overtaken by others is tried again at once. */
const OVERTAKEN_MAX = 5

/** Takes a payout as far as it goes now. Only one at a time may do so for one payout. */
export async function advancePayout(means: PayoutMeans, payout: PayerPayout): Promise<PayerPayout> {
  if (payout.provider !== means.provider.name) return later(means, payout, 'provider_off')
  try {
    const held = payout.state === 'planned' ? await hold(means, payout) : payout
    if (held.state === 'held') return await ask(means, held)
    if (held.state === 'asked') return await settle(means, held)
    return held.state === 'paid' ? await watch(means, held) : held
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    return onFault(means, means.payouts.find(payout.id) ?? payout, cause)
  }
}

async function hold(means: PayoutMeans, payout: PayerPayout): Promise<PayerPayout> {
  const { id, wallet, amount } = payout
  if (!isHeld(means, payout)) {
    const action = { kind: 'payout-open', payout: id, wallet, amount: amount as Amount } as const
    const tx = deriveId<TxId>(means.hash, 'payout-open', id)
    const made = await orderAsKeeper(means, [action], tx)
    if (made.status === 'later') return later(means, payout, 'book_busy')
    // Spent since, say: nothing was held, and nothing is paid.
    const isOpen = made.status === 'applied'
    if (!isOpen) return changed(means, payout, { state: 'released', problem: made.code })
  }
  means.onPoint('hold_made')
  const held = changed(means, payout, { state: 'held' })
  means.onPoint('held')
  return held
}

function isHeld({ book }: PayoutMeans, { id }: PayerPayout): boolean {
  return book.state.get('payout', id) !== undefined
}

async function ask(means: PayoutMeans, payout: PayerPayout): Promise<PayerPayout> {
  const { provider, book, payouts, onPoint } = means
  const { id, payment, amount, asks, spoilt } = payout
  // Somebody has ended it by hand: who pays now would pay for nothing.
  if (!isHeld(means, payout)) return afterCancel(means, payout, 'ended_by_hand')
  const asking = payouts.save({ ...payout, asks: asks + 1 })
  onPoint('asking')
  const metadata = { fedow_chain: book.chain }
  const order = { payment, amount, group: id, isRepeat: asks > 0, metadata }
  let refund: ProviderRefund
  try {
    refund = await provider.refund(order, `fedow-${id}-refund-${spoilt}`)
  } catch (cause) {
    const fault = cause instanceof ProviderError ? cause.fault : undefined
    const isRefused = fault === 'refused' || fault === 'unknown'
    if (!isRefused) throw cause
    return cancel(means, asking, 'provider_refused')
  }
  onPoint('refund_made')
  const { reference, state } = refund
  const asked = changed(means, asking, { state: 'asked', reference, refund: state })
  onPoint('asked')
  return settle(means, asked, refund)
}

/** `seen`: what the provider has just said of it. */
async function settle(
  means: PayoutMeans,
  payout: PayerPayout,
  seen?: ProviderRefund,
): Promise<PayerPayout> {
  const { reference = '', rejections } = payout
  if (evidenceOf(means, reference) !== undefined) return afterPay(means, payout)
  const refund = seen ?? (await means.provider.readRefund(reference))
  const told = { ...payout, refund: refund.state }
  if (refund.state === 'failed') return cancel(means, told, 'refund_failed')
  if (!isHeld(means, payout)) return later(means, told, 'ended_by_hand')
  const actions = payActions(means, payout, refund)
  if (actions === undefined) return later(means, told, 'reserve_short')
  const id = deriveId<TxId>(means.hash, 'payout-pay', payout.id, rejections)
  const made = await orderAsKeeper(means, actions, id)
  switch (made.status) {
    case 'applied':
      return afterPay(means, told)
    case 'later':
      return later(means, told, 'book_busy')
    case 'refused':
      return later(means, told, made.code)
    case 'rejected': {
      const again = { ...told, rejections: rejections + 1 }
      // Another payout has taken the euros that this one counted on: the keeper pays what is lacking now.
      const isOvertaken = made.code === 'reserve_short' && rejections < OVERTAKEN_MAX
      if (!isOvertaken) return later(means, again, made.code)
      return settle(means, means.payouts.save(again), refund)
    }
  }
}

/**
 * What burns a refund. It takes the whole of a payment whose fee the provider has kept: what its account lacks for it
 * the keeper has paid there, so that it is owed less. Undefined when the account lacks more than that.
 */
function payActions(
  { book, hash }: PayoutMeans,
  { id, amount: cents, provider, reference = '' }: PayerPayout,
  { hasLeft }: ProviderRefund,
): readonly Action[] | undefined {
  const account = `provider/${provider}`
  const amount = cents as Amount
  const euroOn = (name: string) => euros(book.state, reserveWalletId(hash, name))
  const sums = { gross: amount, fee: 0n as Amount, net: amount }
  const evidence = { account, reference: shaOf(hash, reference), ...sums }
  const pay = { kind: 'payout-pay', payout: id, evidence } as const
  const lacking = (amount - euroOn(account)) as Amount
  if (lacking <= 0n) return [pay]
  if (!hasLeft || euroOn(DUE_FROM_KEEPER) < lacking) return undefined
  const settled: Action = {
    kind: 'reserve-move',
    ...{ from: DUE_FROM_KEEPER, to: account, amount: lacking },
    reference: shaOf(hash, overdrawnBy(reference)),
    why: 'settlement',
  }
  return [settled, pay]
}

/** The text whose hash stands for what a refund has overdrawn. */
function overdrawnBy(reference: string): string {
  return `${reference} overdrawn`
}

function afterPay(means: PayoutMeans, payout: PayerPayout): PayerPayout {
  const { earlier, onPoint } = means
  const { reference = '', provider, payment, refund } = payout
  onPoint('burnt')
  const overdrawn = evidenceOf(means, overdrawnBy(reference))
  if (overdrawn !== undefined) {
    // The provider takes it back from the next payments: then the keeper owes it again.
    const move = {
      reference: overdrawnBy(reference),
      amount: overdrawn.amount,
      why: 'fee',
    } as const
    owe(means, { ...move, provider })
  }
  earlier?.refunded(payment)
  const paid = changed(means, payout, { state: 'paid', refund })
  onPoint('paid')
  return paid
}

/** Ends a payout of which nothing was paid. */
async function cancel(
  means: PayoutMeans,
  payout: PayerPayout,
  problem: string,
): Promise<PayerPayout> {
  const { id, reference, rejections } = payout
  const shown = reference === undefined ? `payout ${id} refused` : failureOf(reference)
  if (evidenceOf(means, shown) === undefined) {
    const sha = shaOf(means.hash, shown)
    const action = { kind: 'payout-cancel', payout: id, reference: sha } as const
    const tx = deriveId<TxId>(means.hash, 'payout-cancel', id, rejections)
    const made = await orderAsKeeper(means, [action], tx)
    if (made.status === 'later') return later(means, payout, 'book_busy')
    if (made.status === 'rejected') {
      return later(means, { ...payout, rejections: rejections + 1 }, made.code)
    }
    if (made.status === 'refused' && isHeld(means, payout)) return later(means, payout, made.code)
  }
  return afterCancel(means, payout, problem)
}

function afterCancel(means: PayoutMeans, payout: PayerPayout, problem: string): PayerPayout {
  means.onPoint('cancelled')
  const released = changed(means, payout, { state: 'released', problem })
  means.onPoint('released')
  return released
}

/** The text whose hash stands for a refund that failed: it releases what is held, or issues what was burnt. */
function failureOf(reference: string): string {
  return `${reference} failed`
}

/** Looks whether a refund that was paid has come back since. */
async function watch(means: PayoutMeans, payout: PayerPayout): Promise<PayerPayout> {
  const { reference = '', refund } = payout
  const { state } =
    refund === 'failed' ? { state: refund } : await means.provider.readRefund(reference)
  if (state === 'failed') {
    const failed = changed(means, payout, { refund: state })
    means.onPoint('failure_seen')
    return issueAgain(means, failed)
  }
  if (state !== refund) return changed(means, payout, { refund: state })
  return later(means, payout, undefined)
}

async function issueAgain(means: PayoutMeans, payout: PayerPayout): Promise<PayerPayout> {
  const { rejections } = payout
  const owed = toCredit(payout)
  const isDone = evidenceOf(means, owed.paymentReference) !== undefined
  const refused = isDone ? undefined : refusalNow(means, owed)
  if (refused !== undefined) {
    const problem = waitOf(means.book, refused, owed.gross)
    if (problem === 'second_keeper_needed' && payout.problem !== problem) tellApproval(means, owed)
    return later(means, payout, problem)
  }
  const done = await credit(means, owed)
  switch (done.status) {
    case 'credited': {
      means.onPoint('issued')
      const returned = changed(means, payout, { state: 'returned' })
      means.onPoint('returned')
      return returned
    }
    case 'rejected':
      return later(means, { ...payout, rejections: rejections + 1 }, done.code)
    case 'nobody':
      return later(means, payout, 'nobody_to_credit')
    case 'later':
      return later(means, payout, 'book_busy')
  }
}

function tellApproval({ warn }: PayoutMeans, owed: CreditablePayment): void {
  const { id, gross, provider, paymentReference: reference } = owed
  const by = `fedow issue approve --gross … --fee 0 --account provider/${provider} --reference "${reference}"`
  const facts = { payout: id, cents: Number(gross), by }
  warn('A refund came back, and a second keeper approves that it is issued again', facts)
}

/** What came back, as a payment: it has no fee. */
function toCredit(payout: PayerPayout): CreditablePayment {
  const { wallet, card, provider, amount, reference = '', rejections } = payout
  return {
    ...{ id: payout.id as string as CreditablePayment['id'], provider, kind: 'terminal' },
    ...{ state: 'paid', wallet, card, place: undefined, amount, returnUrl: '' },
    ...{ note: undefined, reference, url: undefined, tx: undefined, openings: 0, tries: 0 },
    atReader: undefined,
    ...{ paymentReference: failureOf(reference), gross: amount, fees: { fee: 0n, net: amount } },
    ...{ rejections, problem: undefined, createdMs: payout.createdMs },
    ...{ changedMs: payout.changedMs, paidMs: undefined, nextMs: undefined },
  }
}

function onFault(means: PayoutMeans, payout: PayerPayout, { fault, message }: ProviderError) {
  means.warn('A refund is not made yet', {
    ...{ payout: payout.id, state: payout.state, fault, message },
  })
  // It keeps its answer for the key, so the next try needs another, after a look whether the refund was made.
  const isSpoilt = payout.state === 'held' && fault === 'failing'
  const spoilt = payout.spoilt + (isSpoilt ? 1 : 0)
  return later(means, { ...payout, spoilt }, `provider_${fault}`)
}

/** Writes a payout that has come further. */
function changed(
  { payouts, now }: Pick<PayoutMeans, 'payouts' | 'now'>,
  payout: PayerPayout,
  changes: Partial<PayerPayout>,
): PayerPayout {
  const nowMs = now()
  const after = { ...payout, problem: undefined, ...changes, tries: 0, changedMs: nowMs }
  const pause = payoutPauseMs(after)
  return payouts.save({ ...after, nextMs: pause === undefined ? undefined : nowMs + pause })
}

/** Writes that there is nothing new, and when to look again. */
function later(
  { payouts, now }: Pick<PayoutMeans, 'payouts' | 'now'>,
  payout: PayerPayout,
  problem: string | undefined,
): PayerPayout {
  const tries = payout.tries + 1
  const pause = payoutPauseMs({ ...payout, tries })
  const nextMs = pause === undefined ? undefined : now() + pause
  return payouts.save({ ...payout, problem, tries, nextMs })
}
