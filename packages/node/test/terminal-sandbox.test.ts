/** A payment at the reader of the sandbox, as a till, the person with the bank card and the operator meet it. */
import {
  askAgain,
  cancelPayment,
  getCard,
  getPayment,
  getReserve,
  listReaders,
  openPlace,
  postOnlineRefill,
  postTerminalPayment,
} from '@fedow/api'
import type { Id, TxId } from '@fedow/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, type World } from './http-world.ts'
import { newId } from './test-network.ts'

const READER = 'sandbox-reader'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer(undefined, { isDebug: true })
  bar = await openBar(server)
})

afterAll(() => server[Symbol.asyncDispose]())

let next = 0

/** A card that the test before has not used last. */
function aCard(): string {
  next += 1
  return bar.tags[next % bar.tags.length] ?? ''
}

function wish(card: string, amount = 1_500) {
  return { place: bar.place, reader: READER, card, amount }
}

/** What the person at the reader does. */
async function present(url: string | undefined, form: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return fetch(String(url), { method: 'POST', headers, body: form, redirect: 'manual' })
}

async function fedOn(card: string): Promise<number> {
  const { accounts } = await bar.manager.call(getCard, { params: { card } })
  return accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

const look = (payment: Id<'payment'>) => server.anyone.call(getPayment, { params: { payment } })

it('lists the reader, lets it ask, and credits what is paid there', async () => {
  const { readers } = await bar.manager.call(listReaders, {})
  const url = `${server.origin}/sandbox/reader`
  expect(readers).toEqual([{ reader: READER, label: 'Sandbox', online: true, busy: false, url }])
  expect(await (await fetch(url)).text()).toBe('idle')
  const card = aCard()
  const before = await fedOn(card)
  const asked = await bar.manager.call(postTerminalPayment, { body: wish(card) })
  expect(asked).toMatchObject({
    ...{ state: 'opened', kind: 'terminal', sandbox: true, amount: 1_500 },
    atReader: { reader: READER, asks: 1 },
  })
  expect(asked).not.toHaveProperty('problem')
  const page = await fetch(url)
  expect(page.url).toBe(asked.url)
  expect(await page.json()).toMatchObject({ state: 'open', amount: 1_500, isWaitedFor: true })
  expect((await present(asked.url, 'outcome=paid')).status).toBe(303)
  expect(await look(asked.payment)).toMatchObject({ state: 'credited', amount: 1_500 })
  expect(await fedOn(card)).toBe(before + 1_500)
  const { fedIssued, accounts } = await server.anyone.call(getReserve, {})
  const of = (name: string) => accounts.find((one) => one.name === name)?.balance ?? 0
  expect(of('provider/sandbox') + of('due-from-keeper')).toBe(fedIssued)
})

it('asks again after a refusal, and after nobody came, when the till says so', async () => {
  const card = aCard()
  const before = await fedOn(card)
  const { payment, url } = await bar.manager.call(postTerminalPayment, { body: wish(card) })
  for (const [outcome, code] of [
    ['declined', 'reader_declined'],
    ['never', 'reader_timed_out'],
  ] as const) {
    await present(url, `outcome=${outcome}`)
    expect(await look(payment)).toMatchObject({ state: 'opened', problem: { code } })
    // Nobody can pay at a reader that does not ask.
    await present(url, 'outcome=paid')
    expect(await fedOn(card)).toBe(before)
    const again = await bar.manager.call(askAgain, { params: { payment } })
    expect(again).not.toHaveProperty('problem')
  }
  expect((await look(payment)).atReader).toEqual({ reader: READER, asks: 3 })
  await present(url, 'outcome=twice')
  expect(await look(payment)).toMatchObject({ state: 'credited' })
  expect(await fedOn(card)).toBe(before + 1_500)
})

it('is credited when the bank says so later, and claimed when the payer claims it', async () => {
  const card = aCard()
  const before = await fedOn(card)
  const later = await bar.manager.call(postTerminalPayment, { body: wish(card, 700) })
  await present(later.url, 'outcome=later')
  // A card was presented, so nobody can give it up any more.
  const kept = await bar.manager.call(cancelPayment, { params: { payment: later.payment } })
  expect(kept.state).toBe('opened')
  await present(later.url, 'hours=72')
  expect((await look(later.payment)).state).toBe('credited')
  const claimed = await bar.manager.call(postTerminalPayment, { body: wish(card, 300) })
  await present(claimed.url, 'outcome=disputed')
  expect(await look(claimed.payment)).toMatchObject({ problem: { code: 'disputed' } })
  expect(await fedOn(card)).toBe(before + 1_000)
})

it('gives up what the till cancels, and says when the card was quicker', async () => {
  const card = aCard()
  const before = await fedOn(card)
  const first = await bar.manager.call(postTerminalPayment, { body: wish(card) })
  const params = { payment: first.payment }
  const cancelled = await bar.manager.call(cancelPayment, { params })
  expect(cancelled).toMatchObject({ state: 'failed', problem: { code: 'cancelled' } })
  await present(first.url, 'outcome=paid')
  expect(await look(first.payment)).toMatchObject({ state: 'failed' })
  expect(await bar.manager.call(askAgain, { params })).toMatchObject({ state: 'failed' })
  expect(await fedOn(card)).toBe(before)
  const second = await bar.manager.call(postTerminalPayment, { body: wish(card) })
  await present(second.url, 'outcome=paid')
  const late = await bar.manager.call(cancelPayment, { params: { payment: second.payment } })
  expect(late.state).toBe('credited')
  expect(await fedOn(card)).toBe(before + 1_500)
})

it('asks once for one key, from 20 connections, and refuses another wish under it', async () => {
  const key = newId<TxId>()
  const order = { key, body: wish(aCard(), 900) }
  const all = await Promise.all(
    Array.from({ length: 20 }, () => bar.manager.call(postTerminalPayment, order)),
  )
  expect(new Set(all.map(({ url }) => url)).size).toBe(1)
  expect(new Set(all.map(({ atReader }) => atReader?.asks))).toEqual(new Set([1]))
  const other = { key, body: { ...order.body, amount: 901 } }
  const problem = await problemOf(bar.manager, postTerminalPayment, other)
  expect(problem).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
  const taken = { body: wish(aCard()) }
  const busy = await problemOf(bar.manager, postTerminalPayment, taken)
  expect(busy).toMatchObject({ code: 'reader_unavailable', with: { why: 'busy' } })
  const { readers } = await bar.manager.call(listReaders, {})
  expect(readers[0]?.busy).toBe(true)
  await bar.manager.call(cancelPayment, { params: { payment: key as string as Id<'payment'> } })
})

it('lets one of 20 tills have the reader', async () => {
  const card = aCard()
  const before = await fedOn(card)
  const asks = Array.from({ length: 20 }, () =>
    bar.manager.call(postTerminalPayment, { body: wish(card, 400) }),
  )
  const done = await Promise.allSettled(asks)
  const got = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(got).toHaveLength(1)
  await present(got[0]?.url, 'outcome=paid')
  expect(await fedOn(card)).toBe(before + 400)
})

it('refuses what nobody could be credited for, odd amounts, and strangers', async () => {
  const ask = (body: Partial<ReturnType<typeof wish>>) =>
    problemOf(bar.manager, postTerminalPayment, { body: { ...wish(aCard()), ...body } })
  expect((await ask({ card: 'ffffffff' })).code).toBe('card_unknown')
  expect((await ask({ amount: 0 })).code).toBe('invalid_request')
  expect((await ask({ amount: 49 })).code).toBe('invalid_request')
  expect((await ask({ ...({ currency: 'usd' } as object) })).code).toBe('invalid_request')
  expect((await ask({ amount: 2_000_000 })).code).toBe('reserve_cap')
  expect(await ask({ reader: 'tmr_other' })).toMatchObject({
    ...{ status: 409, code: 'reader_unavailable', with: { why: 'unknown' } },
  })
  const { place } = await server.operator.call(openPlace, { body: { name: 'Other' } })
  expect((await ask({ place })).code).toBe('place_out_of_reach')
  const reading = await server.withKey({ name: 'Reads', place: bar.place, can: ['read'] })
  expect((await problemOf(reading, listReaders, {})).code).toBe('capability_missing')
  const nobody = { params: { payment: newId<Id<'payment'>>() } }
  expect((await problemOf(bar.manager, cancelPayment, nobody)).code).toBe('payment_not_found')
  const stranger = await server.withKey({ name: 'Till', place, can: ['sell'] })
  const { payment } = await bar.manager.call(postTerminalPayment, { body: wish(aCard()) })
  const params = { payment }
  expect((await problemOf(stranger, cancelPayment, { params })).code).toBe('place_out_of_reach')
  expect((await problemOf(stranger, askAgain, { params })).code).toBe('place_out_of_reach')
  await bar.manager.call(cancelPayment, { params })
})

it('says of a page to pay on that no terminal asks for it', async () => {
  const body = { card: aCard(), amount: 500 }
  const { payment } = await bar.manager.call(postOnlineRefill, { body })
  const problem = await problemOf(bar.manager, cancelPayment, { params: { payment } })
  expect(problem).toMatchObject({ status: 409, code: 'not_at_reader' })
})

it('is off without a key on a public node, and says why', async () => {
  await using publicServer = await startServer()
  const place = await openBar(publicServer)
  const problem = await problemOf(place.manager, listReaders, {})
  expect(problem).toMatchObject({ status: 409, code: 'refills_off' })
  expect((await fetch(`${publicServer.origin}/sandbox/reader`)).status).toBe(404)
})
