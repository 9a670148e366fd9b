/** Refunds of the fake: whole, in parts, waiting, failing, sent back by the bank. */
import { describe, expect, it } from 'vitest'
import { clientOf, failure, happened, openSession, paid } from './fake-stripe/client.ts'
import { DAY_MS } from './fake-stripe/clock.ts'
import { startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { idOf } from './fake-stripe/world.ts'

describe('a refund', () => {
  it('goes back whole or in parts, never more than was paid', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { intent, charge } = await paid(fake, stripe, 2000)
    const before = happened(fake)
    const part = await stripe.refunds.create({
      ...{ payment_intent: intent, amount: 500, reason: 'requested_by_customer' },
      metadata: { refund: '1' },
    })
    expect(part).toMatchObject({
      ...{ status: 'succeeded', amount: 500, charge, payment_intent: intent },
      ...{ reason: 'requested_by_customer', metadata: { refund: '1' } },
    })
    expect(happened(fake).slice(before.length)).toEqual(['refund.created', 'charge.refunded'])
    const tooMuch = await failure(stripe.refunds.create({ charge, amount: 1501 }))
    expect(tooMuch).toMatchObject({ param: 'amount', statusCode: 400 })
    expect(tooMuch.message).toBe(
      'Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)',
    )
    await stripe.refunds.create({ charge })
    expect(await failure(stripe.refunds.create({ charge }))).toMatchObject({
      code: 'charge_already_refunded',
    })
    const shown = await stripe.charges.retrieve(charge, { expand: ['refunds'] })
    expect(shown).toMatchObject({ refunded: true, amount_refunded: 2000 })
    expect(shown.refunds?.data.map(({ amount }) => amount)).toEqual([1500, 500])
    expect(fake.totals()).toMatchObject({
      charged: 2000n,
      refunded: 2000n,
      fees: 55n,
      balance: -55n,
    })
  })

  it('stays pending, then reaches the payer', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    fake.nextRefund('pending')
    const refund = await stripe.refunds.create({ charge })
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' })
    const before = happened(fake)
    fake.settlePending(refund)
    expect(happened(fake).slice(before.length)).toEqual(['refund.updated', 'charge.refund.updated'])
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
  })

  it.each(['pending', 'succeeded'] as const)(
    'that is %s fails when the bank sends it back, and can be tried again',
    async (status) => {
      await using fake = await startFakeStripe()
      const stripe = clientOf(fake)
      const { charge } = await paid(fake, stripe, 2000)
      if (status === 'pending') fake.nextRefund('pending')
      const refund = await stripe.refunds.create({ charge, amount: 700 })
      expect(refund.status).toBe(status)
      fake.failRefund(refund)
      expect(happened(fake).slice(-3)).toEqual([
        'refund.updated',
        'charge.refund.updated',
        'refund.failed',
      ])
      expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
        ...{ status: 'failed', failure_reason: 'expired_or_canceled_card' },
        failure_balance_transaction: expect.stringMatching(/^txn_/),
      })
      expect(await stripe.charges.retrieve(charge)).toMatchObject({
        ...{ amount_refunded: 0, refunded: false },
      })
      expect(fake.totals()).toMatchObject({ refunded: 700n, refundsFailed: 700n, balance: 1945n })
      expect((await stripe.refunds.create({ charge })).amount).toBe(2000)
      expect(() => fake.failRefund(refund)).toThrow('failed')
    },
  )

  it('fails at once when that is planned', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    fake.nextRefund('failed')
    expect((await stripe.refunds.create({ charge })).status).toBe('failed')
    expect((await stripe.refunds.create({ charge })).status).toBe('succeeded')
  })

  it('waits when the balance is empty, and goes out when money comes', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { charge } = await paid(fake, stripe, 2000)
    await fake.advance(2 * DAY_MS)
    fake.payOut()
    expect(fake.balance().total).toBe(0n)
    const refund = await stripe.refunds.create({ charge })
    expect(refund).toMatchObject({
      ...{ status: 'pending', pending_reason: 'insufficient_funds', balance_transaction: null },
    })
    fake.topUp(1999)
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('pending')
    fake.topUp(1)
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
    expect(fake.balance().total).toBe(0n)
  })

  it('of a debit of a bank account is pending', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const session = await openSession(stripe)
    fake.payCheckout(session, { outcome: 'pending', amount: 2000 })
    const intent = idOf(fake.world.sessions.get(session.id).payment_intent) ?? ''
    expect(await failure(stripe.refunds.create({ payment_intent: intent }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    fake.settlePending(session)
    const refund = await stripe.refunds.create({ payment_intent: intent })
    expect(refund).toMatchObject({ status: 'pending', id: expect.stringMatching(/^pyr_/) })
    const found = await stripe.refunds.list({ payment_intent: intent })
    expect(found.data.map(({ id }) => id)).toEqual([refund.id])
  })

  it('needs a payment, and one that exists', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    expect(await failure(stripe.refunds.create())).toMatchObject({ statusCode: 400 })
    expect(await failure(stripe.refunds.create({ charge: 'ch_none' }))).toMatchObject({
      ...{ statusCode: 404, code: 'resource_missing', param: 'charge' },
    })
  })
})
