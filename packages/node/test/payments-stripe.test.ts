/** Refills through Stripe, driven by its own library against a fake that speaks HTTP, and by what goes wrong on the way. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  getCard,
  getPayment,
  getStatus,
  listPayments,
  postIssue,
  postOnlineRefill,
} from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { problemOf } from './http-world.ts'
import { type PaymentsWorld, SECRET, startPayments } from './payments-world.ts'
import { newId } from './test-network.ts'

let world: PaymentsWorld
let next = 0

beforeAll(async () => {
  world = await startPayments()
})

afterEach(() => world.stripe.faults.clear())

afterAll(() => world[Symbol.asyncDispose]())

/** A card that the test before has not used last; what is on it is compared with before. */
function aCard(): string {
  next += 1
  return world.bar.tags[next % world.bar.tags.length] ?? ''
}

/** The databases of the node in which a text stands. */
function filesWith(text: string): readonly string[] {
  const { folder } = world.server.network
  return readdirSync(folder).filter((name) => {
    if (!name.endsWith('.db')) return false
    using db = new DatabaseSync(join(folder, name))
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return readFileSync(join(folder, name)).includes(text)
  })
}

async function expectSound(): Promise<void> {
  const { fed, provider, due } = await world.totals()
  expect(fed).toBe(provider + due)
  const { available: now, pending } = world.stripe.balance()
  expect(provider).toBe(now + pending)
}

describe('a refill through Stripe', () => {
  it('credits what was paid when the event comes, with gross, fee and net of the balance line', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 2_000)
    world.stripe.payCheckout(session, { outcome: 'paid' })
    await world.stripe.webhooks.settled()
    expect(world.state(payment)).toBe('credited')
    expect(await world.fedOn(card)).toBe(before + 2_000)
    await expectSound()
  })

  it('lets the payer choose the amount, by one price that is made once', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    for (const amount of [1_234, 50]) {
      const { session } = await world.open(card)
      world.stripe.payCheckout(session, { outcome: 'paid', amount })
    }
    await world.stripe.webhooks.settled()
    expect(await world.fedOn(card)).toBe(before + 1_284)
    const made = world.stripe.requests.filter(({ path, method }) => {
      return path === '/v1/prices' && method === 'POST'
    })
    expect(made).toHaveLength(1)
  })

  it('credits once for one event told 20 times while 20 payers come back', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 1_000)
    const { webhooks } = world.stripe
    webhooks.next({ type: 'checkout.session.completed', fate: 'held' })
    world.stripe.payCheckout(session, { outcome: 'paid' })
    const returns = Array.from({ length: 20 }, () =>
      world.server.anyone.call(getPayment, { params: { payment } }),
    )
    const told = webhooks.release({ copies: 20, isTogether: true })
    const [shown, attempts] = await Promise.all([Promise.all(returns), told])
    expect(new Set(shown.map(({ state }) => state))).toEqual(new Set(['credited']))
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await world.fedOn(card)).toBe(before + 1_000)
    await expectSound()
  })

  it('is told to the member as received while the provider has not told its fee', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 900)
    world.stripe.holdBalanceLines()
    world.stripe.payCheckout(session, { outcome: 'paid' })
    await world.stripe.webhooks.settled()
    const shown = await world.server.anyone.call(getPayment, { params: { payment } })
    expect(shown).toMatchObject({ state: 'paid', amount: 900, problem: { code: 'fee_unknown' } })
    expect(await world.fedOn(card)).toBe(before)
    const status = await world.server.operator.call(getStatus, {})
    expect(status.payments).toMatchObject({ owed: 1, owedAmount: 900 })
    world.stripe.releaseBalanceLines()
    await world.stripe.webhooks.settled()
    expect(world.state(payment)).toBe('credited')
    expect(await world.fedOn(card)).toBe(before + 900)
    await expectSound()
  })

  it('is repaired by the node itself when no event ever comes, and the operator is warned when it is late', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 800)
    world.stripe.webhooks.usual = 'lost'
    world.stripe.holdBalanceLines()
    world.stripe.payCheckout(session, { outcome: 'paid' })
    const { payments } = world.server.payments
    await world.move(61_000)
    await payments.reconcile()
    expect(world.state(payment)).toBe('paid')
    await world.move(180_000)
    await payments.reconcile()
    const late = world.warnings.filter(({ what }) => what.includes('paid and not credited'))
    expect(late).toEqual([expect.objectContaining({ facts: expect.objectContaining({ payment }) })])
    world.stripe.releaseBalanceLines()
    await world.move(600_000)
    await payments.reconcile()
    expect(world.state(payment)).toBe('credited')
    expect(await world.fedOn(card)).toBe(before + 800)
    world.stripe.webhooks.usual = 'told'
    await expectSound()
  })

  it('is not credited again when the operator has issued for the same payment by hand', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 700)
    world.stripe.webhooks.usual = 'lost'
    world.stripe.payCheckout(session, { outcome: 'paid' })
    const reference = String(world.stripe.world.sessions.get(session).payment_intent)
    const evidence = { account: 'provider/stripe', reference, gross: 700, fee: 36, net: 664 }
    await world.server.operator.call(postIssue, { body: { card, evidence } })
    world.stripe.webhooks.usual = 'told'
    await world.server.anyone.call(getPayment, { params: { payment } })
    expect(world.state(payment)).toBe('credited')
    expect(await world.fedOn(card)).toBe(before + 700)
  })
})

describe('what goes wrong between the node and Stripe', () => {
  it.each(['timeout-after', '429', '500', '500-after'] as const)(
    'opens one page in the end after %s',
    { timeout: 20_000 },
    async (how) => {
      const card = aCard()
      const before = await world.fedOn(card)
      const key = newId<TxId>()
      const wish = { key, body: { card, amount: 600 } }
      world.stripe.faults.next({ method: 'POST', path: '/v1/checkout/sessions', how })
      const problem = await problemOf(world.bar.manager, postOnlineRefill, wish)
      expect(problem).toMatchObject({ status: 503, code: 'provider_silent' })
      const { url, payment } = await world.bar.manager.call(postOnlineRefill, wish)
      world.stripe.payCheckout(url.split('/').at(-1) ?? '', { outcome: 'paid' })
      await world.stripe.webhooks.settled()
      expect(world.state(payment)).toBe('credited')
      expect(await world.fedOn(card)).toBe(before + 600)
      await expectSound()
    },
  )

  it('keeps the address of the payer among the people, until there is a page to pay on', async () => {
    const email = `${newId<TxId>()}@example.org`
    const wish = { key: newId<TxId>(), body: { card: aCard(), amount: 600, email } }
    world.stripe.faults.next({ method: 'POST', path: '/v1/checkout/sessions', how: '500' })
    const problem = await problemOf(world.bar.manager, postOnlineRefill, wish)
    expect(problem).toMatchObject({ code: 'provider_silent' })
    expect(filesWith(email)).toEqual(['people.db'])
    const { url } = await world.bar.manager.call(postOnlineRefill, wish)
    const page = world.stripe.world.sessions.where(({ url: its }) => its === url)
    expect(page).toMatchObject([{ customer_email: email }])
    expect(filesWith(email)).toEqual([])
  })

  it.each(['reset-before', 'reset-after'] as const)(
    'opens one page at once after %s, since the library asks again with the same key',
    async (how) => {
      const key = newId<TxId>()
      world.stripe.faults.next({ method: 'POST', path: '/v1/checkout/sessions', how })
      await world.bar.manager.call(postOnlineRefill, { key, body: { card: aCard(), amount: 600 } })
      const pages = world.stripe.world.sessions.where((one) => one.client_reference_id === key)
      expect(pages).toHaveLength(1)
    },
  )

  it.each(['reset-before', 'reset-after', '429', '500'] as const)(
    'shows nothing as failed that was paid, after %s',
    async (how) => {
      const card = aCard()
      const before = await world.fedOn(card)
      const { session, payment } = await world.open(card, 500)
      world.stripe.faults.next({ method: 'GET', path: '/v1/checkout/sessions/*', how })
      world.stripe.payCheckout(session, { outcome: 'paid' })
      await world.stripe.webhooks.settled()
      await world.move(600_000)
      await world.server.payments.payments.reconcile()
      expect(world.state(payment)).toBe('credited')
      expect(await world.fedOn(card)).toBe(before + 500)
      await expectSound()
    },
  )

  it('goes on with a second page that was made behind a 500 when that one is paid', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const wish = { key: newId<TxId>(), body: { card, amount: 400 } }
    world.stripe.faults.next({ method: 'POST', path: '/v1/checkout/sessions', how: '500-after' })
    await problemOf(world.bar.manager, postOnlineRefill, wish)
    await world.bar.manager.call(postOnlineRefill, wish)
    const pages = world.stripe.world.sessions.where((one) => one.client_reference_id === wish.key)
    expect(pages).toHaveLength(2)
    for (const page of pages) world.stripe.payCheckout(page, { outcome: 'paid' })
    await world.stripe.webhooks.settled()
    // Both were paid, so both are credited: once each.
    expect(await world.fedOn(card)).toBe(before + 800)
    await expectSound()
  })

  it('runs with a key that Stripe refuses, and says why refills are off', async () => {
    await using wrong = await startPayments({ key: 'sk_test_wrong' })
    const wish = { body: { card: wrong.bar.tags[0] ?? '', amount: 500 } }
    const problem = await problemOf(wrong.bar.manager, postOnlineRefill, wish)
    expect(problem).toMatchObject({
      status: 409,
      code: 'refills_off',
      with: { why: 'key_refused' },
    })
    const { status } = await wrong.server.operator.call(listPayments, {})
    expect(status.off).toBe('key_refused')
  })

  it('asks for another page after the payer was refused by their bank', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 300)
    world.stripe.payCheckout(session, { outcome: 'declined' })
    await world.stripe.webhooks.settled()
    expect(world.state(payment)).toBe('opened')
    world.stripe.payCheckout(session, { outcome: 'paid' })
    await world.stripe.webhooks.settled()
    expect(await world.fedOn(card)).toBe(before + 300)
  })

  it('gives up a page that expired unpaid', async () => {
    const { session, payment } = await world.open(aCard(), 300)
    world.stripe.payCheckout(session, { outcome: 'expired' })
    await world.stripe.webhooks.settled()
    expect(world.state(payment)).toBe('expired')
  })

  it('credits nothing that went back to the payer before', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 450)
    world.stripe.webhooks.usual = 'lost'
    world.stripe.payCheckout(session, { outcome: 'paid' })
    world.stripe.openDispute(String(world.stripe.world.sessions.get(session).payment_intent))
    world.stripe.webhooks.usual = 'told'
    await world.server.anyone.call(getPayment, { params: { payment } })
    expect(await world.fedOn(card)).toBe(before)
    const { problem } = await world.server.anyone.call(getPayment, { params: { payment } })
    expect(problem?.code).toBe('claimed')
  })
})

describe('an event', () => {
  const url = () => `${world.server.origin}/api/v2/webhooks/stripe`
  const post = (body: string, signature: string | undefined) =>
    fetch(url(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(signature !== undefined && { 'stripe-signature': signature }),
      },
      body,
    })

  it('is refused when its signature is forged, old, missing, or of other bytes', async () => {
    const { webhooks, world: fake } = world.stripe
    const payload = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'x',
      data: { object: {} },
    })
    const right = webhooks.sign(payload, { secret: SECRET })
    const old = webhooks.sign(payload, { secret: SECRET, timeS: fake.clock.now() - 86_400 })
    const wrong = [
      [payload, webhooks.sign(payload, { secret: 'whsec_other' })],
      [payload, old],
      [payload, undefined],
      [payload, 'nonsense'],
      [`${payload} `, right],
      ['{', right],
    ] as const
    for (const [body, signature] of wrong) expect((await post(body, signature)).status).toBe(400)
    expect((await post(payload, right)).status).toBe(200)
  })

  it('of another account, or of nothing paid, credits nothing although it names a payment of ours', async () => {
    const card = aCard()
    const before = await world.fedOn(card)
    const { session, payment } = await world.open(card, 350)
    const object = world.stripe.world.sessions.get(session)
    const event = { id: 'evt_2', object: 'event', type: 'checkout.session.completed' }
    const paid = { ...object, status: 'complete', payment_status: 'paid' }
    const told = [
      { ...event, account: 'acct_other', data: { object: paid } },
      { ...event, data: { object: paid } },
      { ...event, data: { object: { ...paid, amount_total: 0 } } },
    ]
    for (const one of told) {
      const payload = JSON.stringify(one)
      const signature = world.stripe.webhooks.sign(payload, { secret: SECRET })
      expect((await post(payload, signature)).status).toBe(200)
    }
    expect(world.state(payment)).toBe('opened')
    expect(await world.fedOn(card)).toBe(before)
  })

  it('of something foreign is acknowledged, and credits nothing', async () => {
    const { fed } = await world.totals()
    const { webhooks } = world.stripe
    const foreign = { id: 'cs_test_foreign', object: 'checkout.session', metadata: {} }
    const attempts = [
      ...(await webhooks.send('checkout.session.completed', foreign)),
      ...(await webhooks.send('checkout.session.completed', { ...foreign, metadata: null })),
      ...(await webhooks.send('invoice.paid', { id: 'in_1', object: 'invoice' })),
      ...(await webhooks.send('product.created', { id: 'prod_1', object: 'product' })),
    ]
    expect(attempts.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await world.totals()).fed).toBe(fed)
  })
})

describe('a payment that payments.db does not know', () => {
  /** A session with what this node notes at Stripe, or with what somebody says it has noted. */
  async function paidSession(metadata: Readonly<Record<string, string>>) {
    const client = new Stripe(world.stripe.key, world.stripe.settings)
    const price = { currency: 'eur', unit_amount: 600, product_data: { name: 'Ticket' } }
    const { id } = await client.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price_data: price, quantity: 1 }],
      success_url: 'https://bar.example/',
      metadata,
    })
    world.stripe.webhooks.usual = 'lost'
    world.stripe.payCheckout(id, { outcome: 'paid' })
    world.stripe.webhooks.usual = 'told'
    return world.stripe.world.sessions.get(id)
  }

  async function noted() {
    const [tag = ''] = world.bar.tags
    const { card, wallet } = await world.bar.manager.call(getCard, { params: { card: tag } })
    const { chain } = world.server.book.reader
    return { fedow_chain: chain, fedow_payment: newId(), fedow_wallet: wallet, fedow_card: card }
  }

  it('is credited to nobody when an event alone says that it is ours', async () => {
    const [tag = ''] = world.bar.tags
    const before = await world.fedOn(tag)
    const session = await paidSession({ of: 'the ticket shop' })
    const claimed = { ...session, metadata: await noted() }
    const [told] = await world.stripe.webhooks.send('checkout.session.completed', claimed)
    expect(told?.status).toBe(200)
    expect(await world.fedOn(tag)).toBe(before)
  })

  it('is credited to whom this node has noted at Stripe', async () => {
    const [tag = ''] = world.bar.tags
    const before = await world.fedOn(tag)
    const session = await paidSession(await noted())
    await world.stripe.webhooks.send('checkout.session.completed', session)
    expect(await world.fedOn(tag)).toBe(before + 600)
  })
})

it('agrees with Stripe to the cent after all of this', async () => {
  const { provider, due, fed } = await world.totals()
  expect(provider + due).toBe(fed)
  const { payments } = await world.server.operator.call(listPayments, { query: { limit: 500 } })
  const credited = payments.filter(({ state }) => state === 'credited')
  const sum = credited.reduce((total, { amount = 0 }) => total + amount, 0)
  expect(fed).toBe(BigInt(sum))
})
