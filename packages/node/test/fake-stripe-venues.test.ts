/** Money that leaves the platform's account: to venues, to the bank, to payers who complain. */
import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { clientOf, failure, happened, paid } from './fake-stripe/client.ts'
import { DAY_MS } from './fake-stripe/clock.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'

/** An account of a venue that can receive transfers. */
async function venue(fake: FakeStripe, stripe: Stripe): Promise<string> {
  const account = await stripe.accounts.create({
    ...{ type: 'express', country: 'FR', email: 'bar@example.org' },
    capabilities: { transfers: { requested: true } },
  })
  fake.onboard(account)
  return account.id
}

describe('an account of a venue', () => {
  it('receives nothing until its papers are in order, and nothing when it is restricted', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    fake.topUp(10_000)
    const account = await stripe.accounts.create({ type: 'express', metadata: { place: 'p1' } })
    expect(account).toMatchObject({
      payouts_enabled: false,
      capabilities: { transfers: 'inactive' },
    })
    const send = () =>
      stripe.transfers.create({ amount: 500, currency: 'eur', destination: account.id })
    expect(await failure(send())).toMatchObject({ code: 'insufficient_capabilities_for_transfer' })
    const link = await stripe.accountLinks.create({
      ...{ account: account.id, type: 'account_onboarding' },
      ...{ refresh_url: 'https://a.example.org/', return_url: 'https://a.example.org/' },
    })
    expect((await fetch(link.url)).status).toBe(200)
    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      ...{ payouts_enabled: true, capabilities: { transfers: 'active' } },
    })
    expect(await send()).toMatchObject({ amount: 500, destination: account.id })
    fake.restrict(account)
    expect(await failure(send())).toMatchObject({ code: 'insufficient_capabilities_for_transfer' })
    const updates = fake.world.events.where(({ type }) => type === 'account.updated')
    expect(updates.map((event) => event.account)).toEqual([account.id, account.id])
  })

  it('can leave', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const account = await venue(fake, stripe)
    fake.deauthorise(account)
    expect(await failure(stripe.accounts.retrieve(account))).toMatchObject({ statusCode: 404 })
    expect(happened(fake).at(-1)).toBe('account.application.deauthorized')
  })
})

describe('a transfer', () => {
  it('takes from the platform what it gives to the venue', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const destination = await venue(fake, stripe)
    const asked = { amount: 1200, currency: 'eur', destination }
    expect(await failure(stripe.transfers.create(asked))).toMatchObject({
      code: 'balance_insufficient',
    })
    fake.topUp(2000)
    const transfer = await stripe.transfers.create({
      ...{ ...asked, transfer_group: 'week-1', metadata: { place: 'p1' } },
      expand: ['balance_transaction'],
    })
    expect(transfer).toMatchObject({
      ...{ amount: 1200, amount_reversed: 0, transfer_group: 'week-1' },
      balance_transaction: { amount: -1200, net: -1200, type: 'transfer' },
    })
    expect(happened(fake).at(-1)).toBe('transfer.created')
    expect(fake.balance().total).toBe(800n)
    expect(fake.balance('eur', destination).total).toBe(1200n)
    const own = await stripe.balance.retrieve({}, { stripeAccount: destination })
    expect(own.available).toMatchObject([{ amount: 1200 }])
    const found = await stripe.transfers.list({ destination, transfer_group: 'week-1' })
    expect(found.data.map(({ id }) => id)).toEqual([transfer.id])
  })

  it('is reversed in parts, and never further than the venue has money', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const destination = await venue(fake, stripe)
    fake.topUp(2000)
    const { id } = await stripe.transfers.create({ amount: 1000, currency: 'eur', destination })
    const part = await stripe.transfers.createReversal(id, { amount: 300 })
    expect(part).toMatchObject({ amount: 300, transfer: id })
    expect(await failure(stripe.transfers.createReversal(id, { amount: 701 }))).toMatchObject({
      param: 'amount',
    })
    await stripe.payouts.create({ amount: 700, currency: 'eur' }, { stripeAccount: destination })
    expect(await failure(stripe.transfers.createReversal(id))).toMatchObject({
      code: 'balance_insufficient',
    })
    expect(await stripe.transfers.retrieve(id)).toMatchObject({
      ...{ amount_reversed: 300, reversed: false },
      reversals: { data: [{ id: part.id }] },
    })
    expect(await stripe.transfers.retrieveReversal(id, part.id)).toMatchObject({ id: part.id })
    expect(fake.totals()).toMatchObject({ transferred: 1000n, transfersReversed: 300n })
    expect(fake.balance().total).toBe(1300n)
    expect(fake.balance('eur', destination).total).toBe(0n)
  })

  it('of one charge needs no available money, and takes no more than the charge', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const destination = await venue(fake, stripe)
    const { charge } = await paid(fake, stripe, 2000)
    const asked = { currency: 'eur', destination, source_transaction: charge }
    await stripe.transfers.create({ ...asked, amount: 1500 })
    expect(fake.balance('eur', destination)).toEqual({
      ...{ available: 0n, pending: 1500n, total: 1500n },
    })
    expect(await failure(stripe.transfers.create({ ...asked, amount: 501 }))).toMatchObject({
      param: 'amount',
    })
    await fake.advance(2 * DAY_MS)
    expect(fake.balance('eur', destination).available).toBe(1500n)
  })

  it('needs a destination that exists', async () => {
    await using fake = await startFakeStripe()
    const asked = { amount: 100, currency: 'eur', destination: 'acct_none' }
    expect(await failure(clientOf(fake).transfers.create(asked))).toMatchObject({
      ...{ statusCode: 400, code: 'resource_missing', param: 'destination' },
    })
  })
})

describe('a payout', () => {
  it('by request takes what is available, and comes back when the bank refuses it', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    await paid(fake, stripe, 2000)
    const asked = { amount: 1945, currency: 'eur' }
    expect(await failure(stripe.payouts.create(asked))).toMatchObject({
      code: 'balance_insufficient',
    })
    await fake.advance(2 * DAY_MS)
    const first = await stripe.payouts.create(asked)
    expect(first).toMatchObject({ status: 'pending', automatic: false, amount: 1945 })
    expect(fake.balance().total).toBe(0n)
    fake.settlePayout(first, 'failed')
    expect(await stripe.payouts.retrieve(first.id)).toMatchObject({
      ...{ status: 'failed', failure_code: 'account_closed' },
    })
    const second = await stripe.payouts.create(asked)
    expect((await stripe.payouts.cancel(second.id)).status).toBe('canceled')
    const third = await stripe.payouts.create(asked)
    fake.settlePayout(third)
    expect(await stripe.payouts.list({ status: 'paid' })).toMatchObject({
      data: [{ id: third.id }],
    })
    expect(happened(fake).filter((type) => type.startsWith('payout.'))).toEqual([
      ...['payout.created', 'payout.failed', 'payout.created'],
      ...['payout.canceled', 'payout.created', 'payout.paid'],
    ])
    expect(fake.totals()).toMatchObject({ paidOut: 5835n, payoutsReturned: 3890n, balance: 0n })
    expect(await failure(stripe.payouts.cancel(third.id))).toMatchObject({ statusCode: 400 })
  })

  it('by itself says which lines it pays, and that they are complete', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    await stripe.refunds.create({ charge, amount: 500 })
    await fake.advance(2 * DAY_MS)
    await paid(fake, stripe, 9000)
    const payout = fake.payOut()
    expect(payout).toMatchObject({ automatic: true, amount: 1445 })
    fake.settlePayout(payout?.id ?? '')
    expect(happened(fake).slice(-2)).toEqual(['payout.paid', 'payout.reconciliation_completed'])
    const lines = await stripe.balanceTransactions.list({ payout: payout?.id ?? '' })
    expect(lines.data.map(({ type, net }) => [type, net])).toEqual([
      ['payout', -1445],
      ['refund', -500],
      ['charge', 1945],
    ])
    expect(fake.balance()).toMatchObject({ available: 0n, pending: 8840n })
    expect(fake.payOut()).toBeUndefined()
  })
})

describe('a dispute', () => {
  it('takes the amount and a fee at once, and keeps both when it is lost', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    const { id } = fake.openDispute(charge)
    expect(happened(fake).slice(-2)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ])
    const dispute = await stripe.disputes.retrieve(id)
    expect(dispute).toMatchObject({
      ...{ amount: 2000, status: 'needs_response', reason: 'fraudulent', charge },
      balance_transactions: [{ amount: -2000, fee: 2000, net: -4000, type: 'adjustment' }],
    })
    expect(fake.balance().total).toBe(1945n - 4000n)
    expect(await failure(stripe.refunds.create({ charge }))).toMatchObject({
      code: 'charge_disputed',
    })
    const evidence = { uncategorized_text: 'They drank it.' }
    expect((await stripe.disputes.update(id, { evidence })).status).toBe('under_review')
    fake.closeDispute(id, 'lost')
    expect((await stripe.disputes.retrieve(id)).status).toBe('lost')
    expect(happened(fake).at(-1)).toBe('charge.dispute.closed')
    expect(fake.totals()).toMatchObject({ disputed: 2000n, disputesReversed: 0n, fees: 2055n })
    expect(() => fake.openDispute(charge)).toThrow('0 left')
  })

  it.each([
    [false, -55n],
    [true, 1945n],
  ])('brings the amount back when it is won (its fee: %s)', async (isDisputeFeeReturned, left) => {
    await using fake = await startFakeStripe({ fees: { isDisputeFeeReturned } })
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    const dispute = fake.openDispute(charge)
    fake.closeDispute(dispute, 'won')
    expect(happened(fake).slice(-2)).toEqual([
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ])
    expect(fake.balance().total).toBe(left)
    expect((await stripe.refunds.create({ charge })).amount).toBe(2000)
  })

  it('can begin as a question, and is for what was not refunded', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    await stripe.refunds.create({ charge, amount: 500 })
    const inquiry = fake.openDispute(charge, { isInquiry: true })
    expect(inquiry).toMatchObject({ status: 'warning_needs_response', amount: 1500 })
    expect(fake.totals().disputed).toBe(0n)
    fake.closeDispute(inquiry, 'escalated')
    expect(fake.totals().disputed).toBe(1500n)
    expect((await stripe.disputes.close(inquiry.id)).status).toBe('lost')
    expect(await failure(stripe.disputes.close(inquiry.id))).toMatchObject({ statusCode: 400 })
    const found = await stripe.disputes.list({ charge })
    expect(found.data.map(({ id }) => id)).toEqual([inquiry.id])
  })
})
