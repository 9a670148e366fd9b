import type Stripe from 'stripe'
import { mergeMetadata, type Params } from '../params.ts'
import { declined, Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import type { World } from '../world.ts'
import { AMOUNT_MAX } from './catalogue.ts'
import { attempt, PAYER_CARDS } from './paying.ts'

/** Stripe takes nothing smaller in euros. */
const AMOUNT_MIN = 50
const METHODS = ['card', 'card_present', 'sepa_debit', 'link']
const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

export const intentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_intents', run: createIntent },
  readRoute('/v1/payment_intents/:id', ({ world, id }) => world.intents.get(id, 'intent')),
  { method: 'POST', path: '/v1/payment_intents/:id', run: updateIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', run: confirmIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', run: cancelIntent },
  listRoute('/v1/payment_intents', {
    among: ({ world }) => world.intents.all(),
    filter: sameAs<Stripe.PaymentIntent>('customer'),
  }),
]

export interface NewIntent {
  readonly amount: number
  readonly currency: string
  readonly methods: readonly string[]
  readonly customer?: string | null
  readonly description?: string | null
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly receiptEmail?: string | null
  readonly transferGroup?: string | null
  readonly suffix?: string | null
}

/** Adds an intent that nobody has paid yet. */
export function addIntent(world: World, wanted: NewIntent): Stripe.PaymentIntent {
  const id = world.ids.next('pi')
  const intent = world.intents.add({
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: wanted.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${world.ids.text(25)}`,
    confirmation_method: 'automatic',
    created: world.clock.now(),
    currency: wanted.currency,
    customer: wanted.customer ?? null,
    customer_account: null,
    description: wanted.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata(null, wanted.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [...wanted.methods],
    payment_record: null,
    processing: null,
    receipt_email: wanted.receiptEmail ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: wanted.suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: wanted.transferGroup ?? null,
  })
  world.emit('payment_intent.created', intent)
  return intent
}

function createIntent({ world, params }: Call): Stripe.PaymentIntent {
  const wanted = { ...readDetails(params), methods: readMethods(params), ...readAmount(params) }
  const capture = params.choice('capture_method', ['automatic', 'automatic_async', 'manual'])
  if (capture === 'manual') throw new Refusal('This fake of Stripe captures by itself only.')
  const customer = params.text('customer') ?? null
  if (customer !== null) world.customers.get(customer, 'customer')
  const [isConfirmed, method] = [params.flag('confirm'), params.text('payment_method')]
  params.ignore('payment_method_options', 'setup_future_usage', 'off_session', 'return_url')
  params.end()
  const card = method === undefined ? undefined : knownCard(method)
  const intent = addIntent(world, { ...wanted, customer })
  intent.capture_method = capture ?? 'automatic_async'
  if (isConfirmed) confirmWith(world, intent, card)
  return intent
}

function readAmount(params: Params): { amount: number; currency: string } {
  const [amount, currency] = [params.needWhole('amount', { max: AMOUNT_MAX }), params.currency()]
  if (amount >= AMOUNT_MIN) return { amount, currency }
  throw new Refusal('Amount must be at least €0.50 eur', {
    ...{ code: 'amount_too_small', param: 'amount' },
  })
}

function readMethods(params: Params): readonly string[] {
  const automatic = params.child('automatic_payment_methods')
  automatic?.flag('enabled')
  automatic?.choice('allow_redirects', ['always', 'never'])
  // The member has its second name in versions of the API before this one's.
  const [allowed, older] = [
    params.texts('allowed_payment_method_types'),
    params.texts('payment_method_types'),
  ]
  const methods = allowed ?? older ?? ['card', 'sepa_debit']
  const unknown = methods.find((one) => !METHODS.includes(one))
  if (unknown === undefined) return methods
  throw new Refusal(`The payment method type "${unknown}" is invalid.`, {
    param: 'payment_method_types',
  })
}

/** What may be sent when an intent is made and when it is changed. */
function readDetails(params: Params) {
  return {
    description: params.text('description') ?? null,
    metadata: params.metadata(),
    receiptEmail: params.text('receipt_email') ?? null,
    transferGroup: params.text('transfer_group') ?? null,
    suffix: params.text('statement_descriptor_suffix', { max: 22 }) ?? null,
  }
}

function updateIntent({ world, params, id }: Call): Stripe.PaymentIntent {
  const intent = world.intents.get(id, 'intent')
  const { description, metadata, receiptEmail, transferGroup } = readDetails(params)
  const amount = params.whole('amount', { min: AMOUNT_MIN, max: AMOUNT_MAX })
  params.end()
  if (amount !== undefined && !OPEN.includes(intent.status)) throw unexpectedState(intent, 'update')
  intent.amount = amount ?? intent.amount
  intent.description = description ?? intent.description
  intent.receipt_email = receiptEmail ?? intent.receipt_email
  intent.transfer_group = transferGroup ?? intent.transfer_group
  intent.metadata = mergeMetadata(intent.metadata, metadata)
  return intent
}

function confirmIntent({ world, params, id }: Call): Stripe.PaymentIntent {
  const intent = world.intents.get(id, 'intent')
  const method = params.text('payment_method')
  params.ignore('return_url', 'off_session')
  params.end()
  if (!OPEN.includes(intent.status)) throw unexpectedState(intent, 'confirm')
  confirmWith(world, intent, method === undefined ? undefined : knownCard(method))
  return intent
}

type PayerCard = (typeof PAYER_CARDS)[keyof typeof PAYER_CARDS]

function knownCard(method: string): PayerCard {
  const card = PAYER_CARDS[method as keyof typeof PAYER_CARDS]
  if (card) return card
  throw new Refusal(`No such PaymentMethod: '${method}'`, {
    ...{ code: 'resource_missing', param: 'payment_method' },
  })
}

function confirmWith(
  world: World,
  intent: Stripe.PaymentIntent,
  card: PayerCard | undefined,
): void {
  if (!card) {
    throw new Refusal(
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      { code: 'payment_intent_unexpected_state', more: { payment_intent: intent } },
    )
  }
  const charge = attempt(world, intent, card)
  if (charge.status === 'failed') {
    throw declined({ charge: charge.id, payment_intent: structuredClone(intent) })
  }
}

function cancelIntent({ world, params, id }: Call): Stripe.PaymentIntent {
  const intent = world.intents.get(id, 'intent')
  const reason = params.choice('cancellation_reason', [
    ...(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const),
  ])
  params.end()
  if (!OPEN.includes(intent.status)) throw unexpectedState(intent, 'cancel')
  if (world.sessions.where(({ payment_intent }) => payment_intent === id).length > 0) {
    throw new Refusal(
      'You cannot cancel PaymentIntents created by Checkout. Consider expiring the Session instead.',
      { more: { payment_intent: structuredClone(intent) } },
    )
  }
  intent.status = 'canceled'
  intent.canceled_at = world.clock.now()
  intent.cancellation_reason = reason ?? null
  world.emit('payment_intent.canceled', intent)
  return intent
}

function unexpectedState(intent: Stripe.PaymentIntent, verb: string): Refusal {
  return new Refusal(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${verb}ed: ${OPEN.join(', ')}.`,
    {
      code: 'payment_intent_unexpected_state',
      more: { payment_intent: structuredClone(intent) },
    },
  )
}
