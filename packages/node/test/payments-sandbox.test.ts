/** A refill from end to end on the sandbox, as a member, a visitor of the page and the operator meet it. */
import {
  getCard,
  getPayment,
  getReserve,
  getStatus,
  listPayments,
  postOnlineRefill,
} from '@fedow/api'
import type { Id, TxId } from '@fedow/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, type World } from './http-world.ts'
import { newId } from './test-network.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer(undefined, { isDebug: true })
  bar = await openBar(server)
})

afterAll(() => server[Symbol.asyncDispose]())

const [paid, declined, later] = ['outcome=paid', 'outcome=declined', 'outcome=later']

/** Sends a form of the page; answers where the browser goes, or what it shows. */
async function send(url: string, form: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return fetch(url, { method: 'POST', headers, body: form, redirect: 'manual' })
}

async function fedOn(card: string): Promise<number> {
  const { accounts } = await bar.manager.call(getCard, { params: { card } })
  return accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

async function stateOf(payment: Id<'payment'>): Promise<string> {
  return (await server.anyone.call(getPayment, { params: { payment } })).state
}

it('puts what was paid on the card, with its fee in the reserve', async () => {
  const [card = ''] = bar.tags
  const opened = await bar.manager.call(postOnlineRefill, { body: { card, amount: 2_000 } })
  expect(opened.sandbox).toBe(true)
  expect(await stateOf(opened.payment)).toBe('opened')
  const page = await fetch(opened.url)
  expect(await page.json()).toMatchObject({ state: 'open', amount: 2_000 })
  const sent = await send(opened.url, paid)
  expect(sent.status).toBe(303)
  expect(sent.headers.get('location')).toBe(`${server.origin}/payments/${opened.payment}`)
  const back = await fetch(sent.headers.get('location') ?? '')
  expect(await back.json()).toEqual({ state: 'credited', amount: 2_000, isSandbox: true })
  expect(await fedOn(card)).toBe(2_000)
  const { accounts } = await server.anyone.call(getReserve, {})
  expect(accounts.find(({ name }) => name === 'provider/sandbox')?.balance).toBe(1_945)
  expect(accounts.find(({ name }) => name === 'due-from-keeper')?.balance).toBe(55)
})

it('answers the same page for the same key, and refuses another wish under it', async () => {
  const [, card = ''] = bar.tags
  const key = newId<TxId>()
  const wish = { key, body: { card, amount: 500 } }
  const first = await bar.manager.call(postOnlineRefill, wish)
  expect(await bar.manager.call(postOnlineRefill, wish)).toEqual(first)
  const other = { key, body: { card, amount: 600 } }
  const problem = await problemOf(bar.manager, postOnlineRefill, other)
  expect(problem).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
})

it('lets the payer choose the amount, and refuses one that is none', async () => {
  const [, card = ''] = bar.tags
  const { url, payment } = await bar.manager.call(postOnlineRefill, { body: { card } })
  for (const form of [paid, `${paid}&euros=0`, `${paid}&euros=-5`, `${paid}&euros=1e9`]) {
    const sent = await send(url, form)
    expect(await sent.json()).toMatchObject({ state: 'open', refused: 'amount' })
  }
  expect(await (await send(url, `${declined}&euros=12,5`)).json()).toMatchObject({
    refused: 'declined',
  })
  expect((await send(url, `${paid}&euros=12,5`)).status).toBe(303)
  expect(await stateOf(payment)).toBe('credited')
  expect(await fedOn(card)).toBe(1_250)
})

it('credits once what is told twice, and what is paid without coming back', async () => {
  const [, , card = ''] = bar.tags
  for (const [index, outcome] of ['twice', 'never', 'disputed'].entries()) {
    const { url } = await bar.manager.call(postOnlineRefill, { body: { card, amount: 1_000 } })
    await send(url, `outcome=${outcome}`)
    expect(await fedOn(card)).toBe(1_000 * (index + 1))
  }
  const { payments } = await server.operator.call(listPayments, {})
  expect(payments[0]).toMatchObject({ state: 'credited', problem: { code: 'disputed' } })
})

it('waits for the bank, and credits when it answers', async () => {
  const [, , , card = ''] = bar.tags
  const { url, payment } = await bar.manager.call(postOnlineRefill, { body: { card, amount: 700 } })
  await send(url, later)
  expect(await stateOf(payment)).toBe('opened')
  const page = await (await fetch(`${server.origin}/payments/${payment}`)).json()
  expect(page).toMatchObject({ state: 'opened', waits: 'bank' })
  expect(page).not.toHaveProperty('url')
  expect(await fedOn(card)).toBe(0)
  await send(url, 'hours=72')
  expect(await stateOf(payment)).toBe('credited')
  expect(await fedOn(card)).toBe(700)
})

it('lets a page expire that nobody pays', async () => {
  const [, , , card = ''] = bar.tags
  const { url, payment } = await bar.manager.call(postOnlineRefill, { body: { card, amount: 700 } })
  await send(url, 'hours=25')
  expect(await stateOf(payment)).toBe('expired')
  expect(await (await send(url, paid)).text()).not.toContain('error')
  expect(await stateOf(payment)).toBe('expired')
})

it('brings the payer back to where the caller says, with the payment in the address', async () => {
  const [, card = ''] = bar.tags
  const returnUrl = 'https://bar.example/done?lang=fr'
  const body = { card, amount: 100, returnUrl }
  const { url, payment } = await bar.manager.call(postOnlineRefill, { body })
  const sent = await send(url, paid)
  expect(sent.headers.get('location')).toBe(`${returnUrl}&payment=${payment}`)
})

it('shows who pays for whom to the operator alone', async () => {
  const [card = ''] = bar.tags
  const { payment } = await bar.manager.call(postOnlineRefill, { body: { card, amount: 100 } })
  const params = { payment }
  expect(await server.anyone.call(getPayment, { params })).not.toHaveProperty('operator')
  const shown = await server.operator.call(getPayment, { params })
  expect(shown.operator).toMatchObject({ place: bar.place })
  expect((await problemOf(bar.manager, listPayments, {})).status).toBe(403)
  const { payments } = await server.operator.call(getStatus, {})
  expect(payments).toMatchObject({ provider: 'sandbox', owed: 0 })
  expect(await server.anyone.call(getStatus, {})).not.toHaveProperty('payments')
})

it('refuses what nobody could be credited for, before anybody pays', async () => {
  const unknown = { body: { card: 'ffffffff', amount: 500 } }
  expect((await problemOf(bar.manager, postOnlineRefill, unknown)).code).toBe('card_unknown')
  const stranger = { body: { wallet: newId<never>(), amount: 500 } }
  expect((await problemOf(bar.manager, postOnlineRefill, stranger)).code).toBe('wallet_not_found')
  const [card = ''] = bar.tags
  const tooMuch = { body: { card, amount: 2_000_000 } }
  expect((await problemOf(bar.manager, postOnlineRefill, tooMuch)).code).toBe('reserve_cap')
  const odd = { body: { card, amount: 500, returnUrl: 'https://' } }
  expect((await problemOf(bar.manager, postOnlineRefill, odd)).code).toBe('invalid_request')
  const nobody = { payment: newId<Id<'payment'>>() }
  expect((await problemOf(server.anyone, getPayment, { params: nobody })).status).toBe(404)
})

it('is off without a key on a public node, and says why', async () => {
  await using publicServer = await startServer()
  const place = await openBar(publicServer)
  const wish = { body: { card: place.tags[0] ?? '', amount: 500 } }
  const problem = await problemOf(place.manager, postOnlineRefill, wish)
  expect(problem).toMatchObject({ status: 409, code: 'refills_off' })
  expect(problem.detail).toContain('FEDOW_STRIPE_KEY')
  const { payments } = await publicServer.operator.call(getStatus, {})
  expect(payments).toMatchObject({ off: 'no_key' })
  const sandbox = await fetch(`${publicServer.origin}/sandbox/pay/sandbox_order_x`)
  expect(sandbox.status).toBe(404)
})
