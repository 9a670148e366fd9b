/** Refills through Stripe as Lespass and LaBoutik ask for them, and Stripe's events at the address of v1. */
import { randomUUID } from 'node:crypto'
import type { WalletId } from '@fedow/ledger'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { pythonText } from './v1-clients.ts'
import { rsaKey, startV1, type TestPlace, type V1World } from './v1-world.ts'

const SECRET = 'whsec_of_v1'
const OPEN = '/wallet/get_federated_token_refill_checkout/'

let stripe: FakeStripe
let world: V1World

beforeAll(async () => {
  stripe = await startFakeStripe()
  const settings = { key: stripe.key, webhookSecret: SECRET, api: stripe.origin }
  world = await startV1({ payments: { stripe: settings } })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await stripe[Symbol.asyncDispose]()
})

async function venue() {
  const place = await world.openPlace()
  const lespass = world.lespass(place)
  return { place, lespass, person: await world.person() }
}

function fedOf(wallet: WalletId): bigint {
  return world.balance(wallet, world.means.book.genesis.fed.id)
}

/** Tells an event at the address of v1. */
async function tell(type: string, object: object, secret = SECRET) {
  const payload = JSON.stringify({
    ...{ id: `evt_${randomUUID()}`, object: 'event', type, api_version: '2026-10-28.endive' },
    data: { object },
  })
  const signature = stripe.webhooks.sign(payload, { secret })
  const response = await fetch(`${world.origin}/webhook_stripe/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}

const body = { lespass_signed_data: 'opaque' }

describe('a checkout of Lespass', () => {
  it('answers the page, the same for the same signed request, and comes back as Lespass expects', async () => {
    const { lespass, person } = await venue()
    const request = lespass.signedPost(OPEN, body, person)
    const opened = await lespass.send(request)
    expect(opened.status).toBe(202)
    expect((await lespass.send(request)).json).toBe(opened.json)
    const session = stripe.world.sessions.get(opened.json.split('/').at(-1))
    const id = session.client_reference_id
    expect(session.success_url).toBe(
      `https://lespass.example.org/my_account/${id}/return_refill_wallet/`,
    )
    expect(session.cancel_url).toBe(session.success_url)
    expect(session.customer_email).toBe(person.email)
    expect(session.payment_method_types).toEqual(['card'])
    expect(session.metadata?.['signed_data']?.length).toBeLessThanOrEqual(500)
    const back = `/wallet/${id}/retrieve_from_refill_checkout/`
    const early = await lespass.get(back, person)
    expect([early.status, early.json]).toEqual([402, 'Checkout Stripe non paid : O'])
    stripe.payCheckout(session, { outcome: 'paid', amount: 4_200 })
    const paid = await lespass.get(back, person)
    expect(paid.status).toBe(200)
    expect(paid.json.uuid).toBe(person.wallet)
    expect(fedOf(person.wallet)).toBe(4_200n)
    expect((await lespass.get(back, person)).status).toBe(200)
    expect(fedOf(person.wallet)).toBe(4_200n)
  })

  it('credits its owner, whoever brings the payer back', async () => {
    const { lespass, person } = await venue()
    const other = await world.person()
    const { json: url } = await lespass.post(OPEN, body, person)
    const session = stripe.world.sessions.get(url.split('/').at(-1))
    stripe.payCheckout(session, { outcome: 'paid', amount: 1_000 })
    const back = `/wallet/${session.client_reference_id}/retrieve_from_refill_checkout/`
    const shown = await lespass.get(back, other)
    expect([shown.status, shown.json.uuid]).toEqual([200, other.wallet])
    expect([fedOf(person.wallet), fedOf(other.wallet)]).toEqual([1_000n, 0n])
  })

  it('comes back to the address that Lespass gives, and refuses one that is none', async () => {
    const { lespass, person } = await venue()
    const start = 'https://lespass.example.org/wallet/back'
    const given = { ...body, start_return_url: start }
    const { json: url } = await lespass.post(OPEN, given, person)
    const session = stripe.world.sessions.get(url.split('/').at(-1))
    expect(session.success_url).toBe(`${start}/${session.client_reference_id}`)
    const odd = await lespass.post(OPEN, { ...body, start_return_url: 'javascript:x' }, person)
    expect([odd.status, Object.keys(odd.json)]).toEqual([400, ['start_return_url']])
  })

  it('says 404 for a checkout that nobody made, and 503 while Stripe is silent', async () => {
    const { lespass, person } = await venue()
    const unknown = `/wallet/${randomUUID()}/retrieve_from_refill_checkout/`
    expect((await lespass.get(unknown, person)).status).toBe(404)
    stripe.faults.next({ method: 'POST', path: '/v1/checkout/sessions', how: '500' })
    const request = lespass.signedPost(OPEN, body, person)
    expect((await lespass.send(request)).status).toBe(503)
    expect((await lespass.send(request)).status).toBe(202)
  })

  it('is not available without a key', async () => {
    await using keyless = await startV1()
    const place = await keyless.openPlace()
    const answer = await keyless.lespass(place).post(OPEN, body, await keyless.person())
    expect([answer.status, answer.json]).toEqual([417, 'No stripe key provided'])
  })

  it('goes on with a page that v1 had opened before the move', async () => {
    const { lespass, person } = await venue()
    const { json: url } = await lespass.post(OPEN, body, await world.person())
    const session = stripe.world.sessions.get(url.split('/').at(-1))
    const made = await new Stripe(stripe.key, stripe.settings).checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price: String(await priceOf(session.id)), quantity: 1 }],
      success_url: 'https://lespass.example.org/',
      metadata: { signed_data: 'of v1' },
    })
    const id = randomUUID()
    const { genesis } = world.means.book
    world.means.store.checkouts.add({
      ...{ id, timeUs: Date.now() * 1_000, status: 'O', asset: genesis.fed.id },
      ...{ person: person.wallet, stripeId: made.id, intent: null, invoice: null, metadata: '' },
    })
    stripe.payCheckout(made.id, { outcome: 'paid', amount: 1_500 })
    const told = await tell('checkout.session.completed', stripe.world.sessions.get(made.id))
    expect(told).toEqual({ status: 200, json: 'OK' })
    const back = `/wallet/${id}/retrieve_from_refill_checkout/`
    expect((await lespass.get(back, person)).status).toBe(200)
    expect(fedOf(person.wallet)).toBe(1_500n)
  })
})

async function priceOf(session: string): Promise<string | undefined> {
  return stripe.world.lineItems.get(session)?.[0]?.price?.id
}

describe('the webhook of v1', () => {
  it('credits a paid session once, and says what v1 says', async () => {
    const { lespass, person } = await venue()
    const { json: url } = await lespass.post(OPEN, body, person)
    const { id } = stripe.world.sessions.get(url.split('/').at(-1))
    const event = () => tell('checkout.session.completed', stripe.world.sessions.get(id))
    expect(await event()).toEqual({ status: 208, json: 'Déja traité' })
    stripe.payCheckout(id, { outcome: 'paid', amount: 2_000 })
    const all = await Promise.all(Array.from({ length: 20 }, event))
    // Those who come when it is done already hear so.
    expect(all.every(({ status }) => status === 200 || status === 208)).toBe(true)
    expect(all.some(({ status }) => status === 200)).toBe(true)
    expect(await event()).toEqual({ status: 208, json: 'Déja traité' })
    expect(fedOf(person.wallet)).toBe(2_000n)
  })

  it('acknowledges what is not its own, and refuses what nobody has signed', async () => {
    const foreign = { id: 'cs_test_other', object: 'checkout.session', metadata: {} }
    const type = 'checkout.session.completed'
    expect(await tell(type, foreign)).toEqual({ status: 203, json: 'No signed data on payload' })
    const signed = { ...foreign, metadata: { signed_data: 'x' } }
    expect(await tell(type, signed)).toEqual({ status: 204, json: undefined })
    expect((await tell('invoice.paid', { id: 'in_1' })).status).toBe(204)
    expect((await tell(type, foreign, 'whsec_forged')).status).toBe(403)
    const bare = await fetch(`${world.origin}/webhook_stripe/`, { method: 'POST', body: '{' })
    expect(bare.status).toBe(403)
  })
})

describe('a payment at a terminal', () => {
  const TYPE = 'terminal.reader.action_succeeded'

  /** Pays at the reader of a place, with metadata as LaBoutik makes them. */
  async function payAt(
    place: TestPlace,
    of: { tag: string | null; amount?: number; currency?: string; signature?: string },
  ) {
    const { tag, amount = 1_200, currency = 'eur' } = of
    const facts = { fedow_place_uuid: place.place, tag_id: tag }
    const signature = of.signature ?? rsaKey(0).signBody(facts)
    const client = new Stripe(stripe.key, stripe.settings)
    const intent = await client.paymentIntents.create({
      ...{ amount, currency, capture_method: 'automatic' },
      ...({ payment_method_types: ['card_present'] } as object),
      metadata: { data: pythonText(facts), signature },
    })
    const reader = stripe.addReader()
    await client.terminal.readers.processPaymentIntent(reader.id, { payment_intent: intent.id })
    stripe.tapReader(reader)
    return { intent: intent.id, event: () => tell(TYPE, stripe.world.readers.get(reader.id)) }
  }

  async function till() {
    const place = await world.openPlace()
    world.till(place)
    const [card] = await world.cards(place, 1)
    if (card === undefined) throw new Error('a card was made')
    return { place, card }
  }

  it('puts the money on the card that the place has signed, once', async () => {
    const { place, card } = await till()
    const { event } = await payAt(place, { tag: card.tag })
    expect(await event()).toEqual({ status: 200, json: 'OK' })
    expect(fedOf(world.walletOf(card))).toBe(1_200n)
    expect(await event()).toEqual({ status: 208, json: 'payment_intent Already reported' })
    expect(fedOf(world.walletOf(card))).toBe(1_200n)
  })

  it('credits nobody when the signature, the card or the currency is not right', async () => {
    const { place, card } = await till()
    const forged = await payAt(place, { tag: card.tag, signature: rsaKey(1).signBody({}) })
    const nobody = await payAt(place, { tag: null })
    const stranger = await payAt(place, { tag: 'FFFFFFFF' })
    const dollars = await payAt(place, { tag: card.tag, currency: 'usd' })
    for (const { event } of [forged, nobody, stranger, dollars]) {
      const { status, json } = await event()
      expect(status).toBe(400)
      expect(json).toContain('Error validate_stripe_checkout_and_make_transaction : ')
    }
    expect(fedOf(world.walletOf(card))).toBe(0n)
  })

  it('is told again by Stripe when Stripe did not answer', async () => {
    const { place, card } = await till()
    const { event } = await payAt(place, { tag: card.tag })
    stripe.faults.next({ method: 'GET', path: '/v1/payment_intents/*', how: '500' })
    expect(await event()).toEqual({ status: 500, json: 'ERROR' })
    expect((await event()).status).toBe(200)
    expect(fedOf(world.walletOf(card))).toBe(1_200n)
  })
})
