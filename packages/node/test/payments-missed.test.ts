/** Payments that no event has told of: the node asks Stripe for its events, and acts on them as if they had come. */
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hearKept } from '../src/v1/routes/stripe-webhook.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import type { How } from './fake-stripe/faults.ts'
import { TestNetwork } from './test-network.ts'
import { pythonText } from './v1-clients.ts'
import { rsaKey, startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

const SECRET = 'whsec_of_nobody'
const MINUTE_MS = 60_000

let network: TestNetwork
let stripe: FakeStripe
let world: V1World
let movedMs = 0
let warnings: string[] = []

beforeEach(async () => {
  network = new TestNetwork()
  stripe = await startFakeStripe()
  movedMs = 0
  warnings = []
  world = await start()
  await look()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
  await stripe[Symbol.asyncDispose]()
  network[Symbol.dispose]()
})

function start(): Promise<V1World> {
  return startV1({
    network,
    payments: {
      stripe: { key: stripe.key, webhookSecret: SECRET, api: stripe.origin },
      now: () => Date.now() + movedMs,
      warn: (what) => warnings.push(what),
    },
  })
}

async function move(ms: number): Promise<void> {
  movedMs += ms
  await stripe.advance(ms)
}

function look(): Promise<void> {
  return world.server.payments.missed.look((event) => hearKept(world.means, event))
}

/** A minute later. */
async function lookAgain(): Promise<void> {
  await move(MINUTE_MS)
  await look()
}

async function till(): Promise<{ readonly place: TestPlace; readonly card: TestCard }> {
  const place = await world.openPlace()
  world.till(place)
  const [card] = await world.cards(place, 1)
  if (card === undefined) throw new Error('a card was made')
  return { place, card }
}

function fedOn(card: TestCard): bigint {
  return world.balance(world.walletOf(card), world.means.book.genesis.fed.id)
}

/** Pays at a reader; nobody is told, as no address listens. */
async function payAt(metadata: Readonly<Record<string, string>>, amount = 1_200) {
  const client = new Stripe(stripe.key, stripe.settings)
  const intent = await client.paymentIntents.create({
    ...{ amount, currency: 'eur', capture_method: 'automatic', metadata },
    ...({ payment_method_types: ['card_present'] } as object),
  })
  const reader = stripe.addReader()
  await client.terminal.readers.processPaymentIntent(reader.id, { payment_intent: intent.id })
  stripe.tapReader(reader)
  return intent.id
}

function signed(place: TestPlace, tag: string, key = rsaKey(0)) {
  const facts = { fedow_place_uuid: place.place, tag_id: tag }
  return { data: pythonText(facts), signature: key.signBody(facts) }
}

function asked(path: string): number {
  return stripe.requests.filter((one) => one.path.startsWith(path)).length
}

it('credits a payment at a terminal whose event never came, once', async () => {
  const { place, card } = await till()
  await payAt(signed(place, card.tag))
  await lookAgain()
  expect(fedOn(card)).toBe(1_200n)
  await lookAgain()
  await lookAgain()
  expect(fedOn(card)).toBe(1_200n)
  expect(asked('/v1/payment_intents/pi_')).toBe(2)
})

it('credits what was paid while the node was away', async () => {
  const { place, card } = await till()
  await world[Symbol.asyncDispose]()
  await move(5 * 60 * MINUTE_MS)
  await payAt(signed(place, card.tag), 700)
  await move(40 * 60 * MINUTE_MS)
  world = await start()
  await look()
  expect(fedOn(card)).toBe(700n)
})

it('credits nothing that a till has not signed, and asks nothing about payments of others', async () => {
  const { place, card } = await till()
  const before = asked('/v1/payment_intents/')
  for (let ticket = 0; ticket < 120; ticket += 1) await payAt({ ticket: String(ticket) }, 500)
  const own = asked('/v1/payment_intents/') - before
  await lookAgain()
  expect(asked('/v1/payment_intents/') - before).toBe(own)
  await payAt(signed(place, card.tag, rsaKey(1)))
  await lookAgain()
  await lookAgain()
  expect(fedOn(card)).toBe(0n)
  expect(asked('/v1/payment_intents/pi_')).toBe(1)
})

it('reads more than a page, and more than one look takes', async () => {
  const { place, card } = await till()
  await payAt(signed(place, card.tag), 900)
  const other = { id: 'pi_other', object: 'payment_intent', metadata: {} }
  for (let one = 0; one < 1_050; one += 1) stripe.world.emit('payment_intent.succeeded', other)
  const before = asked('/v1/events')
  await lookAgain()
  expect(asked('/v1/events') - before).toBe(10)
  expect(fedOn(card)).toBe(0n)
  await lookAgain()
  expect(asked('/v1/events') - before).toBe(11)
  expect(fedOn(card)).toBe(900n)
})

it('asks once a minute, and less often while Stripe is away', async () => {
  const before = asked('/v1/events')
  await look()
  await move(MINUTE_MS / 2)
  await look()
  expect(asked('/v1/events') - before).toBe(0)
  stripe.faults.next({ path: '/v1/events', how: '500', times: 100 })
  for (let minute = 0; minute < 60; minute += 1) await lookAgain()
  // At once, then after 2, 4, 8 and 16 minutes.
  expect(asked('/v1/events') - before).toBe(5)
  expect(warnings.filter((one) => one.includes('does not answer its events'))).toHaveLength(1)
})

it.each<How>(['500', '429', 'reset-before'])(
  'asks again about a payment when Stripe did not answer for it, after %s',
  async (how) => {
    const { place, card } = await till()
    await payAt(signed(place, card.tag))
    stripe.faults.next({ method: 'GET', path: '/v1/payment_intents/*', how })
    await lookAgain()
    await move(30 * MINUTE_MS)
    await look()
    await world.server.payments.payments.reconcile()
    expect(fedOn(card)).toBe(1_200n)
  },
)

it('credits a page of ours that payments.db has lost', async () => {
  const { card } = await till()
  const client = new Stripe(stripe.key, stripe.settings)
  const { chain } = world.means.book
  const [wallet, payment] = [world.walletOf(card), crypto.randomUUID()]
  const metadata = { fedow_chain: chain, fedow_payment: payment, fedow_wallet: wallet }
  const price = { currency: 'eur', unit_amount: 600, product_data: { name: 'Refill' } }
  const session = await client.checkout.sessions.create({
    ...{ mode: 'payment', line_items: [{ price_data: price, quantity: 1 }] },
    ...{ success_url: 'https://bar.example/', payment_intent_data: { metadata } },
    metadata: { ...metadata, fedow_card: card.card, signed_data: 'x' },
  })
  stripe.payCheckout(session, { outcome: 'paid' })
  await lookAgain()
  expect(fedOn(card)).toBe(600n)
})
