import type Stripe from 'stripe'
import { mergeMetadata } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import { idOf, type World } from '../world.ts'
import { attempt } from './paying.ts'

type Reader = Stripe.Terminal.Reader

const READERS = '/v1/terminal/readers'
const LOCATIONS = '/v1/terminal/locations'

export const readerRoutes: readonly Route[] = [
  { method: 'POST', path: READERS, run: createReader },
  readRoute(`${READERS}/:id`, ({ world, id }) => world.readers.get(id)),
  listRoute(READERS, {
    among: ({ world }) => world.readers.all(),
    filter: sameAs<Reader>('device_type', 'location', 'serial_number', 'status'),
  }),
  { method: 'POST', path: `${READERS}/:id/process_payment_intent`, run: pushIntent },
  { method: 'POST', path: `${READERS}/:id/cancel_action`, run: cancelAction },
  {
    method: 'POST',
    path: `/v1/test_helpers/terminal/readers/:id/present_payment_method`,
    run: presentCard,
  },
  { method: 'POST', path: LOCATIONS, run: createLocation },
  readRoute(`${LOCATIONS}/:id`, ({ world, id }) => world.locations.get(id)),
  listRoute(LOCATIONS, { among: ({ world }) => world.locations.all() }),
]

function createReader({ world, params }: Call): Reader {
  params.needText('registration_code')
  const [label, location] = [params.text('label'), params.text('location')]
  const metadata = params.metadata()
  params.end()
  if (location !== undefined) world.locations.get(location, 'location')
  return addReader(world, { label, location, metadata })
}

interface NewReader {
  readonly label?: string | undefined
  readonly location?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export function addReader(world: World, { label, location, metadata }: NewReader = {}): Reader {
  const id = world.ids.next('tmr')
  return world.readers.add({
    id,
    object: 'terminal.reader',
    action: null,
    device_sw_version: '2.32.1.0',
    device_type: 'simulated_wisepos_e',
    ip_address: '192.168.1.60',
    label: label ?? id,
    last_seen_at: world.clock.nowMs(),
    livemode: false,
    location: location ?? null,
    metadata: mergeMetadata(null, metadata),
    serial_number: `FAKE-${world.ids.text(8)}`,
    status: 'online',
  })
}

function pushIntent({ world, params, id }: Call): Reader {
  const reader = world.readers.get(id)
  const intent = world.intents.get(params.needText('payment_intent'), 'payment_intent')
  const config = params.child('process_config')
  config?.ignore('skip_tipping', 'enable_customer_cancellation', 'allow_redisplay', 'tipping')
  params.end()
  if (reader.status === 'offline') {
    throw new Refusal('Reader is currently offline, please ensure the reader is powered on.', {
      code: 'terminal_reader_offline',
    })
  }
  // A reader that no card was presented to yet goes over to the newer payment.
  if (world.reading.has(id)) throw isBusy()
  if (!intent.payment_method_types.includes('card_present')) {
    throw new Refusal('The PaymentIntent must include the payment method type card_present.', {
      ...{ code: 'intent_invalid_state', param: 'payment_intent' },
    })
  }
  if (intent.status !== 'requires_payment_method') {
    throw new Refusal(`The PaymentIntent has a status of ${intent.status}.`, {
      ...{ code: 'intent_invalid_state', param: 'payment_intent' },
    })
  }
  const fault = takeFault(world, id)
  if (fault === 'hardware') {
    throw new Refusal('The reader has a fault.', { code: 'terminal_reader_hardware_fault' })
  }
  if (fault !== 'timeout') {
    reader.action = {
      api_error: null,
      failure_code: null,
      failure_message: null,
      process_payment_intent: { payment_intent: intent.id, process_config: {} },
      status: 'in_progress',
      type: 'process_payment_intent',
    }
  }
  if (fault !== undefined) {
    throw new Refusal('There was a timeout when sending this command to the reader.', {
      code: 'terminal_reader_timeout',
    })
  }
  return reader
}

/** `timeout`: the reader has not got what it was sent. `timeout-after`: it has, and cannot say so. */
export type ReaderFault = 'timeout' | 'timeout-after' | 'hardware'

function takeFault(world: World, id: string): ReaderFault | undefined {
  const fault = world.readerFaults.get(id)
  world.readerFaults.delete(id)
  return fault
}

function isBusy(): Refusal {
  return new Refusal('Reader is currently busy processing another request.', {
    code: 'terminal_reader_busy',
  })
}

/** A card touches the reader: until the bank has answered, it takes no order. */
export function insertCard(world: World, reader: Reader): void {
  if (reader.action?.status !== 'in_progress') throw new Error(`${reader.id} waits for no card.`)
  world.reading.add(reader.id)
}

function cancelAction({ world, params, id }: Call): Reader {
  const reader = world.readers.get(id)
  params.end()
  if (world.reading.has(id)) throw isBusy()
  if (reader.status === 'offline') {
    throw new Refusal('Reader is currently offline, please ensure the reader is powered on.', {
      code: 'terminal_reader_offline',
    })
  }
  reader.action = null
  return reader
}

function presentCard({ world, params, id }: Call): Reader {
  const reader = world.readers.get(id)
  const card = params.child('card_present')
  const number = card?.text('number')
  params.ignore('type', 'amount_tip')
  params.end()
  if (reader.action?.status !== 'in_progress') {
    throw new Refusal('The reader is not waiting for a payment method.')
  }
  return tapReader(world, reader, number === '4000000000000002' ? 'declined' : 'paid')
}

/** `cancelled`: the payer presses cancel. `timeout`: nobody comes. */
export type ReaderOutcome = 'paid' | 'declined' | 'cancelled' | 'timeout'

const FAILURES = {
  declined: 'card_declined',
  cancelled: 'customer_canceled',
  timeout: 'customer_timed_out',
  paid: 'intent_invalid_state',
} as const

/** A card, or nobody, at a reader that waits. */
export function tapReader(world: World, reader: Reader, outcome: ReaderOutcome): Reader {
  const { action } = reader
  world.reading.delete(reader.id)
  const id = idOf(action?.process_payment_intent?.payment_intent)
  if (action?.status !== 'in_progress' || id === null) {
    throw new Error(`The reader ${reader.id} waits for no payment.`)
  }
  const intent = world.intents.get(id)
  const canBePaid = intent.status === 'requires_payment_method'
  if ((outcome === 'paid' || outcome === 'declined') && canBePaid) {
    const status = outcome === 'paid' ? 'succeeded' : 'failed'
    attempt(world, intent, { method: 'card_present', status, reader })
  }
  if (outcome === 'paid' && canBePaid) {
    action.status = 'succeeded'
    world.emit('terminal.reader.action_succeeded', reader)
    return reader
  }
  action.status = 'failed'
  action.failure_code = canBePaid ? FAILURES[outcome] : 'intent_invalid_state'
  action.failure_message = 'The payment was not taken.'
  world.emit('terminal.reader.action_failed', reader)
  return reader
}

function createLocation({ world, params }: Call): Stripe.Terminal.Location {
  const [name, sent] = [params.needText('display_name'), params.child('address')]
  const address = {
    city: sent?.text('city') ?? null,
    country: sent?.text('country') ?? null,
    line1: sent?.text('line1') ?? null,
    line2: sent?.text('line2') ?? null,
    postal_code: sent?.text('postal_code') ?? null,
    state: sent?.text('state') ?? null,
  }
  const metadata = mergeMetadata(null, params.metadata())
  params.end()
  return world.locations.add({
    ...{ id: world.ids.next('tml'), object: 'terminal.location' as const },
    ...{ address, display_name: name, livemode: false, metadata },
  })
}
