/** Refills that are paid, and that the network does not issue at once: a second keeper looks, or the day is over. */
import {
  changeKeys,
  getCard,
  getPayment,
  getReserve,
  getStatus,
  listPayments,
  postIssue,
  postTx,
} from '@fedow/api'
import { type Action, type Amount, toHex } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { SigningKey } from '../src/store/key-file.ts'
import type { WishId } from '../src/store/payout-store.ts'
import { payment, problemOf } from './http-world.ts'
import { type PaymentId, type PaymentsWorld, startPayments } from './payments-world.ts'
import { newId, TestNetwork } from './test-network.ts'

const DAY_MS = 86_400_000
const NOON_MS = Date.UTC(2026, 10, 23, 12)

/** A node with limits, whose clocks all move together. */
async function startLimited(limits: {
  readonly twoKeepersAbove?: bigint
  readonly issueDayMax?: bigint
}) {
  let nowMs = NOON_MS
  const now = () => nowMs
  const network = new TestNetwork(nowMs, undefined, limits as Record<string, Amount>)
  const clocks = { wall: now, monotonic: now }
  const world = await startPayments({ network, clocks, parts: { now }, isDeaf: true })
  return {
    ...world,
    move: (ms: number) => {
      nowMs += ms
      return world.stripe.advance(ms)
    },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]()
      network[Symbol.dispose]()
    },
  }
}

async function pay(world: PaymentsWorld, card: string, amount: number): Promise<PaymentId> {
  const { payment, session } = await world.open(card, amount)
  world.stripe.payCheckout(session, { outcome: 'paid' })
  await world.server.anyone.call(getPayment, { params: { payment } })
  return payment
}

async function addKeeper({ server }: PaymentsWorld): Promise<SigningKey> {
  const key = SigningKey.generate()
  const add = [{ x: key.x, can: ['issue' as const] }]
  await server.operator.call(changeKeys, { body: { on: 'network', add } })
  return key
}

/** Signs what the node shows that it would issue, as `fedow issue approve` does. */
async function approve({ server }: PaymentsWorld, id: PaymentId, key: SigningKey): Promise<void> {
  const shown = await server.operator.call(getPayment, { params: { payment: id } })
  const { card, wallet, account, reference, gross, fee, net } = shown.operator?.issue ?? NOTHING
  const to = card === undefined ? { wallet } : { card }
  const evidence = { account, reference, gross: BigInt(gross), fee: BigInt(fee), net: BigInt(net) }
  const action = { kind: 'issue-approve', to, evidence } as Action
  const notAfter = shown.operator === undefined ? 0 : Date.parse(shown.changed) + 600_000
  const { jws } = server.network.sign([action], { key, notAfter })
  await server.anyone.call(postTx, { body: { tx: jws } })
}

const NOTHING = { card: undefined, wallet: undefined, account: '', reference: '' } as {
  readonly [K in 'gross' | 'fee' | 'net']: number
} & { card: undefined; wallet: undefined; account: string; reference: string }

describe('a refill above the amount of two keepers', () => {
  it('is received, shown as waiting to all, and credited by the job once it is approved', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const [card = ''] = world.bar.tags
    const key = await addKeeper(world)
    const id = await pay(world, card, 5_000)
    const { server } = world
    const seen = await server.anyone.call(getPayment, { params: { payment: id } })
    expect(seen).toMatchObject({ state: 'paid', problem: { code: 'second_keeper_needed' } })
    expect(seen.problem?.sentence).toContain('It is received, and waits for a second keeper')
    const page = await fetch(`${server.origin}/payments/${id}`)
    expect(await page.json()).toMatchObject({ state: 'paid', waits: 'second_keeper' })
    const { payments } = await server.operator.call(getStatus, {})
    expect(payments).toMatchObject({ owed: 1, owedAmount: 5_000, awaitingKeeper: 1 })
    const { payments: listed } = await server.operator.call(listPayments, {
      query: { state: 'paid' },
    })
    expect(listed).toMatchObject([
      { operator: { issue: { account: 'provider/stripe', gross: 5_000, fee: 100, net: 4_900 } } },
    ])
    expect(world.warnings.map(({ what }) => what)).toContain(
      'A payment is received and waits for a second keeper',
    )
    await approve(world, id, key)
    expect(await world.fedOn(card)).toBe(0)
    await world.move(600_000)
    await server.payments.payments.reconcile()
    expect(world.state(id)).toBe('credited')
    expect(await world.fedOn(card)).toBe(5_000)
    const { fed, provider, due } = await world.totals()
    expect(fed).toBe(provider + due)
  })

  it('is credited at once when its payer looks after the approval, and once however many look', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const [card = ''] = world.bar.tags
    const key = await addKeeper(world)
    const id = await pay(world, card, 5_000)
    await approve(world, id, key)
    const looks = Array.from({ length: 10 }, () =>
      world.server.anyone.call(getPayment, { params: { payment: id } }),
    )
    expect((await Promise.all(looks)).map(({ state }) => state)).toEqual(Array(10).fill('credited'))
    expect(await world.fedOn(card)).toBe(5_000)
  })

  it('waits again when a refund of it comes back, and is issued once that is approved', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const [card = ''] = world.bar.tags
    const key = await addKeeper(world)
    const id = await pay(world, card, 5_000)
    await approve(world, id, key)
    await world.move(600_000)
    const { server } = world
    await server.payments.payments.reconcile()
    const bearer = await server.operator.call(getCard, { params: { card } })
    const { payouts } = server.payments
    const wish = { id: newId<WishId>(), card: bearer.card, wallet: bearer.wallet }
    const begun = await payouts.begin({ ...wish, amount: undefined })
    const [payout] = begun.status === 'begun' ? begun.payouts : []
    expect(payout).toMatchObject({ state: 'paid', amount: 5_000n })
    world.stripe.failRefund(payout?.reference ?? '')
    const look = () => payouts.look(payout?.id as never)
    expect(await look()).toMatchObject({ state: 'paid', problem: 'second_keeper_needed' })
    const told = world.warnings.find(({ what }) => what.startsWith('A refund came back'))
    expect(told?.facts).toMatchObject({
      by: expect.stringContaining(`${payout?.reference} failed`),
    })
    const sums = { gross: 5_000n, fee: 0n, net: 5_000n }
    const text = new TextEncoder().encode(`${payout?.reference} failed`)
    const evidence = { account: 'provider/stripe', reference: toHex(sha256(text)), ...sums }
    const to = { card: bearer.card }
    const action = { kind: 'issue-approve', to, evidence } as unknown as Action
    const notAfter = NOON_MS + 1_200_000
    const { jws } = server.network.sign([action], { key, notAfter })
    await server.anyone.call(postTx, { body: { tx: jws } })
    expect(await look()).toMatchObject({ state: 'returned' })
    expect(await world.fedOn(card)).toBe(5_000)
  })

  it('waits on when it is approved by the key that issues', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const [card = ''] = world.bar.tags
    await addKeeper(world)
    const id = await pay(world, card, 5_000)
    await approve(world, id, world.server.network.keys.keeper)
    const seen = await world.server.anyone.call(getPayment, { params: { payment: id } })
    expect(seen).toMatchObject({ state: 'paid', problem: { code: 'second_keeper_needed' } })
  })

  it('is not opened while there is no second keeper: nobody pays for nothing', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const [card = ''] = world.bar.tags
    await expect(world.open(card, 5_000)).rejects.toMatchObject({
      problem: { code: 'second_keeper_needed', outcome: 'none' },
    })
    const small = await pay(world, card, 2_000)
    expect(world.state(small)).toBe('credited')
  })

  it('by hand is refused by the book until it is approved', async () => {
    await using world = await startLimited({ twoKeepersAbove: 2_000n })
    const { server } = world
    const body = { card: world.bar.tags[0] ?? '', evidence: payment(2_001) }
    const problem = await problemOf(server.operator, postIssue, { body })
    expect(problem).toMatchObject({ status: 409, code: 'second_keeper_needed' })
    expect(problem.detail).toContain('nobody has approved this payment yet')
    const { twoKeepersAbove, keepers } = await server.anyone.call(getReserve, {})
    expect({ twoKeepersAbove, keepers: keepers.length }).toEqual({
      ...{ twoKeepersAbove: 2_000, keepers: 1 },
    })
  })
})

describe('a refill beyond what is issued in a day', () => {
  it('is received, and credited the next day by the job, the oldest first', async () => {
    await using world = await startLimited({ issueDayMax: 5_000n })
    const [first = '', second = '', third = ''] = world.bar.tags
    const { server } = world
    const opened = await Promise.all([first, second, third].map((card) => world.open(card, 3_000)))
    for (const { session, payment: id } of opened) {
      world.stripe.payCheckout(session, { outcome: 'paid' })
      await server.anyone.call(getPayment, { params: { payment: id } })
    }
    const ids = opened.map((one) => one.payment)
    expect(ids.map(world.state)).toEqual(['credited', 'paid', 'paid'])
    const [, waiting = ids[0]] = ids
    const seen = await server.anyone.call(getPayment, { params: { payment: waiting as PaymentId } })
    expect(seen.problem).toMatchObject({ code: 'issue_day' })
    const page = await fetch(`${server.origin}/payments/${waiting}`)
    expect(await page.json()).toMatchObject({ state: 'paid', waits: 'tomorrow' })
    const { payments } = await server.operator.call(getStatus, {})
    expect(payments).toMatchObject({ owed: 2, awaitingDay: 2, awaitingKeeper: 0 })
    const reserve = await server.anyone.call(getReserve, {})
    expect(reserve).toMatchObject({ issueDayMax: 5_000, issuedToday: 3_000 })

    await world.move(DAY_MS / 2 - 1)
    await server.payments.payments.reconcile()
    expect(ids.map(world.state)).toEqual(['credited', 'paid', 'paid'])
    await world.move(1)
    await server.payments.payments.reconcile()
    expect(ids.map(world.state)).toEqual(['credited', 'credited', 'paid'])
    await world.move(DAY_MS)
    await server.payments.payments.reconcile()
    expect(ids.map(world.state)).toEqual(['credited', 'credited', 'credited'])
    const { fed, provider, due } = await world.totals()
    expect(fed).toBe(9_000n)
    expect(fed).toBe(provider + due)
  })

  it('is not opened any more that day: the payer is told before paying', async () => {
    await using world = await startLimited({ issueDayMax: 5_000n })
    const [card = ''] = world.bar.tags
    await pay(world, card, 4_990)
    await expect(world.open(card, 1_000)).rejects.toMatchObject({
      problem: { code: 'limit_exceeded', with: { limit: 'issue_day', left: 10 } },
    })
    await world.move(DAY_MS)
    const next = await pay(world, card, 1_000)
    expect(world.state(next)).toBe('credited')
  })

  it('waits for the operator when it alone is more than a whole day', async () => {
    await using world = await startLimited({ issueDayMax: 5_000n })
    const [card = ''] = world.bar.tags
    const { payment: id, session } = await world.open(card)
    world.stripe.payCheckout(session, { outcome: 'paid', amount: 5_001 })
    const seen = await world.server.anyone.call(getPayment, { params: { payment: id } })
    expect(seen).toMatchObject({ state: 'paid', problem: { code: 'above_issue_day' } })
  })

  it('writes no refusal in the book while it waits', async () => {
    await using world = await startLimited({ issueDayMax: 5_000n })
    const [first = '', second = ''] = world.bar.tags
    const one = await world.open(first, 3_000)
    const two = await world.open(second, 3_000)
    for (const { session } of [one, two]) world.stripe.payCheckout(session, { outcome: 'paid' })
    await world.server.anyone.call(getPayment, { params: { payment: one.payment } })
    const { txs } = world.server.book.reader.tip()
    for (let look = 0; look < 5; look += 1) {
      await world.server.anyone.call(getPayment, { params: { payment: two.payment } })
    }
    expect(world.server.book.reader.tip().txs).toBe(txs)
  })
})
