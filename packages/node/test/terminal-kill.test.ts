/** A node is killed between every two steps of a payment at a terminal; in the end it is credited once, or over. */
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
import type { Run } from './terminal-child.ts'
import { newId, TestNetwork } from './test-network.ts'

const AMOUNT = 1_000
const CHILD = join(import.meta.dirname, 'terminal-child.ts')
const PATIENT = { timeout: 60_000 }

let network: TestNetwork
let tag = ''
let bearer: Pick<Run, 'card' | 'wallet' | 'place'>

beforeAll(async () => {
  network = new TestNetwork()
  await using server = await startServer(undefined, { network })
  const bar = await openBar(server)
  tag = bar.tags[0] ?? ''
  const { card, wallet } = await server.operator.call(getCard, { params: { card: tag } })
  bearer = { card, wallet, place: bar.place }
})

afterAll(() => network[Symbol.dispose]())

/** A folder and a Stripe of their own, and how a node runs on them. */
async function newWorld() {
  const root = mkdtempSync(join(tmpdir(), 'fedow-terminal-'))
  const folder = join(root, 'book')
  cpSync(network.folder, folder, { recursive: true })
  const stripe = await startFakeStripe()
  const reader = stripe.addReader('Bar').id
  const run = {
    ...{ folder, reader, payment: newId<never>(), ...bearer, amount: AMOUNT },
    stripe: { key: stripe.key, api: stripe.origin },
  }
  return {
    stripe,
    folder,
    reader,
    async start(kind: Run['kind'], dieAt?: PaymentPoint) {
      const whole: Run = { ...run, kind, ...(dieAt && { dieAt }) }
      const ended = await startScript(CHILD, [JSON.stringify(whole)]).ended
      if (dieAt !== undefined) expect(ended.signal).toBe('SIGKILL')
      else expect(ended.complaint).toBe('')
      return JSON.parse(ended.lines[0] ?? '{}') as { state?: string; problem?: string }
    },
    async [Symbol.asyncDispose]() {
      await stripe[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The card, the reserve and Stripe say the same, and the book is sound. */
async function expectCredited(
  { folder, stripe }: { readonly folder: string; readonly stripe: FakeStripe },
  amount: number,
): Promise<void> {
  const kept = { folder, genesis: readGenesis(folder), keys: readKeys(folder) }
  {
    await using server = await startServer(undefined, { network: kept as never })
    const { accounts } = await server.operator.call(getCard, { params: { card: tag } })
    expect(accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0).toBe(amount)
    const reserve = await server.anyone.call(getReserve, {})
    expect(reserve.fedIssued).toBe(amount)
    const provider = reserve.accounts.find(({ name }) => name === 'provider/stripe')?.balance
    const { available, pending } = stripe.balance()
    expect(BigInt(provider ?? 0)).toBe(available + pending)
  }
  expect((await auditFolder(folder)).problem).toBeUndefined()
}

const WHILE_ASKING = ['intended', 'intent_made', 'intent_noted', 'pushed', 'push_noted'] as const
const WHILE_PAYING = ['payment_seen', 'paid', 'issued', 'credited'] as const

it.each(WHILE_ASKING)(
  'goes on when the till asks again after a kill at %s',
  PATIENT,
  async (dieAt) => {
    await using world = await newWorld()
    await world.start('pay', dieAt)
    expect(await world.start('pay')).toEqual({ state: 'credited' })
    expect(world.stripe.world.intents.all()).toHaveLength(1)
    await expectCredited(world, AMOUNT)
  },
)

it.each(WHILE_ASKING)(
  'leaves nothing that could be paid when the till has gone after a kill at %s',
  PATIENT,
  async (dieAt) => {
    await using world = await newWorld()
    await world.start('pay', dieAt)
    expect(await world.start('look')).toMatchObject({ state: 'failed' })
    const { intents, readers } = world.stripe.world
    const open = intents.where(({ status }) => status !== 'canceled')
    // One that was made and never written down is known to no reader.
    expect(open.length).toBeLessThanOrEqual(dieAt === 'intent_made' ? 1 : 0)
    expect(readers.get(world.reader).action?.status).not.toBe('in_progress')
    await expectCredited(world, 0)
  },
)

it.each(['pushed', 'push_noted'] as const)(
  'finds by itself that a card was taken after a kill at %s',
  PATIENT,
  async (dieAt) => {
    await using world = await newWorld()
    await world.start('pay', dieAt)
    world.stripe.tapReader(world.reader)
    expect(await world.start('look')).toEqual({ state: 'credited' })
    await expectCredited(world, AMOUNT)
  },
)

it.each(WHILE_PAYING)('goes on by itself after a kill at %s', PATIENT, async (dieAt) => {
  await using world = await newWorld()
  await world.start('pay', dieAt)
  expect(await world.start('look')).toEqual({ state: 'credited' })
  await expectCredited(world, AMOUNT)
})

it.each(['payment_seen', 'cancelled'] as const)(
  'gives up by itself what a till gave up before a kill at %s',
  PATIENT,
  async (dieAt) => {
    await using world = await newWorld()
    await world.start('cancel', dieAt)
    expect(await world.start('look')).toEqual({ state: 'failed', problem: 'cancelled' })
    expect(world.stripe.world.intents.all().map(({ status }) => status)).toEqual(['canceled'])
    await expectCredited(world, 0)
  },
)
