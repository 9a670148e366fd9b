/** What Stripe does of itself, or at somebody else's wish: read line by line, and booked to the cent. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  getCard,
  openPayout,
  payPayout,
  payVenue,
  postDeposit,
  postIssue,
  postSale,
  postTransfer,
  setVenueAccount,
} from '@fedow/api'
import { type Kid, nobleHash } from '@fedow/ledger'
import Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import { Gateway } from '../src/gateway/gateway.ts'
import { AccountLines } from '../src/payments/account-lines.ts'
import { Disputes } from '../src/payments/disputes.ts'
import { StripeProvider } from '../src/payments/stripe.ts'
import { depositPaid } from '../src/payments/venue-deposit.ts'
import { openPaymentsFile } from '../src/store/payments-db.ts'
import type { WishId } from '../src/store/payout-store.ts'
import { openBar, payment } from './http-world.ts'
import { type PaymentsWorld, SECRET, startPayments, type WorldWishes } from './payments-world.ts'
import { newId } from './test-network.ts'

let world: PaymentsWorld
let sdk: Stripe

async function start(wishes: WorldWishes = {}): Promise<void> {
  world = await startPayments(wishes)
  sdk = new Stripe(world.stripe.key, { ...world.stripe.settings, maxNetworkRetries: 0 })
}

afterEach(async () => {
  world.stripe.faults.clear()
  await world[Symbol.asyncDispose]()
})

const tag = (at: number) => world.bar.tags[at] ?? ''

/** A minute later. */
async function look(): Promise<void> {
  await world.move(60_000)
  await world.server.payments.lines.reconcile()
}

async function refill(card: string, amount: number): Promise<string> {
  const { session, payment: id } = await world.open(card, amount)
  world.stripe.payCheckout(session, { outcome: 'paid' })
  await world.stripe.webhooks.settled()
  await world.server.payments.payments.settle(id)
  return String(world.stripe.world.sessions.get(session).payment_intent)
}

/** The book and Stripe agree to the cent; below zero there, the rest is between Stripe and the keeper. */
async function expectSound(): Promise<void> {
  const { fed, provider, due } = await world.totals()
  const { total } = world.stripe.balance()
  expect({ fed, provider }).toEqual({ fed: provider + due, provider: total > 0n ? total : 0n })
  expect(world.server.payments.lines.waiting()).toBe(0)
  world.stripe.assertSound()
}

async function back(card: string, amount: bigint) {
  const bearer = await world.server.operator.call(getCard, { params: { card } })
  const wish = { id: newId<WishId>(), card: bearer.card, wallet: bearer.wallet, amount }
  const begun = await world.server.payments.payouts.begin(wish)
  return begun.status === 'begun' ? begun.payouts : []
}

describe('a fee', () => {
  it('of a refund is owed by the keeper, also of one that failed', async () => {
    await start({ fake: { fees: { refund: 20 } } })
    await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    const before = await world.totals()
    expect(await back(tag(0), 500n)).toMatchObject([{ state: 'paid' }])
    world.stripe.nextRefund('failed')
    await back(tag(0), 700n)
    await world.stripe.webhooks.settled()
    await look()
    await look()
    expect((await world.totals()).due - before.due).toBe(40n)
    expect(await world.fedOn(tag(0))).toBe(1_500)
    await expectSound()
  })

  it('of the account itself is owed once, and less when it is given back', async () => {
    await start()
    await refill(tag(0), 2_000)
    const { due } = await world.totals()
    const { books } = world.stripe.world
    const fee = { type: 'stripe_fee', currency: 'eur', source: 'fee_1' } as const
    books.post({ ...fee, amount: -200 })
    await look()
    await look()
    expect((await world.totals()).due - due).toBe(200n)
    books.post({ ...fee, amount: 50 })
    await look()
    expect((await world.totals()).due - due).toBe(150n)
    await expectSound()
  })
})

describe('a refund that nobody here has asked for', () => {
  it('is owed by the keeper: the federated euros stay where they are, in other hands too', async () => {
    await start({ fake: { fees: { refund: 20 } } })
    const intent = await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    const { place, manager } = world.bar
    const parts = [{ asset: world.server.book.reader.genesis.fed.id, amount: 1_500 }]
    await manager.call(postSale, { body: { place, card: tag(0), parts } })
    const before = await world.totals()
    await sdk.refunds.create({ payment_intent: intent, amount: 1_200 })
    await look()
    await look()
    const after = await world.totals()
    expect(after.due - before.due).toBe(1_220n)
    expect(after.fed).toBe(before.fed)
    expect(await world.fedOn(tag(0))).toBe(500)
    await expectSound()
    expect(world.warnings.map(({ what }) => what)).toContain(
      'A refill was refunded at the provider, not here: the keeper owes it to the reserve',
    )
    const { payments } = world.server.payments
    expect(payments.byReference(intent)?.problem).toBe('refunded_elsewhere')
    // What is left of it at Stripe can still go back, and no more.
    const [payout] = await back(tag(0), 500n)
    expect(payout).toMatchObject({ state: 'paid', amount: 500n })
    await look()
    await expectSound()
  })

  it('that comes back is owed no more', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    const before = await world.totals()
    const { id } = await sdk.refunds.create({ payment_intent: intent })
    world.stripe.failRefund(id)
    await look()
    await look()
    expect(await world.totals()).toEqual(before)
    const again = await sdk.refunds.create({ payment_intent: intent })
    await look()
    expect((await world.totals()).due - before.due).toBe(2_000n)
    world.stripe.failRefund(again.id)
    await look()
    expect(await world.totals()).toEqual(before)
    await expectSound()
  })

  it('takes what the account has, and the rest when new payments fill it', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    await sdk.refunds.create({ payment_intent: intent })
    await look()
    expect((await world.totals()).provider).toBe(0n)
    await refill(tag(1), 10_000)
    await look()
    await expectSound()
  })

  it('is not booked again when the operator has taken it out of circulation', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    const { operator } = world.server
    const { wallet } = await operator.call(getCard, { params: { card: tag(0) } })
    const { id } = await sdk.refunds.create({ payment_intent: intent, amount: 800 })
    const { payout } = await operator.call(openPayout, { body: { wallet, amount: 800 } })
    const reference = Buffer.from(nobleHash(new TextEncoder().encode(id))).toString('hex')
    const evidence = { account: 'provider/stripe', gross: 800, fee: 0, net: 800 }
    await operator.call(payPayout, {
      params: { payout },
      body: { evidence: { ...evidence, reference: id }, amount: 800 },
    })
    expect(world.server.book.reader.state.get('evidence', reference)).toBeDefined()
    const before = await world.totals()
    await look()
    expect(await world.totals()).toEqual(before)
    await expectSound()
  })

  it('leaves no hand a way to book it twice', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    const { operator } = world.server
    const { wallet } = await operator.call(getCard, { params: { card: tag(0) } })
    const { id } = await sdk.refunds.create({ payment_intent: intent, amount: 800 })
    await look()
    const { payout } = await operator.call(openPayout, { body: { wallet, amount: 800 } })
    const evidence = { account: 'provider/stripe', reference: id, gross: 800, fee: 0, net: 800 }
    const pay = operator.call(payPayout, { params: { payout }, body: { evidence, amount: 800 } })
    await expect(pay).rejects.toThrow(/used|already/i)
    await expectSound()
  })

  it('of a payment that was never credited costs the keeper what Stripe kept', async () => {
    await start({ isDeaf: true })
    await refill(tag(1), 3_000)
    const { session, payment: id } = await world.open(tag(0), 2_000)
    world.stripe.payCheckout(session, { outcome: 'paid' })
    const intent = String(world.stripe.world.sessions.get(session).payment_intent)
    await sdk.refunds.create({ payment_intent: intent })
    await world.server.payments.payments.settle(id)
    expect(world.server.payments.payments.find(id)).toMatchObject({ problem: 'claimed' })
    await look()
    await look()
    await expectSound()
    expect(await world.fedOn(tag(0))).toBe(0)
  })

  it('is found when the file is lost, and changes nothing that is booked', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    await sdk.refunds.create({ payment_intent: intent, amount: 800 })
    await look()
    const before = await world.totals()
    await sdk.refunds.create({ payment_intent: intent, amount: 300 })
    const folder = mkdtempSync(join(tmpdir(), 'fedow-lines-'))
    using file = openPaymentsFile(folder)
    await lookWith(file)
    rmSync(folder, { recursive: true, force: true })
    expect((await world.totals()).due - before.due).toBe(300n)
    await expectSound()
  })
})

/** As a node whose payments.db is new. */
async function lookWith(file: ReturnType<typeof openPaymentsFile>): Promise<void> {
  const { stripe, server } = world
  const { book, network } = server
  const settings = { key: stripe.key, webhookSecret: SECRET, api: stripe.origin }
  const now = () => Date.now() + 120_000
  const provider = new StripeProvider({ settings, prices: file.payments, now })
  const signers = network.keys
  const gateway = new Gateway({
    ...{ book: book.reader, engine: server.engine, signers, now: Date.now },
    apiKeys: undefined as never,
  })
  const keeper: Kid = signers.keeper.kid
  const reading = {
    ...{ book: book.reader, gateway, hash: nobleHash, keeper, now, provider },
    ...{ payments: file.payments, disputes: file.disputes, earlier: undefined, warn: () => {} },
  }
  await using desk = new Disputes(reading)
  await using lines = new AccountLines({
    ...{ ...reading, lines: file.lines, desk, isUnderWay: () => false },
  })
  await lines.reconcile()
}

describe('a dispute that no event has told of', () => {
  it('is found by its line, and booked once', async () => {
    await start()
    const intent = await refill(tag(0), 2_000)
    await refill(tag(1), 3_000)
    const before = await world.totals()
    world.stripe.webhooks.usual = 'lost'
    const dispute = world.stripe.openDispute(intent)
    await look()
    await look()
    const fee = BigInt(world.stripe.world.fees.dispute)
    expect((await world.totals()).due - before.due).toBe(2_000n + fee)
    world.stripe.closeDispute(dispute, 'won')
    await look()
    await expectSound()
  })
})

describe('a transfer to a venue that came back', () => {
  async function paid(amount: number): Promise<string> {
    const { server, bar, stripe } = world
    const { place } = bar
    const evidence = { ...payment(5_000), account: 'provider/stripe' }
    await server.operator.call(postIssue, { body: { card: tag(0), evidence } })
    stripe.topUp(5_000)
    const parts = [{ asset: server.book.reader.genesis.fed.id, amount: 2_000 }]
    await bar.manager.call(postSale, { body: { place, card: tag(0), parts } })
    const venue = await sdk.accounts.create({
      ...{ type: 'express', capabilities: { transfers: { requested: true } } },
    })
    const connect = stripe.onboard(venue).id
    await server.operator.call(setVenueAccount, { params: { place }, body: { connect } })
    const done = await server.operator.call(payVenue, { params: { place }, body: { amount } })
    expect(done).toMatchObject({ state: 'deposited' })
    return done.reference ?? ''
  }

  const venueFed = () => {
    const { fed } = world.server.book.reader.genesis
    const id = `${world.bar.wallet}/${fed.id}`
    return world.server.book.reader.state.get('account', id)?.balance ?? 0n
  }

  it('is issued to the venue again, in parts too, once', async () => {
    await start()
    const transfer = await paid(1_500)
    expect(venueFed()).toBe(500n)
    await sdk.transfers.createReversal(transfer, { amount: 400 })
    await look()
    await look()
    expect(venueFed()).toBe(900n)
    await sdk.transfers.createReversal(transfer)
    await look()
    expect(venueFed()).toBe(2_000n)
    await expectSound()
  })

  it('that was reported by somebody else gives back what was deposited of it, and no more', async () => {
    await start()
    await paid(500)
    const { server, bar } = world
    const connect = String(world.stripe.world.transfers.all()[0]?.destination)
    const made = await sdk.transfers.create({ amount: 900, currency: 'eur', destination: connect })
    await sdk.transfers.createReversal(made.id, { amount: 300 })
    const { venues } = server.payments
    const seen = await venues.look(made.id)
    if (typeof seen === 'string') throw new Error(seen)
    const action = venues.toDeposit({ place: bar.place, reference: made.id, amount: seen.amount })
    if (action.kind !== 'deposit' || action.evidence === undefined) throw new Error('a deposit')
    const numbers = { gross: 600, fee: 0, net: 600 }
    const evidence = { account: 'provider/stripe', reference: made.id, ...numbers }
    const { id: fed } = server.book.reader.genesis.fed
    await server.operator.call(postDeposit, {
      body: { place: bar.place, asset: fed, amount: 600, evidence },
    })
    await look()
    expect(venueFed()).toBe(900n)
    await sdk.transfers.createReversal(made.id, { amount: 200 })
    await look()
    expect(venueFed()).toBe(1_100n)
    await expectSound()
  })

  it('pays back first what the keeper had lent', async () => {
    await start()
    const other = await openBar(world.server, 'Café')
    await paid(500)
    const connect = String(world.stripe.world.transfers.all()[0]?.destination)
    const made = await sdk.transfers.create({
      amount: 1_500,
      currency: 'eur',
      destination: connect,
    })
    const { server, bar } = world
    const { fed } = server.book.reader.genesis
    await bar.manager.call(postTransfer, {
      body: { from: bar.wallet, to: other.wallet, asset: fed.id, amount: 600 },
    })
    const means = {
      ...{ book: server.book.reader, hash: nobleHash, keeper: server.network.keys.keeper.kid },
      gateway: new Gateway({
        ...{ book: server.book.reader, engine: server.engine, signers: server.network.keys },
        ...{ now: Date.now, apiKeys: undefined as never },
      }),
      now: Date.now,
    }
    const account = 'provider/stripe'
    const order = { place: bar.place, amount: 1_500n, account, reference: made.id, rejections: 0 }
    expect(await depositPaid(means, order)).toMatchObject({ status: 'deposited' })
    expect((await world.totals()).due).toBe(600n)
    await sdk.transfers.createReversal(made.id, { amount: 700 })
    await look()
    expect([(await world.totals()).due, venueFed()]).toEqual([0n, 100n])
    await sdk.transfers.createReversal(made.id)
    await look()
    expect(venueFed()).toBe(900n)
    await expectSound()
  })
})

describe('an account that Stripe does not tell', () => {
  it.each(['500', '429', 'reset-before', 'timeout'] as const)(
    'is read again later (%s)',
    { timeout: 20_000 },
    async (how) => {
      await start()
      const intent = await refill(tag(0), 2_000)
      await refill(tag(1), 3_000)
      await sdk.refunds.create({ payment_intent: intent, amount: 800 })
      world.stripe.faults.next({ method: 'GET', path: '/v1/balance_transactions', how, times: 3 })
      const { due } = await world.totals()
      await look()
      await world.move(1_800_000)
      for (let pass = 0; pass < 4; pass += 1) {
        await world.move(1_800_000)
        await look()
      }
      expect((await world.totals()).due - due).toBe(800n)
      await expectSound()
    },
  )
})
