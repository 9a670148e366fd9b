/**
 * The states of a payment, one step at a time. Each step writes what it has learnt before the next one begins, and
 * can be done again after a crash at any moment:
 *
 *   intended   the page is made with a key that follows from the payment: the same page again
 *   opened     the provider is asked; nothing is believed that it does not answer now
 *   paid       the issue is a tx whose id follows from the payment, and burns the evidence: once for ever
 */
import { type Kid, Refusal, type Rejection, rulesAt, type TxId } from '@fedow/ledger'
import type { Payment, PaymentStore } from '../store/payment-store.ts'
import {
  type CreditablePayment,
  type Credited,
  type CreditMeans,
  credit,
  creditOf,
  issueActionOf,
} from './credit.ts'
import { LOOK_WITHIN_MS, OPEN_WITHIN_MS, pauseMs } from './pace.ts'
import { type Provider, ProviderError, type ProviderPayment } from './provider.ts'

/** Where a process may die without harm; tests make it die there. */
export type PaymentPoint =
  | 'intended'
  | 'page_made'
  | 'opened'
  | 'payment_seen'
  | 'paid'
  | 'issued'
  | 'credited'

export interface StepMeans extends CreditMeans {
  readonly store: PaymentStore
  readonly provider: Provider
  /** The key that issues. */
  readonly keeper: Kid
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  readonly onPoint: (point: PaymentPoint) => void
  /** Something is wrong that the operator should read about. */
  readonly warn: (what: string, facts: object) => void
}

/** The note of a payment that an event alone tells of: whose it is must stand at the provider too. */
export const FOUND_AGAIN = '{"found":"again"}'

/** Takes a payment further: a new one to its page, others as far as they go now. Only one at a time may do so for one payment. */
export async function advance(means: StepMeans, payment: Payment): Promise<Payment> {
  if (payment.provider !== means.provider.name) return later(means, payment, 'provider_off')
  try {
    if (payment.state === 'intended') return await openPage(means, payment)
    if (payment.state === 'opened') return await look(means, payment)
    return payment.state === 'paid' ? await settle(means, payment) : payment
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    // The row may have come further than the one that this began with.
    return onFault(means, means.store.find(payment.id) ?? payment, cause)
  }
}

async function openPage(means: StepMeans, payment: Payment): Promise<Payment> {
  const { provider, book, now, onPoint } = means
  const { id, amount, email, returnUrl, createdMs, openings } = payment
  if (now() - createdMs > OPEN_WITHIN_MS) return changed(means, payment, { state: 'expired' })
  const metadata = metadataOf(means, payment)
  const order = { payment: id, amount, email, returnUrl, label: book.genesis.fed.name, metadata }
  const { reference, url } = await provider.openRefill(order, `fedow-${id}-open-${openings}`)
  onPoint('page_made')
  const opened = changed(means, payment, { state: 'opened', reference, url })
  onPoint('opened')
  return opened
}

/** Who gets the money is written at the provider too: a payment is found again when payments.db is lost. */
function metadataOf({ book }: StepMeans, { id, wallet, card }: Payment) {
  const signed = Buffer.from(JSON.stringify({ payment: id })).toString('base64url')
  return {
    fedow_chain: book.chain,
    fedow_payment: id,
    ...(wallet !== undefined && { fedow_wallet: wallet }),
    ...(card !== undefined && { fedow_card: card }),
    // By this member the clients of v1 know a session of a Fedow.
    signed_data: signed,
  }
}

async function look(means: StepMeans, payment: Payment): Promise<Payment> {
  const seen = await means.provider.read(payment.reference ?? '')
  means.onPoint('payment_seen')
  const { state, gross, currency, fees, paymentReference } = seen
  if (payment.note === FOUND_AGAIN && !isNoted(means, payment, seen)) {
    return changed(means, payment, { state: 'failed', problem: 'not_ours' })
  }
  if (state === 'expired' || state === 'failed') return changed(means, payment, { state })
  if (state !== 'paid') return later(means, payment, undefined)
  const odd = currency !== 'eur' ? 'other_currency' : gross <= 0n ? 'nothing_paid' : undefined
  if (odd !== undefined || paymentReference === undefined) {
    means.warn('A payment was taken that cannot be credited', { payment: payment.id, odd })
    return changed(means, payment, { state: 'failed', problem: odd ?? 'nothing_paid' })
  }
  const found = { state, gross, fees, paymentReference, paidMs: means.now() } as const
  const paid = changed(means, payment, found)
  means.onPoint('paid')
  return settle(means, paid, seen)
}

function isNoted({ book }: StepMeans, { wallet }: Payment, { metadata }: ProviderPayment): boolean {
  const { fedow_chain: chain, fedow_wallet: noted } = metadata
  return chain === book.chain && noted !== undefined && noted === wallet
}

/** `seen`: what the provider has just said of it. */
async function settle(
  means: StepMeans,
  payment: Payment,
  seen?: ProviderPayment,
): Promise<Payment> {
  const { paymentReference = '', amount, gross = 0n, reference = '' } = payment
  const tx = creditOf(means, paymentReference)
  if (tx !== undefined) return credited(means, payment, tx)
  if (amount !== undefined && amount !== gross) return later(means, payment, 'other_amount')
  const now = seen ?? (await means.provider.read(reference))
  if (now.isClaimed || now.state !== 'paid') return later(means, payment, 'claimed')
  const { fees } = now
  if (fees === undefined) return later(means, payment, 'fee_unknown')
  if (fees.fee + fees.net !== gross) return later(means, payment, 'other_amount')
  const whole = { ...payment, gross, fees, paymentReference }
  const refused = refusalNow(means, whole)
  if (refused !== undefined) return later(means, whole, refused.code)
  return afterCredit(means, whole, await credit(means, whole))
}

function afterCredit(means: StepMeans, payment: CreditablePayment, done: Credited): Payment {
  switch (done.status) {
    case 'credited':
      means.onPoint('issued')
      return credited(means, payment, done.tx)
    case 'rejected': {
      const rejections = payment.rejections + 1
      return later(means, { ...payment, rejections }, done.code)
    }
    case 'nobody':
      return later(means, payment, 'nobody_to_credit')
    case 'later':
      return later(means, payment, 'book_busy')
  }
}

/** What the book would say now: a tx that it refuses is not made, since the book keeps refusals for ever. */
export function refusalNow(
  means: Pick<StepMeans, 'book' | 'gateway' | 'hash' | 'keeper' | 'now'>,
  payment: CreditablePayment,
): Rejection | undefined {
  const { book, hash, keeper, now } = means
  const action = issueActionOf(means, payment)
  if (action === undefined) return undefined
  const { height, timeMs } = book.tip()
  const time = Math.max(now(), timeMs)
  const tx = payment.id as string as TxId
  try {
    const ctx = { state: book.state, hash, height, timeMs: time, signer: keeper, tx }
    rulesAt(height).decide(ctx, action)
    return undefined
  } catch (cause) {
    if (cause instanceof Refusal) return cause.rejection
    throw cause
  }
}

function credited(means: StepMeans, payment: Payment, tx: TxId): Payment {
  const done = changed(means, payment, { state: 'credited', tx })
  means.onPoint('credited')
  return done
}

function onFault(means: StepMeans, payment: Payment, { fault, message }: ProviderError): Payment {
  const isOpening = payment.state === 'intended'
  const problem = `provider_${fault}`
  // Once for each payment: a provider that is away would fill the log.
  if (payment.problem !== problem) {
    const facts = { payment: payment.id, state: payment.state, fault, message }
    means.warn('A provider of payments does not do what it is asked', facts)
  }
  // It keeps its answer for the key, so the next try needs another; nobody has seen the page of this one.
  const openings = payment.openings + (isOpening && fault === 'failing' ? 1 : 0)
  const isFinal = isOpening && (fault === 'refused' || fault === 'unknown')
  if (isFinal) return changed(means, payment, { state: 'failed', problem: 'provider_refused' })
  return later(means, { ...payment, openings }, problem)
}

/** Writes a payment that has come further. */
function changed(
  { store, now }: Pick<StepMeans, 'store' | 'now'>,
  payment: Payment,
  changes: Partial<Payment>,
): Payment {
  const nowMs = now()
  const after = { ...payment, problem: undefined, ...changes, tries: 0, changedMs: nowMs }
  const pause = pauseMs(after.state, 0)
  // What is over needs nobody's address any more.
  const kept = pause === undefined ? { email: undefined, note: undefined } : {}
  return store.save({
    ...after,
    ...kept,
    nextMs: pause === undefined ? undefined : nowMs + pause,
  })
}

/** Writes that there is nothing new, and when to look again. */
function later(
  { store, now }: Pick<StepMeans, 'store' | 'now'>,
  payment: Payment,
  problem: string | undefined,
): Payment {
  const nowMs = now()
  const isOver = payment.state === 'opened' && nowMs - payment.createdMs > LOOK_WITHIN_MS
  const pause = isOver ? undefined : pauseMs(payment.state, payment.tries)
  const nextMs = pause === undefined ? undefined : nowMs + pause
  return store.save({ ...payment, problem, tries: payment.tries + 1, nextMs })
}
