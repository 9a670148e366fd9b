/** What a provider tells of a payment, believed and credited: the last steps of every payment, however it began. */
import { Refusal, type Rejection, rulesAt, type TxId } from '@fedow/ledger'
import type { Payment } from '../store/payment-store.ts'
import { type CreditablePayment, type Credited, credit, creditOf, issueActionOf } from './credit.ts'
import { changed, FOUND_AGAIN, later, type StepMeans } from './marks.ts'
import type { ProviderPayment } from './provider.ts'
import { isSignedByUs } from './terminal-notes.ts'
import { waitOf, waitUntilMs } from './waiting.ts'

/** Acts on what the provider has just said. */
export async function take(
  means: StepMeans,
  payment: Payment,
  seen: ProviderPayment,
): Promise<Payment> {
  const { state, gross, currency, fees, paymentReference } = seen
  if (payment.note === FOUND_AGAIN && !isNoted(means, payment, seen)) {
    return changed(means, payment, { state: 'failed', problem: 'not_ours' })
  }
  if (state === 'expired' || state === 'failed') return changed(means, payment, { state })
  if (state !== 'paid') {
    return later(means, payment, state === 'pending' ? 'bank_pending' : undefined)
  }
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

function isNoted(means: StepMeans, payment: Payment, seen: ProviderPayment): boolean {
  const { book } = means
  const { metadata, isAtTerminal } = seen
  const { wallet, kind } = payment
  if (isAtTerminal || kind === 'terminal') return isSignedByUs(means, payment, metadata)
  const { fedow_chain: chain, fedow_wallet: noted } = metadata
  return chain === book.chain && noted !== undefined && noted === wallet
}

/** Credits what is paid. `seen`: what the provider has just said of it. */
export async function settle(
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
  // Whoever else uses the account of the provider may have changed for whom it is.
  const isAsked = payment.atReader !== undefined
  if (isAsked && !isSignedByUs(means, payment, now.metadata)) {
    return later(means, payment, 'not_signed')
  }
  const { fees } = now
  if (fees === undefined) return later(means, payment, 'fee_unknown')
  if (fees.fee + fees.net !== gross) return later(means, payment, 'other_amount')
  const whole = { ...payment, gross, fees, paymentReference }
  const refused = refusalNow(means, whole)
  if (refused !== undefined) return wait(means, whole, refused)
  return afterCredit(means, whole, await credit(means, whole))
}

/** The book would refuse it as things stand: nothing is written there, and the money is looked after here. */
function wait(means: StepMeans, payment: CreditablePayment, refused: Rejection): Payment {
  const { id, gross, problem: before } = payment
  const problem = waitOf(means.book, refused, gross)
  if (problem !== before && problem === 'second_keeper_needed') {
    const facts = { payment: id, cents: Number(gross), by: `fedow issue approve --payment ${id}` }
    means.warn('A payment is received and waits for a second keeper', facts)
  }
  const waiting = later(means, payment, problem)
  const nextMs = waitUntilMs(refused, means.now())
  return nextMs === undefined ? waiting : means.store.save({ ...waiting, nextMs })
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
