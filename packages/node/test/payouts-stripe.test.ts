/** Euros back to payers through Stripe, driven by its own library against a fake that speaks HTTP. */
import { getCard, linkCard, openWallet } from '@fedow/api'
import type { CardId, WalletId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WishId } from '../src/store/payout-store.ts'
import { type PaymentsWorld, startPayments } from './payments-world.ts'
import { newId } from './test-network.ts'

let world: PaymentsWorld

beforeEach(async () => {
  world = await startPayments()
})

afterEach(async () => {
  world.stripe.faults.clear()
  await world[Symbol.asyncDispose]()
})

async function bearerOf(tag: string): Promise<{ card: CardId; wallet: WalletId }> {
  return world.server.operator.call(getCard, { params: { card: tag } })
}

/** Pays a page for a card; answers the payment intent. */
async function refill(tag: string, amount: number): Promise<string> {
  const { session, payment } = await world.open(tag, amount)
  world.stripe.payCheckout(session, { outcome: 'paid' })
  await world.stripe.webhooks.settled()
  expect(world.state(payment)).toBe('credited')
  return String(world.stripe.world.sessions.get(session).payment_intent)
}

const payouts = () => world.server.payments.payouts

async function back(tag: string, amount?: number, id = newId<WishId>()) {
  const wish = {
    id,
    ...(await bearerOf(tag)),
    amount: amount === undefined ? undefined : BigInt(amount),
  }
  const begun = await payouts().begin(wish)
  if (begun.status !== 'begun') throw new Error(`not begun: ${begun.status}`)
  return begun.payouts
}

const statesOf = (all: readonly { state: string }[]) => all.map(({ state }) => state)

/** Nothing is held, and the book and Stripe agree to the cent. */
async function expectSound(): Promise<void> {
  await world.server.payments.disputes.reconcile()
  const { fed, provider, due } = await world.totals()
  expect(fed).toBe(provider + due)
  const { available, pending } = world.stripe.balance()
  expect(provider).toBe(available + pending > 0n ? available + pending : 0n)
  expect(world.server.book.reader.records('payout', { limit: 10 })).toEqual([])
  world.stripe.assertSound()
}

const [first, second] = [() => world.bar.tags[0] ?? '', () => world.bar.tags[1] ?? '']

describe('euros back to the payer', () => {
  it('gives back the whole, without the fee, and what the account is overdrawn by is owed by the keeper again', async () => {
    await refill(first(), 2_000)
    expect(statesOf(await back(first()))).toEqual(['paid'])
    expect(await world.fedOn(first())).toBe(0)
    expect(world.stripe.totals().refunded).toBe(2_000n)
    expect(world.stripe.balance().available + world.stripe.balance().pending).toBe(-55n)
    await expectSound()
    await refill(second(), 1_000)
    await expectSound()
  })

  it('gives back a part, and no more than was paid', async () => {
    await refill(first(), 2_000)
    expect(statesOf(await back(first(), 500))).toEqual(['paid'])
    expect(await world.fedOn(first())).toBe(1_500)
    await expectSound()
    expect((await back(first(), 5_000)).map(({ amount }) => amount)).toEqual([1_500n])
    expect(await world.fedOn(first())).toBe(0)
    expect(await back(first())).toEqual([])
  })

  it('draws on several payments, oldest first, those of a linked card too', async () => {
    await refill(second(), 10_000)
    const old = await refill(first(), 1_000)
    const { wallet: person } = await world.server.operator.call(openWallet, { body: {} })
    await world.server.operator.call(linkCard, {
      params: { card: first() },
      body: { wallet: person },
    })
    const later = await refill(first(), 700)
    const drawn = await back(first(), 1_200)
    expect(drawn.map(({ payment, amount }) => [payment, amount])).toEqual([
      [old, 1_000n],
      [later, 200n],
    ])
    expect(await world.fedOn(first())).toBe(500)
    await expectSound()
  })

  it.each(['pending', 'failed'] as const)('ends with a refund that is %s', async (outcome) => {
    await refill(second(), 10_000)
    await refill(first(), 2_000)
    world.stripe.nextRefund(outcome)
    const [payout] = await back(first())
    await world.stripe.webhooks.settled()
    if (outcome === 'pending') {
      expect(payout).toMatchObject({ state: 'paid', refund: 'pending' })
      expect(await world.fedOn(first())).toBe(0)
      world.stripe.settlePending(payout?.reference ?? '')
      await world.stripe.webhooks.settled()
      expect(payouts().find(payout?.id as never)).toMatchObject({
        state: 'paid',
        refund: 'succeeded',
      })
    } else {
      const ended = payouts().find(payout?.id as never)
      expect(['released', 'returned']).toContain(ended?.state)
      expect(await world.fedOn(first())).toBe(2_000)
    }
    await expectSound()
  })

  it('issues again when a refund comes back days later, once, also when no event tells it', async () => {
    await refill(second(), 10_000)
    await refill(first(), 2_000)
    const [payout] = await back(first())
    world.stripe.webhooks.usual = 'lost'
    world.stripe.failRefund(payout?.reference ?? '')
    await world.move(2 * 86_400_000)
    await payouts().reconcile()
    await payouts().reconcile()
    expect(payouts().find(payout?.id as never)?.state).toBe('returned')
    expect(await world.fedOn(first())).toBe(2_000)
    await expectSound()
    expect(statesOf(await back(first()))).toEqual(['paid'])
    expect(await world.fedOn(first())).toBe(0)
    await expectSound()
  })

  it('gives back once for a double tap from 20 connections', async () => {
    await refill(second(), 10_000)
    await refill(first(), 2_000)
    const [id, bearer] = [newId<WishId>(), await bearerOf(first())]
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        payouts().begin({ id: index % 2 ? id : newId<WishId>(), ...bearer, amount: undefined }),
      ),
    )
    for (const one of begun) {
      const shown = one.status === 'begun' ? [...one.payouts, ...one.others] : []
      expect(new Set(shown.map(({ state }) => state))).toEqual(new Set(['paid']))
    }
    expect(world.stripe.world.refunds.all()).toHaveLength(1)
    expect(await world.fedOn(first())).toBe(0)
    await expectSound()
  })

  it.each(['timeout', 'timeout-after', '429', '500', '500-after', 'reset-after'] as const)(
    'makes one refund after %s',
    { timeout: 20_000 },
    async (how) => {
      await refill(second(), 10_000)
      await refill(first(), 2_000)
      world.stripe.faults.next({ method: 'POST', path: '/v1/refunds', how })
      const [payout] = await back(first())
      // The library itself asks again, with the same key, when a connection breaks.
      expect(payout?.state).toBe(how === 'reset-after' ? 'paid' : 'held')
      await world.move(60_000)
      await payouts().reconcile()
      expect(payouts().find(payout?.id as never)?.state).toBe('paid')
      expect(world.stripe.world.refunds.all()).toHaveLength(1)
      await expectSound()
    },
  )

  it('goes on by itself when Stripe was silent before anything could be planned', {
    timeout: 20_000,
  }, async () => {
    await refill(second(), 10_000)
    await refill(first(), 2_000)
    world.stripe.faults.next({ method: 'GET', path: '/v1/payment_intents/*', how: '500' })
    expect(await back(first())).toEqual([])
    await world.move(60_000)
    await payouts().reconcile()
    expect(await world.fedOn(first())).toBe(0)
    await expectSound()
  })

  it('releases what the provider refuses, and draws on nothing that is disputed', async () => {
    await refill(second(), 10_000)
    const intent = await refill(first(), 2_000)
    world.stripe.openDispute(intent)
    await world.stripe.webhooks.settled()
    expect(await back(first())).toEqual([])
    expect(await world.fedOn(first())).toBe(2_000)
    await expectSound()
  })
})

describe('a dispute', () => {
  it('is owed by the keeper with its fee, and given back when it is won', async () => {
    await refill(second(), 10_000)
    const intent = await refill(first(), 2_000)
    const before = await world.totals()
    const dispute = world.stripe.openDispute(intent)
    await world.stripe.webhooks.settled()
    const disputed = await world.totals()
    const fee = BigInt(world.stripe.world.fees.dispute)
    expect(disputed.due - before.due).toBe(2_000n + fee)
    expect(disputed.fed).toBe(before.fed)
    expect(await world.fedOn(first())).toBe(2_000)
    await expectSound()
    world.stripe.closeDispute(dispute, 'won')
    await world.stripe.webhooks.settled()
    await expectSound()
    expect((await world.totals()).due).toBeLessThan(disputed.due)
  })

  it('takes what the account has, and the rest when new payments come in', async () => {
    const intent = await refill(first(), 2_000)
    world.stripe.openDispute(intent)
    await world.stripe.webhooks.settled()
    expect((await world.totals()).provider).toBe(0n)
    await refill(second(), 10_000)
    await expectSound()
    expect(await world.fedOn(first())).toBe(2_000)
  })
})
