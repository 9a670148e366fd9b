import type Stripe from 'stripe'
import { feeOn } from '../fees.ts'
import { mergeMetadata } from '../params.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import { idOf, type World } from '../world.ts'
import { cardDetails, cardPresentDetails, sepaDetails } from './charge-details.ts'

/** How a payer pays. */
export type PaymentMethod = 'card' | 'card_present' | 'sepa_debit'

export const chargeRoutes: readonly Route[] = [
  readRoute('/v1/charges/:id', ({ world, id }) => world.charges.get(id)),
  { method: 'POST', path: '/v1/charges/:id', run: updateCharge },
  listRoute('/v1/charges', {
    among: ({ world }) => world.charges.all(),
    filter: sameAs<Stripe.Charge>('customer', 'payment_intent', 'transfer_group'),
  }),
]

export interface ChargeFacts {
  readonly method: PaymentMethod
  readonly status: 'succeeded' | 'pending' | 'failed'
  readonly email?: string | null
  readonly reader?: Stripe.Terminal.Reader
}

/** Adds the charge of one attempt to pay an intent; a payment that succeeded is in the books. */
export function addCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  { method, status, email = null, reader }: ChargeFacts,
): Stripe.Charge {
  const isFailed = status === 'failed'
  const charge: Stripe.Charge = {
    id: world.ids.next(method === 'sepa_debit' ? 'py' : 'ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: isFailed ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: NO_ADDRESS, email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'FEDOW',
    captured: !isFailed,
    created: world.clock.now(),
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: isFailed ? 'card_declined' : null,
    failure_message: isFailed ? 'Your card was declined.' : null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(status),
    paid: !isFailed,
    payment_intent: intent.id,
    payment_method: world.ids.next('pm'),
    payment_method_details: detailsOf(method, reader),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isFailed ? null : `${world.origin}/receipts/${intent.id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status,
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
  if (status === 'succeeded') bookCharge(world, charge)
  return world.charges.add(charge)
}

const NO_ADDRESS: Stripe.Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}

/** The money of a charge comes in, less Stripe's fee. The charge names its line with `showLine`. */
export function bookCharge(world: World, charge: Stripe.Charge): void {
  const method = methodOf(charge)
  const line = world.books.post({
    type: method === 'sepa_debit' ? 'payment' : 'charge',
    category: 'charge',
    amount: charge.amount,
    fee: feeOn(charge.amount, world.fees[method]),
    currency: charge.currency,
    source: charge.id,
    availableOn: world.availableOn(),
    ...(charge.description === null ? {} : { description: charge.description }),
  })
  world.lineOfCharge.set(charge.id, line)
}

/** The balance line of a charge that was paid, whether the charge names it yet or not. */
export function lineOf(world: World, { id }: Stripe.Charge): Stripe.BalanceTransaction {
  world.books.refresh()
  const line = world.lineOfCharge.get(id)
  if (!line) throw new Error(`The charge ${id} has brought no money.`)
  return line
}

export function methodOf(charge: Stripe.Charge): PaymentMethod {
  return charge.payment_method_details?.type as PaymentMethod
}

function detailsOf(
  method: PaymentMethod,
  reader: Stripe.Terminal.Reader | undefined,
): Stripe.Charge.PaymentMethodDetails {
  if (method === 'card') return cardDetails()
  return method === 'sepa_debit' ? sepaDetails() : cardPresentDetails(reader)
}

function outcomeOf(status: ChargeFacts['status']): Stripe.Charge.Outcome {
  const isFailed = status === 'failed'
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: isFailed ? '01' : null,
    network_status: isFailed ? 'declined_by_network' : 'approved_by_network',
    reason: isFailed ? 'generic_decline' : null,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: isFailed ? 'The bank did not say why.' : 'Payment complete.',
    type: isFailed ? 'issuer_declined' : 'authorized',
  }
}

function updateCharge({ world, params, id }: Call): Stripe.Charge {
  const charge = world.charges.get(id)
  const [description, metadata] = [params.text('description'), params.metadata()]
  const group = params.text('transfer_group')
  params.end()
  charge.description = description ?? charge.description
  charge.metadata = mergeMetadata(charge.metadata, metadata)
  charge.transfer_group = group ?? charge.transfer_group
  world.emit('charge.updated', charge)
  return charge
}
