/** What a payer does on the page of a session. */
import type Stripe from 'stripe'
import { idOf, type World } from '../world.ts'
import { AMOUNT_MAX } from './catalogue.ts'
import type { ChargeFacts } from './charge.ts'
import { expireSession, intentFactsOf } from './checkout.ts'
import { addCustomer } from './customer.ts'
import { attempt, settleIntent } from './paying.ts'
import { addIntent } from './payment-intent.ts'
import { hasChosenAmount } from './session.ts'

type Session = Stripe.Checkout.Session

export interface Payment {
  /** `pending`: by a debit of a bank account, which ends with `settlePending`. */
  readonly outcome: 'paid' | 'declined' | 'pending' | 'expired'
  /** In cents, where the payer chooses. */
  readonly amount?: number
  readonly email?: string
}

export interface Paid {
  readonly session: Session
  /** Where the page sends the payer's browser; `null` when it stays. */
  readonly returnUrl: string | null
}

const CHOSEN_AMOUNT_MIN = 50

export function payCheckout(world: World, session: Session, payment: Payment): Paid {
  if (session.status !== 'open')
    throw new Error(`The session is ${session.status}: nobody can pay.`)
  if (payment.outcome === 'expired') {
    return { session: expireSession(world, session), returnUrl: null }
  }
  chooseAmount(world, session, payment.amount)
  const facts = chargeFacts(session, payment)
  const intent = intentOf(world, session)
  const charge = attempt(world, intent, facts)
  if (charge.status === 'failed') return { session, returnUrl: null }
  complete(world, session, { intent, charge, email: facts.email ?? null })
  const returnUrl = session.success_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null
  return { session, returnUrl }
}

function chargeFacts(session: Session, { outcome, email }: Payment): ChargeFacts {
  const payer = session.customer_email ?? email ?? 'payer@example.org'
  if (outcome !== 'pending') {
    return { method: 'card', status: outcome === 'paid' ? 'succeeded' : 'failed', email: payer }
  }
  if (!session.payment_method_types.includes('sepa_debit')) {
    throw new Error('This session takes no means of payment that can stay pending (sepa_debit).')
  }
  return { method: 'sepa_debit', status: 'pending', email: payer }
}

function chooseAmount(world: World, session: Session, amount: number | undefined): void {
  const items = world.lineItems.get(session.id) ?? []
  if (!hasChosenAmount(items)) {
    if (amount === undefined || amount === session.amount_total) return
    throw new Error(`This session is for ${session.amount_total}: the payer cannot choose.`)
  }
  for (const item of items) {
    const bounds = item.price?.custom_unit_amount
    if (!bounds) continue
    const chosen = amount ?? bounds.preset
    const [min, max] = [bounds.minimum ?? CHOSEN_AMOUNT_MIN, bounds.maximum ?? AMOUNT_MAX]
    if (chosen === null || chosen < min || chosen > max) {
      throw new Error(`The page takes from ${min} to ${max}, not ${chosen}.`)
    }
    item.amount_subtotal = chosen
    item.amount_total = chosen
  }
  session.amount_total = items.reduce((sum, { amount_total }) => sum + amount_total, 0)
  session.amount_subtotal = session.amount_total
}

/** The intent of the first attempt; later attempts are attempts of the same. */
function intentOf(world: World, session: Session): Stripe.PaymentIntent {
  const id = idOf(session.payment_intent)
  if (id !== null) {
    const intent = world.intents.get(id)
    intent.amount = session.amount_total ?? 0
    return intent
  }
  const facts = intentFactsOf.get(session)
  const intent = addIntent(world, {
    ...facts,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'eur',
    methods: session.payment_method_types,
    customer: idOf(session.customer),
  })
  session.payment_intent = intent.id
  return intent
}

interface Attempt {
  readonly intent: Stripe.PaymentIntent
  readonly charge: Stripe.Charge
  readonly email: string | null
}

function complete(world: World, session: Session, { intent, charge, email }: Attempt): void {
  session.status = 'complete'
  session.url = null
  session.payment_status = charge.status === 'succeeded' ? 'paid' : 'unpaid'
  session.customer_details = {
    address: charge.billing_details.address,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  if (session.customer_creation === 'always') {
    session.customer = addCustomer(world, { email: email ?? undefined }).id
    intent.customer = session.customer
    charge.customer = session.customer
  }
  if (session.invoice_creation && session.payment_status === 'paid') addInvoice(world, session)
  world.emit('checkout.session.completed', session)
}

function addInvoice(world: World, session: Session): void {
  session.invoice = world.ids.next('in')
}

/** The bank has answered for a payment that was pending. */
export function settleSession(
  world: World,
  session: Session,
  outcome: 'succeeded' | 'failed',
): void {
  const intent = world.intents.get(idOf(session.payment_intent) ?? '')
  settleIntent(world, intent, outcome)
  if (outcome === 'succeeded') {
    session.payment_status = 'paid'
    if (session.invoice_creation) addInvoice(world, session)
  }
  world.emit(`checkout.session.async_payment_${outcome}`, session)
}
