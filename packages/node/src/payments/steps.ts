/**
 * The states of a payment, one step at a time. Each step writes what it has learnt before the next one begins, and
 * can be done again after a crash at any moment:
 *
 *   intended   the page is made with a key that follows from the payment: the same page again
 *   opened     the provider is asked; nothing is believed that it does not answer now
 *   paid       the issue is a tx whose id follows from the payment, and burns the evidence: once for ever
 *
 * What is paid at a terminal goes by `terminal-steps.ts` until it is paid.
 */
import type { Payment } from '../store/payment-store.ts'
import { changed, later, type StepMeans } from './marks.ts'
import { OPEN_WITHIN_MS } from './pace.ts'
import { ProviderError } from './provider.ts'
import { settle, take } from './taking.ts'
import { advanceAtReader } from './terminal-steps.ts'

/** Takes a payment further: a new one to its page, others as far as they go now. Only one at a time may do so for one payment. */
export async function advance(means: StepMeans, payment: Payment): Promise<Payment> {
  if (payment.provider !== means.provider.name) return later(means, payment, 'provider_off')
  try {
    if (payment.state === 'paid') return await settle(means, payment)
    if (payment.state !== 'intended' && payment.state !== 'opened') return payment
    if (payment.atReader !== undefined) return await advanceAtReader(means, payment)
    return payment.state === 'intended'
      ? await openPage(means, payment)
      : await look(means, payment)
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    // The row may have come further than the one that this began with.
    return onFault(means, means.store.find(payment.id) ?? payment, cause)
  }
}

async function openPage(means: StepMeans, payment: Payment): Promise<Payment> {
  const { provider, payers, book, now, onPoint } = means
  const { id, amount, returnUrl, createdMs, openings } = payment
  if (now() - createdMs > OPEN_WITHIN_MS) return changed(means, payment, { state: 'expired' })
  const metadata = metadataOf(means, payment)
  const label = book.genesis.fed.name
  const order = { payment: id, amount, email: payers.emailOf(id), returnUrl, label, metadata }
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
  return take(means, payment, seen)
}

function onFault(means: StepMeans, payment: Payment, { fault, message }: ProviderError): Payment {
  // As long as nothing is known at the provider, nobody can pay.
  const isOpening = payment.state === 'intended' && payment.reference === undefined
  const problem = `provider_${fault}`
  // Once for each payment: a provider that is away would fill the log.
  if (payment.problem !== problem) {
    const facts = { payment: payment.id, state: payment.state, fault, message }
    means.warn('A provider of payments does not do what it is asked', facts)
  }
  // It keeps its answer for the key, so the next try needs another; nobody has seen the page of this one.
  const isKeyed = isOpening || payment.atReader !== undefined
  const openings = payment.openings + (isKeyed && fault === 'failing' ? 1 : 0)
  const isFinal = isOpening && (fault === 'refused' || fault === 'unknown')
  if (isFinal) return changed(means, payment, { state: 'failed', problem: 'provider_refused' })
  return later(means, { ...payment, openings }, problem)
}
