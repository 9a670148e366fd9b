/** What Stripe does around every request: keys, refusals, pages of lists, repeats, and what goes wrong. */
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { clientOf, failure, openSession } from './fake-stripe/client.ts'
import { DAY_MS } from './fake-stripe/clock.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import type { How } from './fake-stripe/faults.ts'
import { API_VERSION } from './fake-stripe/world.ts'

const NEW = { amount: 2000, currency: 'eur' } as const

/** A request as `curl` would send it, so that the body is exactly what is meant. */
async function raw(fake: FakeStripe, path: string, body: string, headers: Record<string, string>) {
  const sent = request(`${fake.origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fake.key}`, ...headers },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

describe('who may call', () => {
  it('refuses a missing, a wrong and a revoked key with 401', async () => {
    await using fake = await startFakeStripe()
    const missing = await fetch(`${fake.origin}/v1/balance`)
    expect(missing.status).toBe(401)
    const wrong = new Stripe('sk_test_wrong', { ...fake.settings, maxNetworkRetries: 0 })
    const refused = await failure(wrong.balance.retrieve())
    expect(refused).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 })
    expect(refused.message).toMatch(/^Invalid API Key provided: sk_test_\*+rong$/)
    await clientOf(fake).balance.retrieve()
    fake.revokeKey()
    expect(await failure(clientOf(fake).balance.retrieve())).toMatchObject({ statusCode: 401 })
  })

  it('takes the key as a name too, as curl sends it', async () => {
    await using fake = await startFakeStripe()
    const authorization = `Basic ${btoa(`${fake.key}:`)}`
    const answer = await fetch(`${fake.origin}/v1/balance`, { headers: { authorization } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('request-id')).toMatch(/^req_/)
    expect(answer.headers.get('stripe-version')).toBe(API_VERSION)
  })

  it('knows connected accounts by their header, and no stranger', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const account = await stripe.accounts.create({ type: 'express' })
    const own = await stripe.balance.retrieve({}, { stripeAccount: account.id })
    expect(own.available).toMatchObject([{ amount: 0, currency: 'eur' }])
    const stranger = await failure(stripe.balance.retrieve({}, { stripeAccount: 'acct_nobody' }))
    expect(stranger).toMatchObject({ type: 'StripePermissionError', code: 'account_invalid' })
  })
})

describe('what it refuses', () => {
  it.each([
    ['amount', 'parameter_missing', { currency: 'eur' }],
    ['amount', 'parameter_invalid_integer', { ...NEW, amount: '12.5' }],
    ['amount', 'amount_too_small', { ...NEW, amount: 49 }],
    ['amont', 'parameter_unknown', { ...NEW, amont: 1 }],
    ['currency', undefined, { amount: 2000, currency: 'euro' }],
    ['currency', 'parameter_invalid_empty', { amount: 2000, currency: '' }],
    ['payment_method_types', undefined, { ...NEW, payment_method_types: ['cheque'] }],
    ['metadata', undefined, { ...NEW, metadata: { signed_data: 'x'.repeat(501) } }],
    ['expand', undefined, { ...NEW, expand: ['secrets'] }],
  ])('names the parameter %s (%s)', async (param, code, params) => {
    await using fake = await startFakeStripe()
    const asked = clientOf(fake).paymentIntents.create(params as Stripe.PaymentIntentCreateParams)
    expect(await failure(asked)).toMatchObject({
      ...{ type: 'StripeInvalidRequestError', rawType: 'invalid_request_error' },
      ...{ statusCode: 400, param, code, requestId: expect.stringMatching(/^req_/) },
    })
    expect(fake.world.intents.all()).toEqual([])
  })

  it('takes metadata of 500 characters, adds to them and removes them one by one', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const long = 'x'.repeat(500)
    const { id } = await stripe.paymentIntents.create({ ...NEW, metadata: { long, short: 'y' } })
    const changed = await stripe.paymentIntents.update(id, { metadata: { short: '', more: 'z' } })
    expect(changed.metadata).toEqual({ long, more: 'z' })
  })

  it('answers 404 for what is not there, and for what it does not understand', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    expect(await failure(stripe.checkout.sessions.retrieve('cs_test_none'))).toMatchObject({
      ...{ statusCode: 404, code: 'resource_missing', param: 'id' },
      message: "No such checkout.session: 'cs_test_none'",
    })
    expect(await failure(stripe.coupons.list())).toMatchObject({ statusCode: 404 })
  })

  it('reads nested brackets in any order and by any client', async () => {
    await using fake = await startFakeStripe()
    const body =
      'line_items[0][price_data][currency]=EUR&line_items[0][price_data][product_data][name]=Caf%C3%A9&mode=payment&line_items[][quantity]=2&line_items[0][price_data][unit_amount]=150&line_items[0][quantity]=1&line_items[1][price_data][currency]=eur&line_items[1][price_data][unit_amount]=10&line_items[1][price_data][product_data][name]=x'
    const { status, body: answer } = await raw(fake, '/v1/checkout/sessions', body, {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(status).toBe(200)
    expect(JSON.parse(answer)).toMatchObject({ amount_total: 170, currency: 'eur' })
    const [items = []] = fake.world.lineItems.values()
    expect(items.map(({ description, quantity }) => [description, quantity])).toEqual([
      ['Café', 1],
      ['x', 2],
    ])
  })
})

describe('lists', () => {
  it('gives pages, newest first, forwards and backwards', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const made: string[] = []
    for (let count = 0; count < 25; count += 1) made.push((await stripe.customers.create()).id)
    const newest = made.toReversed()
    const first = await stripe.customers.list()
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
    expect(first.data.map(({ id }) => id)).toEqual(newest.slice(0, 10))
    expect((await stripe.customers.list({ limit: 25 })).has_more).toBe(false)
    const last = await stripe.customers.list({ limit: 10, starting_after: newest[19] ?? '' })
    expect(last.has_more).toBe(false)
    expect(last.data.map(({ id }) => id)).toEqual(newest.slice(20))
    const before = await stripe.customers.list({ limit: 3, ending_before: newest[5] ?? '' })
    expect(before.data.map(({ id }) => id)).toEqual(newest.slice(2, 5))
    const all = await stripe.customers.list({ limit: 7 }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(newest)
    expect(await failure(stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
  })

  it('filters by time', async () => {
    await using fake = await startFakeStripe({ now: () => 1_800_000_000_000 })
    const stripe = clientOf(fake)
    const old = await stripe.customers.create()
    await fake.advance(DAY_MS)
    const young = await stripe.customers.create()
    const since = await stripe.customers.list({ created: { gt: old.created } })
    expect(since.data.map(({ id }) => id)).toEqual([young.id])
    const until = await stripe.customers.list({ created: { lte: old.created } })
    expect(until.data.map(({ id }) => id)).toEqual([old.id])
  })
})

describe('idempotency keys', () => {
  it('answers a repeat as the first time, and says so', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'refill:1' }
    const first = await stripe.paymentIntents.create({ ...NEW, metadata: { a: '1' } }, options)
    const again = await stripe.paymentIntents.create({ metadata: { a: '1' }, ...NEW }, options)
    expect(again).toEqual(first)
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
    expect(again.lastResponse.headers).toMatchObject({
      ...{ 'idempotent-replayed': 'true', 'original-request': first.lastResponse.requestId },
      'idempotency-key': 'refill:1',
    })
    expect(fake.world.intents.all()).toHaveLength(1)
    expect(fake.requests.map(({ isReplay }) => isReplay)).toEqual([false, true])
  })

  it('refuses the same key for other parameters or another address', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'refill:1' }
    await stripe.paymentIntents.create(NEW, options)
    const other = await failure(stripe.paymentIntents.create({ ...NEW, amount: 2001 }, options))
    const elsewhere = await failure(stripe.customers.create({}, options))
    for (const refused of [other, elsewhere]) {
      expect(refused).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 })
    }
    expect(fake.world.intents.all()).toHaveLength(1)
  })

  it('answers 409 while the first call still runs, then its answer', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'refill:1' }
    const slow = fake.faults.next({ method: 'POST', path: '/v1/payment_intents', how: 'slow' })
    const first = stripe.paymentIntents.create(NEW, options)
    await slow.met
    const second = await failure(stripe.paymentIntents.create(NEW, options))
    expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
    slow.release()
    const third = await stripe.paymentIntents.create(NEW, options)
    expect(third.id).toBe((await first).id)
  })

  it('keeps refusals of what was carried out, and not those of malformed requests', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'transfer:1' }
    const account = await stripe.accounts.create({ type: 'express' })
    fake.onboard(account)
    const asked = { amount: 500, currency: 'eur', destination: account.id }
    const create = () => stripe.transfers.create(asked, options)
    await failure(stripe.transfers.create({ ...asked, amount: 0 }, options))
    expect(await failure(create())).toMatchObject({ code: 'balance_insufficient' })
    fake.topUp(10_000)
    expect(await failure(create())).toMatchObject({ code: 'balance_insufficient' })
    expect(await stripe.transfers.create(asked)).toMatchObject({ amount: 500 })
  })

  it('forgets a key after a day, so that the same request is carried out anew', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const options = { idempotencyKey: 'refill:1' }
    const first = await stripe.paymentIntents.create(NEW, options)
    await fake.advance(DAY_MS)
    const second = await stripe.paymentIntents.create(NEW, options)
    expect(second.id).not.toBe(first.id)
  })
})

describe('what goes wrong on the way', () => {
  const timeout = 300

  it.each<[How, number, string]>([
    ['reset-before', 0, 'StripeConnectionError'],
    ['timeout', 0, 'StripeConnectionError'],
    ['500', 0, 'StripeAPIError'],
    ['429', 0, 'StripeRateLimitError'],
    ['reset-after', 1, 'StripeConnectionError'],
    ['timeout-after', 1, 'StripeConnectionError'],
    ['500-after', 1, 'StripeAPIError'],
  ])('%s: %i payments made, the library says %s', async (how, made, type) => {
    await using fake = await startFakeStripe()
    // The library repeats once by itself when a connection breaks: both tries break.
    fake.faults.next({ path: '/v1/payment_intents', how, times: how.startsWith('reset') ? 2 : 1 })
    const stripe = clientOf(fake, { timeout })
    const options = { idempotencyKey: 'refill:1' }
    expect(await failure(stripe.paymentIntents.create(NEW, options))).toMatchObject({ type })
    expect(fake.world.intents.all()).toHaveLength(made)

    const repeat = stripe.paymentIntents.create(NEW, options)
    if (how === '500-after') {
      expect(await failure(repeat)).toMatchObject({ type: 'StripeAPIError', statusCode: 500 })
    } else expect(await repeat).toMatchObject({ amount: 2000 })
    expect(fake.world.intents.all()).toHaveLength(1)
  })

  it('lets the library repeat by itself, with its own key, and makes one payment', async () => {
    await using fake = await startFakeStripe()
    fake.faults.next({ path: '/v1/payment_intents', how: 'reset-after' })
    fake.faults.next({ path: '/v1/payment_intents', how: '500' })
    const stripe = clientOf(fake, { maxNetworkRetries: 2 })
    await stripe.paymentIntents.create(NEW)
    expect(fake.requests.map(({ status, isReplay }) => [status, isReplay])).toEqual([
      [200, false],
      [null, false],
      [200, true],
    ])
    expect(fake.world.intents.all()).toHaveLength(1)
  })

  it('answers late what it has already done', async () => {
    await using fake = await startFakeStripe()
    const late = fake.faults.next({ path: '/v1/checkout/*', how: 'slow-after' })
    const opening = openSession(clientOf(fake))
    await late.met
    expect(fake.world.sessions.all()).toHaveLength(1)
    late.release()
    expect((await opening).status).toBe('open')
  })

  it('meets each fault once, in the order in which they were planned', async () => {
    await using fake = await startFakeStripe()
    fake.faults.next({ method: 'GET', how: '429' })
    fake.faults.next({ how: '500' })
    const stripe = clientOf(fake)
    expect(await failure(stripe.paymentIntents.create(NEW))).toMatchObject({ statusCode: 500 })
    expect(await failure(stripe.balance.retrieve())).toMatchObject({ statusCode: 429 })
    expect(await stripe.balance.retrieve()).toMatchObject({ object: 'balance' })
    fake.faults.next({ how: '500' })
    fake.faults.clear()
    expect(await stripe.balance.retrieve()).toMatchObject({ object: 'balance' })
  })
})
