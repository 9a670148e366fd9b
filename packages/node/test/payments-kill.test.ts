/** A node is killed between every two steps of a payment; in the end it is credited, once, and agrees with Stripe. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCard, getReserve } from '@fedow/api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PaymentPoint } from '../src/payments/marks.ts'
import { auditFolder } from '../src/store/audit.ts'
import { readGenesis, readKeys } from '../src/store/folder.ts'
import { startScript } from './durability/child.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { startServer } from './http-server.ts'
import { openBar } from './http-world.ts'
import type { Run } from './payments-child.ts'
import { newId, TestNetwork } from './test-network.ts'

const AMOUNT = 1_000
const CHILD = join(import.meta.dirname, 'payments-child.ts')

let network: TestNetwork
let tag = ''
let bearer: Pick<Run, 'card' | 'wallet'>

beforeAll(async () => {
  network = new TestNetwork()
  await using server = await startServer(undefined, { network })
  const bar = await openBar(server)
  tag = bar.tags[0] ?? ''
  bearer = await server.operator.call(getCard, { params: { card: tag } })
})

afterAll(() => network[Symbol.dispose]())

/** A folder and a Stripe of their own, and how a node runs on them. */
async function newWorld() {
  const root = mkdtempSync(join(tmpdir(), 'fedow-payments-'))
  const folder = join(root, 'book')
  cpSync(network.folder, folder, { recursive: true })
  const stripe = await startFakeStripe()
  const run = { folder, stripe: { key: stripe.key, api: stripe.origin }, payment: newId<never>() }
  return {
    stripe,
    folder,
    async start(wanted: Pick<Run, 'kind'> & { readonly dieAt?: PaymentPoint }) {
      const { card, wallet } = bearer
      const whole: Run = { ...run, card, wallet, amount: AMOUNT, ...wanted }
      return startScript(CHILD, [JSON.stringify(whole)]).ended
    },
    async [Symbol.asyncDispose]() {
      await stripe[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Credited once: the card, the reserve and Stripe say the same, and the book is sound. */
async function expectCredited(folder: string, stripe: FakeStripe): Promise<void> {
  const kept = { folder, genesis: readGenesis(folder), keys: readKeys(folder) }
  {
    await using server = await startServer(undefined, { network: kept as never })
    const { accounts } = await server.operator.call(getCard, { params: { card: tag } })
    expect(accounts.find(({ kind }) => kind === 'FED')?.balance).toBe(AMOUNT)
    const reserve = await server.anyone.call(getReserve, {})
    expect(reserve.fedIssued).toBe(AMOUNT)
    const provider = reserve.accounts.find(({ name }) => name === 'provider/stripe')?.balance
    const { available, pending } = stripe.balance()
    expect(BigInt(provider ?? 0)).toBe(available + pending)
  }
  expect((await auditFolder(folder)).problem).toBeUndefined()
}

const WHILE_OPENING = ['intended', 'page_made', 'opened'] as const
const WHILE_PAYING = ['payment_seen', 'paid', 'issued', 'credited'] as const

it.each(WHILE_OPENING)(
  'goes on when the same request comes again after a kill at %s',
  {
    timeout: 60_000,
  },
  async (dieAt) => {
    await using world = await newWorld()
    expect((await world.start({ kind: 'refill', dieAt })).signal).toBe('SIGKILL')
    const again = await world.start({ kind: 'refill' })
    expect([again.complaint, again.lines]).toEqual(['', [JSON.stringify({ state: 'credited' })]])
    expect(world.stripe.world.sessions.all()).toHaveLength(1)
    await expectCredited(world.folder, world.stripe)
  },
)

it.each(WHILE_PAYING)(
  'goes on by itself after a kill at %s',
  { timeout: 60_000 },
  async (dieAt) => {
    await using world = await newWorld()
    expect((await world.start({ kind: 'refill', dieAt })).signal).toBe('SIGKILL')
    const after = await world.start({ kind: 'look' })
    expect([after.complaint, after.lines]).toEqual(['', [JSON.stringify({ state: 'credited' })]])
    await expectCredited(world.folder, world.stripe)
  },
)

it('finds by itself that a page was paid which it had not written down yet', {
  timeout: 60_000,
}, async () => {
  await using world = await newWorld()
  const { stripe } = world
  expect((await world.start({ kind: 'refill', dieAt: 'page_made' })).signal).toBe('SIGKILL')
  stripe.payCheckout(stripe.world.sessions.all()[0]?.id ?? '', { outcome: 'paid' })
  const after = await world.start({ kind: 'look' })
  expect([after.complaint, after.lines]).toEqual(['', [JSON.stringify({ state: 'credited' })]])
  await expectCredited(world.folder, stripe)
})
