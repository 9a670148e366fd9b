import type Stripe from 'stripe'
import type { World } from '../world.ts'

type Session = Stripe.Checkout.Session

/** What a request asks of a session. */
export interface SessionFacts {
  readonly customer: string | null
  readonly email: string | null
  readonly creation: 'always' | 'if_required'
  readonly expiresAt: number
  readonly success: string | null
  readonly cancel: string | null
  readonly reference: string | null
  readonly metadata: Record<string, string>
  readonly methods: readonly string[]
  readonly makesInvoice: boolean
}

/** A session that is open, and as Stripe writes it. */
export function newSession(
  world: World,
  facts: SessionFacts,
  items: readonly Stripe.LineItem[],
): Session {
  const amount = items.reduce((sum, { amount_total }) => sum + amount_total, 0)
  const id = world.ids.next('cs_test', 58)
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: amount,
    amount_total: amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: facts.cancel,
    client_reference_id: facts.reference,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: world.clock.now(),
    currency: items[0]?.currency ?? 'eur',
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: facts.customer,
    customer_account: null,
    customer_creation: facts.customer === null ? facts.creation : null,
    customer_details: null,
    customer_email: facts.email,
    discounts: null,
    expires_at: facts.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: facts.makesInvoice ? NEW_INVOICE : null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: facts.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [...facts.methods],
    payment_status: amount === 0 && !hasChosenAmount(items) ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: facts.success,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.origin}/pay/${id}`,
    wallet_options: null,
  }
}

const NEW_INVOICE: Stripe.Checkout.Session.InvoiceCreation = {
  enabled: true,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: null,
    rendering_options: null,
  },
}

/** Whether the payer says how much. */
export function hasChosenAmount(items: readonly Stripe.LineItem[]): boolean {
  return items.some(({ price }) => price?.custom_unit_amount)
}
