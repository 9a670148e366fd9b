/** Each kind of request that this node sends to Stripe, beside `stripe-mock`, which Stripe publishes: it takes them all. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StripeProvider } from '../src/payments/stripe.ts'
import { clientOf } from './fake-stripe/client.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import type { Recorded } from './fake-stripe/server.ts'
import { MockUnavailable, type StripeMock, startStripeMock } from './fake-stripe/stripe-mock.ts'
import { idOf } from './fake-stripe/world.ts'
import { newId } from './test-network.ts'

/** What asks Stripe for nothing. */
const ASKS_NOTHING = ['constructor', 'readEvent']

/** Newer than the stand-in; the types of the library have it. */
const NEWER = /&allowed_payment_method_types\[\d+\]=\w+/g

let fake: FakeStripe
let mock: StripeMock | MockUnavailable
const called = new Set<string>()

beforeAll(async () => {
  fake = await startFakeStripe({ seed: 'requests' })
  await askEverything()
  mock = await startStripeMock().catch((cause: unknown) => {
    if (cause instanceof MockUnavailable) return cause
    throw cause
  })
}, 600_000)

afterAll(async () => {
  if (!(mock instanceof MockUnavailable)) await mock[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

/** The provider of the node, which writes down what is asked of it. */
function watched(): StripeProvider {
  const settings = { key: fake.key, webhookSecret: undefined, api: fake.origin }
  const prices = { price: () => undefined, setPrice: () => undefined, forgetPrice: () => undefined }
  const provider = new StripeProvider({ settings, prices, now: () => Date.now() })
  return new Proxy(provider, {
    get(of, name) {
      const member: unknown = Reflect.get(of, name, of)
      if (typeof member !== 'function') return member
      called.add(String(name))
      return member.bind(of)
    },
  })
}

async function askEverything(): Promise<void> {
  const stripe = watched()
  fake.topUp(100_000)
  const metadata = { fedow_chain: 'c', fedow_payment: 'p', signed_data: 's' }
  const order = { payment: newId<never>(), returnUrl: 'https://bar.example/', label: 'FED' }
  const whole = { ...order, amount: 2_000n, email: 'ana@example.org', metadata }
  const { reference } = await stripe.openRefill(whole, 'a')
  await stripe.openRefill({ ...whole, amount: undefined, email: undefined }, 'b')
  fake.payCheckout(reference, { outcome: 'paid' })
  const intent = idOf(fake.world.sessions.get(reference).payment_intent) ?? ''
  await stripe.read(reference)
  await stripe.read(intent)
  await askToPayOut(stripe)
  await askAtReader(stripe)
  const back = { payment: intent, amount: 500n, group: 'g', metadata }
  const made = await stripe.refund({ ...back, isRepeat: false }, 'c')
  await stripe.refund({ ...back, isRepeat: true, payment: reference }, 'd')
  await stripe.readRefund(made.reference)
  fake.openDispute(intent)
  await stripe.readRefundable(intent)
  await stripe.readDisputes(intent)
  const { lines } = await stripe.accountLines({ sinceMs: Date.now() - 60_000, after: undefined })
  await stripe.accountLines({ sinceMs: Date.now() - 60_000, after: lines.at(-1)?.reference })
  const { events } = await stripe.keptEvents({ sinceMs: Date.now() - 60_000, after: undefined })
  await stripe.keptEvents({ sinceMs: Date.now() - 60_000, after: events.at(-1)?.id })
}

async function askAtReader(stripe: StripeProvider): Promise<void> {
  const { id: reader } = fake.addReader('Bar')
  await stripe.readers()
  await stripe.readReader(reader)
  const notes = { fedow_payment: 'p', fedow_cents: '900', fedow_signature: 's' }
  const order = { payment: 'p', amount: 900n, label: 'FED', metadata: notes }
  const { reference } = await stripe.makeIntent(order, 'g')
  await stripe.push({ reference, reader }, 'h')
  await stripe.cancelIntent({ reference, reader })
}

async function askToPayOut(stripe: StripeProvider): Promise<void> {
  const { id: destination } = await clientOf(fake).accounts.create({ type: 'express' })
  fake.onboard(destination)
  const order = { amount: 700n, destination, group: 'g', metadata: { fedow_place: 'p' } }
  const { reference } = await stripe.transfer({ ...order, isRepeat: false }, 'e')
  await stripe.transfer({ ...order, isRepeat: true }, 'f')
  await stripe.readTransfer(reference)
  await clientOf(fake).transfers.createReversal(reference, { amount: 100 })
  await stripe.readReversals(reference)
  await stripe.readBankPayout(fake.payOut()?.id ?? '')
}

it('is sent here, by every part of what speaks to Stripe', () => {
  const members = Object.getOwnPropertyNames(StripeProvider.prototype)
  const asking = members.filter((name) => !ASKS_NOTHING.includes(name))
  expect(asking.filter((name) => !called.has(name))).toEqual([])
  expect(fake.requests.filter(({ status }) => status !== 200)).toEqual([])
})

it('is accepted by the stand-in of Stripe', async ({ skip }) => {
  if (mock instanceof MockUnavailable) return skip(mock.message)
  const refused: object[] = []
  for (const request of fake.requests) {
    const { status, body } = await send(mock.origin, request)
    if (status !== 200) refused.push({ path: request.path, form: request.form, body })
  }
  expect(refused).toEqual([])
})

async function send(origin: string, { method, path, form }: Recorded) {
  const isPost = method === 'POST'
  const answer = await fetch(`${origin}${path}${isPost || form === '' ? '' : `?${form}`}`, {
    method,
    headers: {
      authorization: `Bearer ${fake.key}`,
      ...(isPost && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(isPost && { body: form.replaceAll(NEWER, '') }),
  })
  const body: unknown = await answer.json()
  return { status: answer.status, body }
}
