/** Each kind of request that the fake understands, sent at least once through the real library. */
import type Stripe from 'stripe'
import { chosenPrice } from './client.ts'
import { DAY_MS } from './clock.ts'
import type { FakeStripe } from './fake-stripe.ts'
import { idOf } from './world.ts'

export async function sendEveryRequest(fake: FakeStripe, stripe: Stripe): Promise<void> {
  fake.topUp(100_000)
  await catalogue(stripe)
  const customer = await people(stripe)
  const { intent, charge } = await checkout(fake, stripe, customer)
  await intents(fake, stripe, customer)
  await terminal(fake, stripe)
  await refunds(stripe, intent)
  await venues(fake, stripe, charge)
  await disputes(fake, stripe)
  await payouts(fake, stripe)
  await watching(fake, stripe)
}

async function catalogue(stripe: Stripe): Promise<void> {
  const { id, product } = await chosenPrice(stripe)
  const productId = idOf(product) ?? ''
  await stripe.products.retrieve(productId)
  await stripe.products.update(productId, { name: 'FED', default_price: id, metadata: { a: '1' } })
  await stripe.products.list({ active: true, limit: 3 })
  await stripe.prices.create({
    ...{ product: productId, currency: 'eur', unit_amount: 1500, lookup_key: 'membership' },
    ...{ nickname: 'Year', metadata: { a: '1' } },
  })
  await stripe.prices.retrieve(id, { expand: ['product'] })
  await stripe.prices.update(id, { nickname: 'Free amount' })
  await stripe.prices.list({ lookup_keys: ['membership'], currency: 'eur' })
}

async function people(stripe: Stripe): Promise<string> {
  const wanted = { email: 'ana@example.org', name: 'Ana', metadata: { wallet: 'w1' } }
  const { id } = await stripe.customers.create(wanted)
  await stripe.customers.retrieve(id)
  await stripe.customers.update(id, { phone: '+33100000000', description: 'Member' })
  await stripe.customers.list({ email: 'ana@example.org' })
  await stripe.customers.del((await stripe.customers.create()).id)
  return id
}

async function checkout(fake: FakeStripe, stripe: Stripe, customer: string) {
  const price = await chosenPrice(stripe)
  const line_items = [{ price: price.id, quantity: 1 }]
  const urls = { success_url: 'https://a.example.org/{CHECKOUT_SESSION_ID}' }
  const session = await stripe.checkout.sessions.create({
    ...{ mode: 'payment', line_items, ...urls, cancel_url: 'https://a.example.org/', customer },
    ...{ client_reference_id: 'w1', metadata: { signed_data: 'x' }, expand: ['line_items'] },
    ...{ payment_method_types: ['card'], expires_at: fake.world.clock.now() + 3600, locale: 'fr' },
    payment_intent_data: { metadata: { refill: '1' }, transfer_group: 'g1', description: 'Refill' },
  })
  const guest = await stripe.checkout.sessions.create({
    ...{ mode: 'payment', ...urls, customer_email: 'bo@example.org', customer_creation: 'always' },
    invoice_creation: { enabled: true },
    line_items: [
      {
        quantity: 2,
        price_data: { currency: 'eur', unit_amount: 700, product_data: { name: 'Membership' } },
      },
    ],
  })
  fake.payCheckout(session, { outcome: 'paid', amount: 2000 })
  fake.payCheckout(guest, { outcome: 'pending' })
  fake.settlePending(guest)
  const expand = ['payment_intent.latest_charge.balance_transaction', 'line_items', 'customer']
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand })
  await stripe.checkout.sessions.retrieve(guest.id)
  await stripe.checkout.sessions.update(session.id, { metadata: { seen: '1' } })
  await stripe.checkout.sessions.listLineItems(session.id, { limit: 5 })
  const intent = idOf(paid.payment_intent) ?? ''
  await stripe.checkout.sessions.list({ payment_intent: intent, created: { gte: 1 } })
  const left = await stripe.checkout.sessions.create({ mode: 'payment', line_items, ...urls })
  await stripe.checkout.sessions.expire(left.id)
  const { data } = await stripe.charges.list({ payment_intent: intent })
  return { intent, charge: data[0]?.id ?? '' }
}

async function intents(fake: FakeStripe, stripe: Stripe, customer: string): Promise<void> {
  const asked = { amount: 1000, currency: 'eur' }
  const { id } = await stripe.paymentIntents.create({
    ...{ ...asked, customer, description: 'Refill', metadata: { a: '1' }, transfer_group: 'g1' },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  })
  await stripe.paymentIntents.update(id, { amount: 1100, metadata: { b: '2' } })
  await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
  const expand = ['latest_charge.balance_transaction', 'customer']
  const paid = await stripe.paymentIntents.retrieve(id, { expand })
  const left = await stripe.paymentIntents.create(asked)
  await stripe.paymentIntents.cancel(left.id, { cancellation_reason: 'abandoned' })
  await stripe.paymentIntents.list({ customer, created: { gte: 1, lt: 4_000_000_000 } })
  const waiting = await stripe.paymentIntents.create({
    ...{ ...asked, confirm: true, payment_method: 'pm_sepaDebit' },
  })
  fake.settlePending(waiting, 'failed')
  await stripe.paymentIntents.retrieve(waiting.id)
  const charge = idOf(paid.latest_charge) ?? ''
  await stripe.charges.retrieve(charge, { expand: ['balance_transaction', 'refunds'] })
  await stripe.charges.update(charge, { description: 'Refill', transfer_group: 'g2' })
}

async function terminal(fake: FakeStripe, stripe: Stripe): Promise<void> {
  const location = await stripe.terminal.locations.create({
    display_name: 'Bar du Port',
    address: { country: 'FR', city: 'Brest', line1: 'Quai 1', postal_code: '29200' },
  })
  await stripe.terminal.locations.retrieve(location.id)
  await stripe.terminal.locations.list()
  const { id } = await stripe.terminal.readers.create({
    ...{ registration_code: 'simulated-wpe', label: 'Bar', location: location.id },
  })
  const create = () =>
    stripe.paymentIntents.create({
      ...{ amount: 1500, currency: 'eur', payment_method_types: ['card_present'] },
      ...{ capture_method: 'automatic', metadata: { data: '{}', signature: 'x' } },
    })
  const [first, second] = [await create(), await create()]
  const push = (payment_intent: string) =>
    stripe.terminal.readers.processPaymentIntent(id, {
      ...{ payment_intent, process_config: { enable_customer_cancellation: true } },
    })
  await push(first.id)
  await stripe.testHelpers.terminal.readers.presentPaymentMethod(id)
  await push(second.id)
  await stripe.terminal.readers.cancelAction(id)
  await push(second.id)
  fake.tapReader(id, 'declined')
  await stripe.terminal.readers.retrieve(id)
  await stripe.terminal.readers.list({ location: location.id })
  await stripe.paymentIntents.retrieve(first.id, { expand: ['latest_charge'] })
}

async function refunds(stripe: Stripe, payment_intent: string): Promise<void> {
  const { id } = await stripe.refunds.create({
    ...{ payment_intent, amount: 500, reason: 'requested_by_customer', metadata: { a: '1' } },
    expand: ['balance_transaction', 'charge'],
  })
  await stripe.refunds.retrieve(id)
  await stripe.refunds.update(id, { metadata: { b: '2' } })
  await stripe.refunds.list({ payment_intent, limit: 10 })
}

async function venues(fake: FakeStripe, stripe: Stripe, charge: string): Promise<void> {
  const { id: account } = await stripe.accounts.create({
    ...{ type: 'express', country: 'FR', email: 'bar@example.org', metadata: { place: 'p1' } },
    capabilities: { transfers: { requested: true } },
  })
  const urls = { refresh_url: 'https://a.example.org/', return_url: 'https://a.example.org/' }
  await stripe.accountLinks.create({ account, type: 'account_onboarding', ...urls })
  fake.onboard(account)
  await stripe.accounts.retrieve(account)
  await stripe.accounts.retrieveCurrent()
  await stripe.accounts.update(account, { metadata: { place: 'p2' } })
  await stripe.accounts.list()
  await stripe.accounts.del((await stripe.accounts.create({ type: 'express' })).id)
  const asked = { currency: 'eur', destination: account }
  await stripe.transfers.create({ ...asked, amount: 300, source_transaction: charge })
  const { id } = await stripe.transfers.create({
    ...{ ...asked, amount: 400, transfer_group: 'w1', description: 'Week', metadata: { a: '1' } },
    expand: ['balance_transaction'],
  })
  const reversal = await stripe.transfers.createReversal(id, { amount: 100, metadata: { b: '2' } })
  await stripe.transfers.retrieveReversal(id, reversal.id)
  await stripe.transfers.listReversals(id)
  await stripe.transfers.retrieve(id)
  await stripe.transfers.update(id, { metadata: { c: '3' } })
  await stripe.transfers.list({ destination: account })
}

async function disputes(fake: FakeStripe, stripe: Stripe): Promise<void> {
  const disputed = async () => {
    const asked = { amount: 1000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }
    return fake.openDispute(await stripe.paymentIntents.create(asked)).id
  }
  const [first, second] = [await disputed(), await disputed()]
  await stripe.disputes.retrieve(first, { expand: ['charge', 'payment_intent'] })
  await stripe.disputes.update(first, { evidence: { uncategorized_text: 'Paid.' }, submit: true })
  fake.closeDispute(first, 'won')
  await stripe.disputes.close(second)
  await stripe.disputes.list({ limit: 5 })
}

async function payouts(fake: FakeStripe, stripe: Stripe): Promise<void> {
  const asked = { amount: 100, currency: 'eur' }
  const paid = await stripe.payouts.create({ ...asked, description: 'Week', metadata: { a: '1' } })
  fake.settlePayout(paid)
  await stripe.payouts.retrieve(paid.id, { expand: ['balance_transaction'] })
  await stripe.payouts.update(paid.id, { metadata: { b: '2' } })
  await stripe.payouts.cancel((await stripe.payouts.create(asked)).id)
  await stripe.payouts.list({ status: 'paid' })
  await fake.advance(2 * DAY_MS)
  const automatic = fake.payOut()
  fake.settlePayout(automatic?.id ?? '')
  await stripe.balanceTransactions.list({ payout: automatic?.id ?? '', limit: 100 })
  const { data } = await stripe.balanceTransactions.list({
    type: 'charge',
    expand: ['data.source'],
  })
  await stripe.balanceTransactions.retrieve(data[0]?.id ?? '')
  await stripe.balance.retrieve()
}

async function watching(fake: FakeStripe, stripe: Stripe): Promise<void> {
  const { id } = await stripe.webhookEndpoints.create({
    ...{
      url: `${fake.origin}/nowhere`,
      enabled_events: ['charge.succeeded'],
      metadata: { a: '1' },
    },
    description: 'Node',
  })
  await stripe.webhookEndpoints.retrieve(id)
  await stripe.webhookEndpoints.update(id, { enabled_events: ['*'], disabled: true })
  await stripe.webhookEndpoints.list()
  await stripe.webhookEndpoints.del(id)
  const { data } = await stripe.events.list({ types: ['charge.succeeded', 'refund.created'] })
  await stripe.events.retrieve(data[0]?.id ?? '')
}
