/** Euros back to payers, as the API tells of them. */
import {
  getCard,
  getPayout,
  getReserve,
  listPayouts,
  postOnlineRefill,
  previewPayout,
  refundPayer,
} from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'
import { newId } from './test-network.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer(undefined, { isDebug: true })
  bar = await openBar(server)
})

afterAll(() => server[Symbol.asyncDispose]())

async function refill(card: string, amount: number, outcome = 'paid'): Promise<void> {
  const { url } = await bar.manager.call(postOnlineRefill, { body: { card, amount } })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await fetch(url, { method: 'POST', headers, body: `outcome=${outcome}`, redirect: 'manual' })
}

async function fedOn(card: string): Promise<number> {
  const { accounts } = await server.operator.call(getCard, { params: { card } })
  return accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

it('shows what goes back and why not the rest, then gives it back once', async () => {
  const [card = ''] = bar.tags
  await putMoney(server, bar, { card, fed: 300, local: 400, gift: 500 })
  await refill(card, 2_000)
  const plan = await server.operator.call(previewPayout, { body: { card } })
  expect(plan).toMatchObject({ balance: 2_300, available: 2_300, total: 2_000 })
  expect(plan.refills).toMatchObject([
    { amount: 300, share: 0, why: { code: 'not_online' } },
    { amount: 2_000, left: 2_000, share: 2_000 },
  ])
  expect(plan.kept.map(({ why }) => why.code).sort()).toEqual(['at_the_issuer', 'was_given'])
  const wish = { key: newId<TxId>(), body: { card } }
  const begun = await server.operator.call(refundPayer, wish)
  expect(begun).toMatchObject({
    planned: true,
    payouts: [{ amount: 2_000, refund: { state: 'paid' } }],
  })
  expect(await server.operator.call(refundPayer, wish)).toEqual(begun)
  expect(await fedOn(card)).toBe(300)
  const other = { ...wish, body: { card, amount: 5 } }
  expect(await problemOf(server.operator, refundPayer, other)).toMatchObject({ status: 409 })
  const [payout] = begun.payouts
  const params = { payout: payout?.payout as never }
  expect(await server.operator.call(getPayout, { params })).toMatchObject({
    refund: { state: 'paid' },
  })
  const list = await server.operator.call(listPayouts, { query: { state: 'paid' } })
  expect(list).toMatchObject({ status: { underWay: 0 }, payouts: [{ payout: payout?.payout }] })
  const again = await server.operator.call(refundPayer, { body: { card } })
  expect(again).toMatchObject({ payouts: [], why: { code: 'all_refunded' } })
})

it('is not for the key of a place, nor for nobody', async () => {
  const [, card = ''] = bar.tags
  await refill(card, 1_000)
  const wish = { body: { card } }
  expect(await problemOf(bar.manager, refundPayer, wish)).toMatchObject({ status: 403 })
  expect(await problemOf(server.anyone, previewPayout, wish)).toMatchObject({ status: 401 })
  const all = await server.withKey({ name: 'Members', place: null, can: ['read', 'spend'] })
  expect(await all.call(refundPayer, wish)).toMatchObject({ payouts: [{ amount: 1_000 }] })
})

it('owes a disputed payment to the reserve, and leaves the card alone', async () => {
  const [, , card = ''] = bar.tags
  await refill(card, 1_000, 'disputed')
  await server.payments.disputes.reconcile()
  expect(await fedOn(card)).toBe(1_000)
  const plan = await server.operator.call(previewPayout, { body: { card } })
  expect(plan.refills).toMatchObject([{ share: 0, why: { code: 'disputed' } }])
  const { accounts, fedIssued } = await server.anyone.call(getReserve, {})
  const sum = accounts.reduce((total, { balance }) => total + balance, 0)
  expect(sum).toBe(fedIssued)
  expect(accounts.find(({ name }) => name === 'provider/sandbox')?.balance).toBe(0)
})

it('is off where no provider is', async () => {
  await using bare = await startServer()
  const other = await openBar(bare)
  const [card = ''] = other.tags
  await putMoney(bare, other, { card, fed: 100 })
  const problem = await problemOf(bare.operator, refundPayer, { body: { card } })
  expect(problem).toMatchObject({ status: 409, code: 'refills_off' })
})
