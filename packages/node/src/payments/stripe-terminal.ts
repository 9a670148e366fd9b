/** Terminals of Stripe: intents that its readers ask a card for, driven by this node. */
import Stripe from 'stripe'
import { ProviderError, ReaderError, type ReaderHindrance } from './provider.ts'
import type {
  MadeIntent,
  Presented,
  Reader,
  ReaderAction,
  ReaderFailure,
  TerminalOrder,
} from './provider-terminal.ts'

/** Most readers that are listed; a federation has some at each place. */
const READERS_MAX = 1_000
const PAGE = 100

export async function listReaders(stripe: Stripe): Promise<readonly Reader[]> {
  const found = await stripe.terminal.readers
    .list({ limit: PAGE })
    .autoPagingToArray({ limit: READERS_MAX })
  return found.map(toReader)
}

export async function readReader(stripe: Stripe, id: string): Promise<Reader> {
  const reader = await stripe.terminal.readers.retrieve(id)
  if (reader.deleted) throw new ProviderError('unknown', `the reader ${id} was removed`)
  return toReader(reader)
}

export async function makeIntent(
  stripe: Stripe,
  { amount, label, metadata }: TerminalOrder,
  idempotencyKey: string,
): Promise<MadeIntent> {
  const { id } = await stripe.paymentIntents.create(
    {
      amount: Number(amount),
      currency: 'eur',
      allowed_payment_method_types: ['card_present'],
      // Without a delay, so that the fee is known with the payment.
      capture_method: 'automatic',
      description: label,
      metadata: { ...metadata },
    },
    { idempotencyKey },
  )
  return { reference: id, url: undefined }
}

export async function pushIntent(
  stripe: Stripe,
  { reference, reader }: Presented,
  idempotencyKey: string,
): Promise<void> {
  // A tip would be paid to nobody's account.
  const config = { enable_customer_cancellation: true, skip_tipping: true }
  const order = { payment_intent: reference, process_config: config }
  await stripe.terminal.readers
    .processPaymentIntent(reader, order, { idempotencyKey })
    .catch(tellReader)
}

/** The reader first: while a card is being read there, nothing can be given up. */
export async function cancelIntent(
  stripe: Stripe,
  { reference, reader }: Presented,
): Promise<void> {
  const { action } = await readReader(stripe, reader).catch(noneWhenUnknown)
  if (action?.state === 'waiting' && action.reference === reference) {
    await stripe.terminal.readers.cancelAction(reader).catch(onlyWhenBusy)
  }
  try {
    await stripe.paymentIntents.cancel(reference, { cancellation_reason: 'abandoned' })
  } catch (cause) {
    // It was paid, or given up before: whoever looks now sees which.
    if (codeOf(cause) !== 'payment_intent_unexpected_state') throw cause
  }
}

function noneWhenUnknown(cause: unknown): Pick<Reader, 'action'> {
  const isGone = cause instanceof ProviderError && cause.fault === 'unknown'
  if (isGone || codeOf(cause) === 'resource_missing') return { action: undefined }
  throw cause
}

/** A reader that is off or silent shows its page a while longer; the intent that is given up cannot be paid there. */
function onlyWhenBusy(cause: unknown): void {
  const code = codeOf(cause)
  if (code === 'terminal_reader_busy') throw new ReaderError('busy', 'a card is being read', cause)
  if (!code.startsWith('terminal_reader_')) throw cause
}

const HINDRANCES: Readonly<Record<string, ReaderHindrance>> = {
  terminal_reader_busy: 'busy',
  terminal_reader_offline: 'offline',
  terminal_reader_hardware_fault: 'faulty',
  terminal_reader_invalid_location_for_activation: 'faulty',
  terminal_reader_invalid_location_for_payment: 'faulty',
  resource_missing: 'unknown',
}

function tellReader(cause: unknown): never {
  const code = codeOf(cause)
  const hindrance = HINDRANCES[code]
  const message = cause instanceof Error ? cause.message : code
  if (hindrance !== undefined) throw new ReaderError(hindrance, message, cause)
  // Whether the reader has got it is not known; the key is spoilt.
  if (code === 'terminal_reader_timeout') throw new ProviderError('failing', message, cause)
  throw cause
}

function codeOf(cause: unknown): string {
  return cause instanceof Stripe.errors.StripeError ? (cause.code ?? '') : ''
}

function toReader({ id, label, status, metadata, action }: Stripe.Terminal.Reader): Reader {
  const place = metadata['fedow_place']
  return {
    ...{ id, label, isOnline: status === 'online', url: undefined },
    place: place === '' ? undefined : place,
    action: action === null ? undefined : toAction(action),
  }
}

function toAction(action: Stripe.Terminal.Reader.Action): ReaderAction {
  const { status, failure_code: code, process_payment_intent: pushed } = action
  const intent = pushed?.payment_intent
  const isOver = status === 'succeeded' ? 'done' : 'failed'
  return {
    reference: typeof intent === 'object' ? intent.id : intent,
    state: status === 'in_progress' ? 'waiting' : isOver,
    failure: status === 'failed' ? failureOf(code ?? '') : undefined,
  }
}

function failureOf(code: string): ReaderFailure {
  if (code.includes('declined')) return 'declined'
  if (code.includes('cancel')) return 'cancelled'
  return code.includes('timed_out') || code.includes('timeout') ? 'timed_out' : 'failed'
}
