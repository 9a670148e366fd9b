/**
 * The steps of a payment at a terminal until it is paid. A till asks, and only a till: what a crash has interrupted is
 * not pushed to the reader when nobody stands there any more.
 *
 *   intended   the intent is made with a key that follows from the payment, and noted; then the reader is told
 *   opened     the reader was told; the provider says what became of it
 *
 * It ends unpaid by the word of the provider that the intent is given up, and by nothing else: a reader that is silent,
 * off or busy may have taken the card all the same.
 */
import type { AtReader, Payment } from '../store/payment-store.ts'
import { changed, later, type StepMeans } from './marks.ts'
import { CARD_WITHIN_MS, PUSH_WITHIN_MS } from './pace.ts'
import { ReaderError } from './provider.ts'
import type { ReaderAction } from './provider-terminal.ts'
import { take } from './taking.ts'
import { signedNotes } from './terminal-notes.ts'

type Asked = Payment & { readonly atReader: AtReader }
type Made = Asked & { readonly reference: string }

/** Takes a payment at a terminal as far as it goes now. Throws ProviderError. */
export async function advanceAtReader(means: StepMeans, payment: Payment): Promise<Payment> {
  if (!isAsked(payment)) throw new Error(`the payment ${payment.id} is at no reader`)
  if (!isMade(payment)) {
    if (isGivenUp(means, payment)) return givenUp(means, payment)
    return present(means, await makeIntent(means, payment), undefined)
  }
  const seen = await means.provider.read(payment.reference)
  means.onPoint('payment_seen')
  if (seen.state === 'failed' || seen.state === 'expired') return givenUp(means, payment)
  if (seen.state !== 'open') return take(means, payment, seen)
  if (isGivenUp(means, payment)) return giveUp(means, payment)
  const { action } = await means.provider.readReader(payment.atReader.reader)
  return present(means, payment, action ?? 'nothing')
}

async function makeIntent(means: StepMeans, payment: Asked): Promise<Made> {
  const { provider, book, onPoint } = means
  const { id, amount = 0n, openings } = payment
  const order = { payment: id, amount, label: book.genesis.fed.name }
  const { reference, url } = await provider.makeIntent(
    { ...order, metadata: signedNotes(means, payment) },
    `fedow-${id}-intent-${openings}`,
  )
  onPoint('intent_made')
  const { atReader } = payment
  const made = { ...changed(means, payment, { reference, url }), atReader, reference }
  onPoint('intent_noted')
  return made
}

/** `action`: what the reader does; undefined when it was not looked at, since it was free a moment ago. */
async function present(
  means: StepMeans,
  payment: Made,
  action: ReaderAction | 'nothing' | undefined,
): Promise<Payment> {
  const { id, reference, atReader, openings } = payment
  const { reader, asks, pushes, askedMs } = atReader
  const isOurs = typeof action === 'object' && action.reference === reference
  if (pushes >= asks) return later(means, payment, isOurs ? toProblem(action) : 'reader_left')
  const told = { atReader: { ...atReader, pushes: asks } }
  if (isOurs && action.state === 'waiting') return opened(means, { ...payment, ...told })
  if (means.now() - askedMs > PUSH_WITHIN_MS) return later(means, payment, 'reader_not_asked')
  try {
    const isTaken = typeof action === 'object' && action.state === 'waiting'
    if (isTaken) throw new ReaderError('busy', `the reader ${reader} asks for another payment`)
    await means.provider.push({ reference, reader }, `fedow-${id}-push-${asks}-${openings}`)
  } catch (cause) {
    if (!(cause instanceof ReaderError)) throw cause
    return onReader(means, { ...payment, ...told }, cause)
  }
  means.onPoint('pushed')
  const pushed = opened(means, { ...payment, ...told })
  means.onPoint('push_noted')
  return pushed
}

function opened(means: StepMeans, payment: Made): Payment {
  return changed(means, payment, { state: 'opened' })
}

/** The reader was not told. The first time, nobody was asked to pay at all, so the payment is over. */
async function onReader(
  means: StepMeans,
  payment: Made,
  { hindrance }: ReaderError,
): Promise<Payment> {
  const told = later(means, payment, `reader_${hindrance}`)
  if (payment.state === 'opened') return told
  means.store.cancel(payment.id, means.now())
  return giveUp(means, { ...payment, problem: told.problem })
}

/** Since a till has said so, or because nobody has come. */
function isGivenUp({ now }: StepMeans, { atReader }: Asked): boolean {
  return atReader.cancelMs !== undefined || now() - atReader.askedMs > CARD_WITHIN_MS
}

async function giveUp(means: StepMeans, payment: Made): Promise<Payment> {
  const { reference, atReader } = payment
  try {
    await means.provider.cancelIntent({ reference, reader: atReader.reader })
  } catch (cause) {
    if (!(cause instanceof ReaderError)) throw cause
    return later(means, payment, 'reader_reading')
  }
  means.onPoint('cancelled')
  const seen = await means.provider.read(reference)
  if (seen.state === 'failed' || seen.state === 'expired') return givenUp(means, payment)
  return take(means, payment, seen)
}

/** The provider says that nobody can pay it, or nobody could yet. */
function givenUp(means: StepMeans, payment: Asked): Payment {
  const { problem = '', atReader } = payment
  const isByReader = payment.state === 'intended' && NOT_TOLD.includes(problem)
  const isByTill = atReader.cancelMs !== undefined
  const isLate = means.now() - atReader.askedMs > CARD_WITHIN_MS
  const why = isByReader ? problem : isByTill || !isLate ? 'cancelled' : 'not_presented'
  return changed(means, payment, { state: 'failed', problem: why })
}

/** Readers that were not told, as problems. */
export const NOT_TOLD: readonly string[] = [
  ...['reader_busy', 'reader_offline', 'reader_unknown', 'reader_faulty'],
]

function toProblem({ state, failure = 'failed' }: ReaderAction): string | undefined {
  return state === 'failed' ? `reader_${failure}` : undefined
}

function isAsked(payment: Payment): payment is Asked {
  return payment.atReader !== undefined
}

function isMade(payment: Asked): payment is Made {
  return payment.reference !== undefined
}
