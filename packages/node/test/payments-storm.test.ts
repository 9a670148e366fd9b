/** Many payments with every fault on the way; in the end the cards, the reserve and Stripe agree to the cent. */
import { getPayment, listPayments, ProblemError, postOnlineRefill } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import { expect, it } from 'vitest'
import type { How } from './fake-stripe/faults.ts'
import { type PaymentsWorld, startPayments } from './payments-world.ts'
import { seededRandom } from './power-cut/recording.ts'
import { newId } from './test-network.ts'

const PAYMENTS = 200
const AT_ONCE = 10
const FAULTS: readonly How[] = [
  ...(['reset-before', 'reset-after', '429', '500', '500-after'] as const),
]
const OUTCOMES = ['paid', 'paid', 'paid', 'declined', 'expired', 'never'] as const

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`payments storm seed: ${seed}`)

it('agrees with Stripe to the cent after a day of faults', { timeout: 180_000 }, async () => {
  const random = seededRandom(seed)
  await using world = await startPayments({ fake: { seed: String(seed) } })
  let paid = 0
  for (let at = 0; at < PAYMENTS; at += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, () => onePayment(world, random))
    paid += (await Promise.all(some)).reduce((sum, amount) => sum + amount, 0)
    if (random() < 0.2) await world.stripe.webhooks.release({ order: 'shuffled', copies: 2 })
  }
  world.stripe.faults.clear()
  world.stripe.releaseBalanceLines()
  await world.stripe.webhooks.release({ order: 'reversed', isTogether: true })
  await world.stripe.webhooks.settled()
  // What nobody tells, the node finds by itself.
  for (let pass = 0; pass < 6; pass += 1) {
    await world.move(1_800_000)
    await world.server.payments.payments.reconcile()
  }
  const { fed, provider, due } = await world.totals()
  const hint = `seed ${seed}`
  expect(fed, hint).toBe(BigInt(paid))
  expect(provider + due, hint).toBe(fed)
  const { available, pending } = world.stripe.balance()
  expect(provider, hint).toBe(available + pending)
  const { status } = await world.server.operator.call(listPayments, {})
  expect(status, hint).toMatchObject({ owed: 0, owedAmount: 0 })
})

/** Somebody refills, or does not; answers the cents that they have paid. */
async function onePayment(world: PaymentsWorld, random: () => number): Promise<number> {
  const { stripe, server } = world
  const amount = 50 + Math.floor(random() * 400)
  const outcome = OUTCOMES[Math.floor(random() * OUTCOMES.length)] ?? 'paid'
  const how = FAULTS[Math.floor(random() * FAULTS.length)] ?? '429'
  const [isFaulty, isReturning, fate] = [random() < 0.4, random() < 0.6, random()]
  if (isFaulty) {
    const path = random() < 0.5 ? '/v1/checkout/sessions' : '/v1/checkout/sessions/*'
    stripe.faults.next({ path, how })
  }
  if (random() < 0.1) stripe.holdBalanceLines()
  if (random() < 0.1) stripe.releaseBalanceLines()
  const { url, payment } = await open(world, amount, random)
  const session = stripe.world.sessions.get(url.split('/').at(-1) ?? '')
  if (outcome === 'never') return 0
  const type = 'checkout.session.completed'
  if (fate < 0.3) stripe.webhooks.next({ type, fate: 'lost' })
  else if (fate < 0.5) stripe.webhooks.next({ type, fate: 'held' })
  else if (fate < 0.7) stripe.webhooks.next({ type, fate: { copies: 3 } })
  stripe.payCheckout(session, { outcome })
  if (isReturning) await server.anyone.call(getPayment, { params: { payment } })
  return outcome === 'paid' ? amount : 0
}

/** As a program does it: the same request again until it is answered. */
async function open({ bar }: PaymentsWorld, amount: number, random: () => number) {
  const card = bar.tags[Math.floor(random() * bar.tags.length)] ?? ''
  const wish = { key: newId<TxId>(), body: { card, amount } }
  for (;;) {
    try {
      return await bar.manager.call(postOnlineRefill, wish)
    } catch (cause) {
      if (!(cause instanceof ProblemError) || cause.problem.status !== 503) throw cause
    }
  }
}
