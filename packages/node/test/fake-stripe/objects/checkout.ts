import type Stripe from 'stripe'
import { DAY_MS } from '../clock.ts'
import { mergeMetadata, type Params } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import type { Price, World } from '../world.ts'
import { readPriceOf } from './catalogue.ts'
import { newSession, type SessionFacts } from './session.ts'

type Session = Stripe.Checkout.Session

const SESSIONS = '/v1/checkout/sessions'
const LIFE_MIN_S = 30 * 60
const LIFE_MAX_S = DAY_MS / 1000

export const checkoutRoutes: readonly Route[] = [
  { method: 'POST', path: SESSIONS, run: createSession },
  readRoute(`${SESSIONS}/:id`, ({ world, id }) => world.sessions.get(id)),
  { method: 'POST', path: `${SESSIONS}/:id`, run: updateSession },
  { method: 'POST', path: `${SESSIONS}/:id/expire`, run: expireByRequest },
  listRoute(`${SESSIONS}/:id/line_items`, {
    among: ({ world, id }) => world.lineItems.get(world.sessions.get(id).id) ?? [],
  }),
  listRoute(SESSIONS, {
    among: ({ world }) => world.sessions.all(),
    filter: sameAs<Session>('customer', 'payment_intent', 'status'),
  }),
]

/** What a session hands to the payment intent of its payer. */
export interface IntentFacts {
  readonly description: string | null
  readonly metadata: Readonly<Record<string, string>> | undefined
  readonly receiptEmail: string | null
  readonly transferGroup: string | null
  readonly suffix: string | null
}

/** Kept beside a session: what its answers do not show. */
export const intentFactsOf = new WeakMap<Session, IntentFacts>()

function createSession({ world, params }: Call): Session {
  const mode = params.choice('mode', ['payment'])
  if (!mode) throw new Refusal('Missing required param: mode.', lacking('mode'))
  const lines = params.children('line_items').map((line) => readLine(world, line))
  if (lines.length === 0) {
    throw new Refusal('Missing required param: line_items.', lacking('line_items'))
  }
  const facts = readFacts(world, params)
  const intentFacts = readIntentFacts(params)
  params.ignore('locale', 'billing_address_collection', 'submit_type', 'payment_method_options')
  params.ignore('custom_text', 'phone_number_collection', 'consent_collection', 'automatic_tax')
  params.end()
  const items = lines.map((line) => toLineItem(world, line))
  const session = world.sessions.add(newSession(world, facts, items))
  world.lineItems.set(session.id, items)
  intentFactsOf.set(session, intentFacts)
  return session
}

interface Line {
  readonly price: () => Price
  readonly quantity: number
}

function readLine(world: World, params: Params): Line {
  const quantity = params.whole('quantity', { min: 1 }) ?? 1
  const inline = params.child('price_data')
  if (inline) return { price: readPriceOf(world, inline), quantity }
  const price = world.prices.get(params.needText('price'), params.nameOf('price'))
  if (!price.active) {
    throw new Refusal('The price specified is inactive. This field only accepts active prices.', {
      param: params.nameOf('price'),
    })
  }
  if (price.custom_unit_amount && quantity !== 1) {
    throw new Refusal('Prices with a custom amount take a quantity of 1.', {
      param: params.nameOf('quantity'),
    })
  }
  return { price: () => price, quantity }
}

function toLineItem(world: World, { price: priceOf, quantity }: Line): Stripe.LineItem {
  const price = priceOf()
  const amount = (price.unit_amount ?? price.custom_unit_amount?.preset ?? 0) * quantity
  return {
    id: world.ids.next('li', 14),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: world.products.find(String(price.product))?.name ?? null,
    metadata: {},
    price: price as unknown as Stripe.Price,
    quantity,
  }
}

function readFacts(world: World, params: Params): SessionFacts {
  const customer = params.text('customer') ?? null
  if (customer !== null) world.customers.get(customer, 'customer')
  const now = world.clock.now()
  const expires = params.whole('expires_at')
  if (expires !== undefined && (expires < now + LIFE_MIN_S || expires > now + LIFE_MAX_S)) {
    throw new Refusal(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    )
  }
  const email = params.text('customer_email', { max: 800 })
  if (email !== undefined && !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(email)) {
    throw new Refusal(`Invalid email address: ${email}`, {
      ...{ code: 'email_invalid', param: 'customer_email' },
    })
  }
  const invoice = params.child('invoice_creation')
  return {
    customer,
    email: email ?? null,
    creation: params.choice('customer_creation', ['always', 'if_required']) ?? 'if_required',
    expiresAt: expires ?? now + LIFE_MAX_S,
    success: params.url('success_url') ?? null,
    cancel: params.url('cancel_url') ?? null,
    reference: params.text('client_reference_id', { max: 200 }) ?? null,
    metadata: mergeMetadata(null, params.metadata()),
    methods: readMethods(params),
    makesInvoice: invoice?.flag('enabled') === true,
  }
}

/** The member has its second name in versions of the API before this one's. */
function readMethods(params: Params): readonly string[] {
  const [allowed, older] = [
    params.texts('allowed_payment_method_types'),
    params.texts('payment_method_types'),
  ]
  return allowed ?? older ?? ['card', 'sepa_debit']
}

function readIntentFacts(params: Params): IntentFacts {
  const of = params.child('payment_intent_data')
  of?.ignore('setup_future_usage', 'statement_descriptor')
  return {
    description: of?.text('description') ?? null,
    metadata: of?.metadata(),
    receiptEmail: of?.text('receipt_email') ?? null,
    transferGroup: of?.text('transfer_group') ?? null,
    suffix: of?.text('statement_descriptor_suffix', { max: 22 }) ?? null,
  }
}

function updateSession({ world, params, id }: Call): Session {
  const session = world.sessions.get(id)
  const metadata = params.metadata()
  params.end()
  session.metadata = mergeMetadata(session.metadata, metadata)
  return session
}

function expireByRequest({ world, params, id }: Call): Session {
  const session = world.sessions.get(id)
  params.end()
  if (session.status !== 'open') {
    throw new Refusal(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    )
  }
  return expireSession(world, session)
}

export function expireSession(world: World, session: Session): Session {
  session.status = 'expired'
  session.url = null
  world.emit('checkout.session.expired', session)
  return session
}

/** Sessions whose time is over. */
export function expireDueSessions(world: World): void {
  const now = world.clock.now()
  for (const session of world.sessions.all()) {
    if (session.status === 'open' && session.expires_at <= now) expireSession(world, session)
  }
}

function lacking(param: string): { code: string; param: string } {
  return { code: 'parameter_missing', param }
}
