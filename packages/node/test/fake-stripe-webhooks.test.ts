/** Events: who is told, how they are signed, and what becomes of them on the way. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { clientOf, openSession } from './fake-stripe/client.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './fake-stripe/clock.ts'
import { startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { API_VERSION } from './fake-stripe/world.ts'

interface Told {
  readonly body: string
  readonly signature: string
  readonly headers: IncomingHttpHeaders
}

/** An address that is told; `status` is what it answers, `null` to break the connection. */
async function listener() {
  const told: Told[] = []
  const state: { status: number | null } = { status: 200 }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const signature = String(request.headers['stripe-signature'])
    told.push({ body, signature, headers: request.headers })
    if (state.status === null) response.destroy()
    else response.writeHead(state.status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    told,
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook_stripe/`,
    /** The types told, in their order. */
    types: () => told.map(({ body }): string => JSON.parse(body).type),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('a webhook', () => {
  it('tells what happened in an event that the library verifies', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    const stripe = clientOf(fake)
    const { secret } = fake.webhooks.listen({
      ...{ url: listening.url, events: ['checkout.session.completed'] },
    })
    const session = await openSession(stripe, { metadata: { signed_data: 'abc' } })
    fake.payCheckout(session, { outcome: 'paid', amount: 2000 })
    await fake.webhooks.settled()
    const [told] = listening.told
    const event = stripe.webhooks.constructEvent(told?.body ?? '', told?.signature ?? '', secret)
    expect(event).toMatchObject({
      ...{ object: 'event', type: 'checkout.session.completed', livemode: false },
      ...{ api_version: API_VERSION, pending_webhooks: 1 },
      request: { id: null, idempotency_key: null },
      data: {
        object: {
          ...{ id: session.id, payment_status: 'paid', amount_total: 2000 },
          metadata: { signed_data: 'abc' },
        },
      },
    })
    expect(listening.told).toHaveLength(1)
    expect(told?.headers['content-type']).toBe('application/json; charset=utf-8')
    const listed = await stripe.events.list({ type: 'checkout.session.completed' })
    expect(listed.data).toMatchObject([{ id: event.id, pending_webhooks: 0 }])
  })

  it('is refused by the library when it is forged, changed or old', async () => {
    await using fake = await startFakeStripe()
    const secret = 'whsec_right'
    const stripe = clientOf(fake)
    const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'charge.succeeded' })
    const verify = (payload: string, signature: string) =>
      stripe.webhooks.constructEvent(payload, signature, secret)
    const right = fake.webhooks.sign(body, { secret })
    expect(verify(body, right)).toMatchObject({ id: 'evt_1' })
    const { StripeSignatureVerificationError } = Stripe.errors
    const timeS = fake.world.clock.now() - 301
    for (const [payload, signature] of [
      [body, fake.webhooks.sign(body, { secret: 'whsec_wrong' })],
      [body.replace('evt_1', 'evt_2'), right],
      [body, fake.webhooks.sign(body, { secret, timeS })],
      [body, ''],
    ] as const) {
      expect(() => verify(payload, signature)).toThrow(StripeSignatureVerificationError)
    }
  })

  it('names the request that has caused it', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'customer:1' }
    const { lastResponse } = await stripe.customers.create({}, options)
    const { data } = await stripe.events.list()
    expect(data).toMatchObject([
      {
        type: 'customer.created',
        request: { id: lastResponse.requestId, idempotency_key: 'customer:1' },
      },
    ])
  })

  it('is told again after a failure, for three days, when the clock moves', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    const stripe = clientOf(fake)
    fake.webhooks.listen({ url: listening.url })
    listening.state.status = 500
    await stripe.customers.create()
    await fake.webhooks.settled()
    expect(fake.webhooks.attempts.map(({ status }) => status)).toEqual([500])
    await fake.advance(MINUTE_MS)
    expect(listening.told).toHaveLength(1)
    listening.state.status = null
    await fake.advance(4 * MINUTE_MS)
    expect(fake.webhooks.attempts.map(({ status }) => status)).toEqual([500, null])
    expect(fake.webhooks.waiting).toBe(1)
    listening.state.status = 204
    await fake.advance(HOUR_MS)
    expect(fake.webhooks.waiting).toBe(0)
    expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(1)

    listening.state.status = 500
    await stripe.customers.create()
    for (let half = 0; half < 8; half += 1) await fake.advance(DAY_MS / 2)
    const given = listening.told.length
    await fake.advance(DAY_MS)
    expect(listening.told).toHaveLength(given)
    expect(fake.webhooks.waiting).toBe(0)
  })

  it('of connected accounts goes to the endpoint that asked for them', async () => {
    await using fake = await startFakeStripe()
    await using own = await listener()
    await using connected = await listener()
    const stripe = clientOf(fake)
    fake.webhooks.listen({ url: own.url })
    fake.webhooks.listen({ url: connected.url, isOfAccounts: true })
    const account = await stripe.accounts.create({ type: 'express' })
    fake.onboard(account)
    fake.topUp(500)
    await stripe.transfers.create({ amount: 500, currency: 'eur', destination: account.id })
    await stripe.payouts.create({ amount: 500, currency: 'eur' }, { stripeAccount: account.id })
    await fake.webhooks.settled()
    expect(own.types()).toEqual(['transfer.created'])
    expect(connected.types().toSorted()).toEqual(['account.updated', 'payout.created'])
    expect(JSON.parse(connected.told[0]?.body ?? '')).toMatchObject({ account: account.id })
  })

  it('can be managed through the API, and tells its secret once', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    const stripe = clientOf(fake)
    const made = await stripe.webhookEndpoints.create({
      ...{ url: listening.url, enabled_events: ['customer.created'] },
    })
    expect(made.secret).toMatch(/^whsec_/)
    expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
    await stripe.customers.create()
    await fake.webhooks.settled()
    await stripe.webhookEndpoints.update(made.id, { disabled: true })
    await stripe.customers.create()
    await fake.webhooks.settled()
    const [told] = listening.told
    expect(listening.told).toHaveLength(1)
    expect(
      stripe.webhooks.constructEvent(told?.body ?? '', told?.signature ?? '', made.secret ?? ''),
    ).toMatchObject({ type: 'customer.created' })
    expect((await stripe.webhookEndpoints.del(made.id)).deleted).toBe(true)
  })
})

describe('events on their way', () => {
  it('can be lost, doubled and held', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    const stripe = clientOf(fake)
    fake.webhooks.listen({ url: listening.url, events: ['customer.*'] })
    fake.webhooks.next({ type: 'customer.created', fate: 'lost' })
    fake.webhooks.next({ type: 'customer.*', fate: { copies: 20 } })
    fake.webhooks.next({ type: 'customer.deleted', fate: 'held' })
    const lost = await stripe.customers.create()
    await stripe.customers.create()
    await stripe.customers.del(lost.id)
    await fake.webhooks.settled()
    expect(listening.types()).toEqual(Array.from({ length: 20 }, () => 'customer.created'))
    expect(new Set(listening.told.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
    expect(fake.webhooks.held.map(({ event }) => event.type)).toEqual(['customer.deleted'])
    await fake.webhooks.release()
    expect(listening.types().at(-1)).toBe('customer.deleted')
    const { data } = await stripe.events.list({ type: 'customer.created' })
    expect(data).toHaveLength(2)
    await fake.webhooks.tellAgain(data[1]?.id ?? '', 3)
    expect(listening.told).toHaveLength(24)
  })

  it('arrive in whatever order is asked for', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    fake.webhooks.usual = 'held'
    fake.webhooks.listen({ url: listening.url, events: ['charge.*', 'payment_intent.*'] })
    const pay = async () => {
      const session = await openSession(clientOf(fake))
      fake.payCheckout(session, { outcome: 'paid', amount: 2000 })
    }
    const order = [
      ...['payment_intent.created', 'charge.succeeded'],
      ...['payment_intent.succeeded', 'charge.updated'],
    ]
    await pay()
    await fake.webhooks.release({ order: 'reversed' })
    expect(listening.types().splice(0)).toEqual(order.toReversed())
    listening.told.length = 0
    await pay()
    await fake.webhooks.release({ type: 'charge.succeeded' })
    await fake.webhooks.release({ copies: 2, order: 'shuffled', seed: 7 })
    const shuffled = listening.types()
    expect(shuffled[0]).toBe('charge.succeeded')
    expect(shuffled.slice(1).toSorted()).toEqual(
      order
        .filter((type) => type !== 'charge.succeeded')
        .flatMap((type) => [type, type])
        .toSorted(),
    )
    listening.told.length = 0
    await pay()
    await fake.webhooks.release({ isTogether: true })
    expect(listening.types().toSorted()).toEqual(order.toSorted())
    expect(fake.webhooks.held).toEqual([])
  })

  it('can be authentic and about nothing of ours', async () => {
    await using fake = await startFakeStripe()
    await using listening = await listener()
    const stripe = clientOf(fake)
    const { secret } = fake.webhooks.listen({ url: listening.url })
    const foreign = { id: 'cs_test_foreign', object: 'checkout.session', currency: 'usd' }
    const [attempt] = await fake.webhooks.send('checkout.session.completed', foreign)
    expect(attempt?.status).toBe(200)
    const [told] = listening.told
    expect(
      stripe.webhooks.constructEvent(told?.body ?? '', told?.signature ?? '', secret),
    ).toMatchObject({ data: { object: foreign } })
  })
})
