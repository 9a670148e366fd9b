/** Tills, payers and faults at several readers; in the end the cards, the reserve and Stripe agree to the cent. */
import { listPayments, ProblemError, postTerminalPayment } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import { expect, it } from 'vitest'
import type { How } from './fake-stripe/faults.ts'
import { seededRandom } from './power-cut/recording.ts'
import { startTerminal, type TerminalWorld } from './terminal-world.ts'
import { newId } from './test-network.ts'

const ROUNDS = 30
const READERS = 4
const TAPS = 5
const FAULTS: readonly How[] = ['reset-before', 'reset-after', '429', '500', '500-after']
const PATHS = ['/v1/payment_intents', '/v1/payment_intents/*', '/v1/terminal/readers/*'] as const
const OUTCOMES = ['paid', 'paid', 'declined', 'cancelled', 'timeout'] as const

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`terminal storm seed: ${seed}`)

it('agrees with Stripe to the cent after an evening of faults', { timeout: 240_000 }, async () => {
  const random = seededRandom(seed)
  await using bar = await startTerminal({ fake: { seed: String(seed) } })
  const { stripe, server } = bar.world
  const readers = Array.from({ length: READERS }, (_, index) => stripe.addReader(`R${index}`).id)
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(readers.map((reader) => oneGuest(bar, reader, random)))
    if (random() < 0.2) await stripe.webhooks.release({ order: 'shuffled', copies: 2 })
  }
  stripe.faults.clear()
  await stripe.webhooks.release({ order: 'reversed', isTogether: true })
  await stripe.webhooks.settled()
  for (let pass = 0; pass < 6; pass += 1) await bar.reconcile(600_000)
  const hint = `seed ${seed}`
  const paid = bar.intents().reduce((sum, intent) => sum + intent.amount_received, 0)
  expect(paid, hint).toBeGreaterThan(0)
  expect((await bar.world.totals()).fed, hint).toBe(BigInt(paid))
  await bar.expectSound()
  const { status } = await server.operator.call(listPayments, {})
  expect(status, hint).toMatchObject({ owed: 0, waiting: 0 })
  // One payment is paid by one intent, however often its till has tapped.
  const counts = new Map<string, number>()
  for (const { metadata, status: state } of bar.intents()) {
    const payment = metadata['fedow_payment'] ?? ''
    if (state === 'succeeded') counts.set(payment, (counts.get(payment) ?? 0) + 1)
  }
  expect(new Set(counts.values()), hint).toEqual(new Set([1]))
})

/** A till asks, somebody comes or not, and the till looks, asks again or gives up. */
async function oneGuest(bar: TerminalWorld, reader: string, random: () => number): Promise<void> {
  const { stripe } = bar.world
  const [how, path] = [pick(FAULTS, random), pick(PATHS, random)]
  if (random() < 0.3) stripe.faults.next({ path, how })
  if (random() < 0.1) stripe.nextPush(reader, random() < 0.5 ? 'timeout' : 'timeout-after')
  const key = newId<TxId>()
  const amount = 50 + Math.floor(random() * 400)
  const outcome = pick(OUTCOMES, random)
  const [fate, isRead, end] = [random(), random() < 0.3, random()]
  const body = { ...bar.body(bar.aCard(), amount), reader }
  const isAsked = await tap(bar, key, body)
  const payment = key as string as Parameters<TerminalWorld['look']>[0]
  if (fate < 0.3) stripe.webhooks.next({ type: 'payment_intent.succeeded', fate: 'lost' })
  else if (fate < 0.6) stripe.webhooks.next({ type: 'payment_intent.succeeded', fate: 'held' })
  if (isWaiting(bar, reader)) {
    if (isRead) stripe.insertCard(reader)
    const early = isRead && isAsked ? bar.cancel(payment) : Promise.resolve()
    await early
    if (isWaiting(bar, reader)) stripe.tapReader(reader, outcome)
  }
  if (!isAsked) return
  if (end < 0.3) await bar.again(payment)
  if (end < 0.15 && isWaiting(bar, reader)) stripe.tapReader(reader)
  if (end > 0.4) await bar.cancel(payment)
  else await bar.look(payment)
}

/** Several taps on the same button, until one is answered; false when the reader cannot. */
async function tap(
  { world }: TerminalWorld,
  key: TxId,
  body: ReturnType<TerminalWorld['body']>,
): Promise<boolean> {
  for (let time = 0; time < 10; time += 1) {
    const taps = Array.from({ length: TAPS }, () =>
      world.bar.manager.call(postTerminalPayment, { key, body }),
    )
    const done = await Promise.allSettled(taps)
    if (done.some(({ status }) => status === 'fulfilled')) return true
    const [first] = done
    const why: unknown = first?.status === 'rejected' ? first.reason : undefined
    if (!(why instanceof ProblemError)) throw why
    if (why.problem.code !== 'terminal_silent') return false
  }
  return false
}

function isWaiting({ world }: TerminalWorld, reader: string): boolean {
  return world.stripe.world.readers.get(reader).action?.status === 'in_progress'
}

function pick<T>(among: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  return among[Math.floor(random() * among.length)] as T
}
