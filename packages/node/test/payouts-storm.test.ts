/** Refunds, taps, disputes and silences in any order; at the end the book and Stripe agree, and nothing is held. */
import { getCard } from '@fedow/api'
import { expect, it } from 'vitest'
import type { WishId } from '../src/store/payout-store.ts'
import type { How } from './fake-stripe/faults.ts'
import { type PaymentsWorld, startPayments } from './payments-world.ts'
import { seededRandom } from './power-cut/recording.ts'
import { newId } from './test-network.ts'

const STEPS = 70
const FAULTS: readonly How[] = ['429', '500', '500-after', 'reset-before', 'reset-after']
const PATHS = ['/v1/refunds', '/v1/refunds/*', '/v1/payment_intents/*', '/v1/disputes']
const HOUR_MS = 3_600_000

type Random = <T>(all: readonly T[]) => T | undefined

async function refill(world: PaymentsWorld, card: string, amount: number): Promise<void> {
  const { session } = await world.open(card, amount)
  world.stripe.payCheckout(session, { outcome: 'paid' })
  await world.stripe.webhooks.settled()
  await world.server.payments.payments.reconcile()
}

async function tap(world: PaymentsWorld, tag: string, amount: bigint | undefined): Promise<void> {
  const { card, wallet } = await world.server.operator.call(getCard, { params: { card: tag } })
  const wish = () => ({ id: newId<WishId>(), card, wallet, amount })
  const { payouts } = world.server.payments
  await Promise.all([payouts.begin(wish()), payouts.begin(wish())])
}

async function step(world: PaymentsWorld, pick: Random, amount: number): Promise<void> {
  const { stripe, bar } = world
  const card = pick(bar.tags) ?? ''
  const { refunds, charges, disputes } = stripe.world
  const how = pick(FAULTS) ?? '500'
  const kind = pick([
    'refill',
    'refill',
    'tap',
    'tap',
    'all',
    'pending',
    'failed',
    'back',
    'settle',
  ])
  const odd = pick([false, false, false, true])
  if (odd) stripe.faults.next({ path: pick(PATHS) ?? '', how })
  stripe.webhooks.usual = pick(['told', 'told', 'lost'] as const) ?? 'told'
  if (kind === 'refill') await refill(world, card, amount)
  if (kind === 'tap') await tap(world, card, BigInt(amount))
  if (kind === 'all') await tap(world, card, undefined)
  if (kind === 'pending' || kind === 'failed') {
    stripe.nextRefund(kind)
    await tap(world, card, BigInt(amount))
  }
  const done = pick(refunds.where(({ status }) => status === 'succeeded'))
  if (kind === 'back' && done) stripe.failRefund(done)
  const waiting = pick(refunds.where(({ pending_reason: why }) => why === 'processing'))
  if (kind === 'settle' && waiting) stripe.settlePending(waiting, pick(['succeeded', 'failed']))
  const claimed = new Set(disputes.all().map(({ charge }) => charge))
  const whole = pick(
    charges.where(({ id, amount_refunded: gone }) => gone === 0 && !claimed.has(id)),
  )
  if (kind === 'settle' && whole && claimed.size < 4 && whole.amount < 3_000) {
    stripe.webhooks.usual = 'told'
    stripe.openDispute(whole)
  }
  const open = pick(disputes.where(({ status }) => status === 'needs_response'))
  if (kind === 'back' && open) stripe.closeDispute(open, pick(['won', 'lost'] as const) ?? 'lost')
  await world.move(pick([0, 60_000, HOUR_MS]) ?? 0)
  await goOn(world)
}

async function goOn({ server, stripe }: PaymentsWorld): Promise<void> {
  const { payments, payouts, disputes } = server.payments
  await stripe.webhooks.settled()
  await payments.reconcile()
  await payouts.reconcile()
  await disputes.reconcile()
}

it.each([1, 2, 3])(
  'agrees to the cent after a storm, seed %i',
  { timeout: 90_000 },
  async (seed) => {
    await using world = await startPayments()
    const random = seededRandom(seed)
    const pick: Random = (all) => all[Math.floor(random() * all.length)]
    for (const card of world.bar.tags) await refill(world, card, 5_000)
    for (let count = 0; count < STEPS; count += 1) {
      await step(world, pick, 50 + Math.floor(random() * 2_000))
    }
    const { stripe, server, bar } = world
    stripe.faults.clear()
    stripe.webhooks.usual = 'told'
    for (const { id } of stripe.world.refunds.where(
      ({ pending_reason: why }) => why === 'processing',
    )) {
      stripe.settlePending(id)
    }
    // Disputes and fees may have overdrawn the account at Stripe: new payments fill it.
    await refill(world, bar.tags[0] ?? '', 20_000)
    for (let pass = 0; pass < 40; pass += 1) {
      await world.move(24 * HOUR_MS)
      await goOn(world)
    }
    const { fed, provider, due } = await world.totals()
    expect(fed).toBe(provider + due)
    const { available, pending } = stripe.balance()
    expect(provider).toBe(available + pending)
    const onCards = await Promise.all(bar.tags.map((card) => world.fedOn(card)))
    expect(BigInt(onCards.reduce((sum, one) => sum + one, 0))).toBe(fed)
    expect(server.book.reader.records('payout', { limit: 1 })).toEqual([])
    expect(server.payments.payouts.counts().underWay).toBe(0)
    // What is refunded is what the book has burnt and not issued again.
    const refunded = stripe.totals().refunded - stripe.totals().refundsFailed
    const paid = server.payments.payouts.page({ state: 'paid', limit: 500 }).payouts
    expect(paid.reduce((sum, { amount }) => sum + amount, 0n)).toBe(refunded)
    expect(refunded).toBeGreaterThan(0n)
  },
)
