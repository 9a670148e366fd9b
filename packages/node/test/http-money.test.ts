import {
  captureHold,
  createAsset,
  getCard,
  getHold,
  getReserve,
  getStatus,
  getTx,
  getWallet,
  linkCard,
  listLines,
  listWalletLines,
  newTxId,
  openHold,
  openWallet,
  postDeposit,
  postIssue,
  postQrSale,
  postRefill,
  postRefund,
  postSale,
  postSubscription,
  postTransfer,
  releaseHold,
  voidCard,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, payment, problemOf, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function tag(index: number): string {
  return bar.tags[index] ?? ''
}

async function balances(card: string): Promise<Record<string, number>> {
  const { accounts } = await server.operator.call(getCard, { params: { card } })
  return Object.fromEntries(accounts.map(({ code, balance }) => [code, balance]))
}

describe('a sale by its price alone', () => {
  it('takes gift money first, then local money, then federated euros', async () => {
    const card = tag(0)
    await putMoney(server, bar, { card, fed: 1_000, local: 300, gift: 200 })
    const sale = await bar.manager.call(postSale, { body: { place: bar.place, card, amount: 700 } })
    expect(sale.lines.map(({ asset, amount, action }) => [asset.code, amount, action])).toEqual([
      ['CAD', 200, 'SAL'],
      ['PRL', 300, 'SAL'],
      ['FED', 200, 'SAL'],
    ])
    expect(await balances(card)).toEqual({ CAD: 0, PRL: 0, FED: 800 })
  })

  it('is refused by the book with what is missing, when nothing covers it', async () => {
    const card = tag(1)
    await putMoney(server, bar, { card, local: 150 })
    const body = { place: bar.place, card, amount: 200 }
    const problem = await problemOf(bar.manager, postSale, { body })
    expect(problem).toMatchObject({
      status: 409,
      code: 'insufficient_balance',
      outcome: 'rejected',
      with: { missing: 50, asset: bar.local },
    })
    expect(problem.detail).toContain('0.50 Perle Bar du Port are missing')
    expect(await balances(card)).toEqual({ PRL: 150 })
  })

  it('knows the card by its tag, its number, its QR address, its QR id and its own id', async () => {
    const { card } = await bar.manager.call(getCard, { params: { card: tag(0) } })
    const qr = bar.qrs[0] ?? ''
    for (const name of [bar.numbers[0] ?? '', qr, qr.slice(-36), card, tag(0).toLowerCase()]) {
      expect((await bar.manager.call(getCard, { params: { card: name } })).card).toBe(card)
    }
  })
})

describe('the same Idempotency-Key', () => {
  it('gives the same answer again after the balances have changed', async () => {
    const card = tag(2)
    await putMoney(server, bar, { card, local: 500 })
    const key = newTxId()
    const body = { place: bar.place, card, amount: 400 }
    const first = await bar.manager.call(postSale, { body, key })
    await putMoney(server, bar, { card, gift: 900 })
    expect(await bar.manager.call(postSale, { body, key })).toEqual(first)
    expect(await balances(card)).toEqual({ PRL: 100, CAD: 900 })
  })

  it.each([
    ['another amount', { amount: 401 }],
    ['another card', { card: 1 }],
    ['a till', { till: newTxId() }],
  ])('is refused for %s', async (_, change) => {
    const card = tag(2)
    const key = newTxId()
    await putMoney(server, bar, { card, local: 400 })
    const body = { place: bar.place, card, amount: 400 }
    await bar.manager.call(postSale, { body, key })
    const other = { ...body, ...change, card: 'card' in change ? tag(1) : card }
    const problem = await problemOf(bar.manager, postSale, { body: other as typeof body, key })
    expect(problem).toMatchObject({ status: 409, code: 'idempotency_key_reused', outcome: 'none' })
  })

  it('sent many times at once makes one tx', async () => {
    const card = tag(3)
    await putMoney(server, bar, { card, local: 1_000 })
    const key = newTxId()
    const body = { place: bar.place, card, amount: 10 }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => bar.manager.call(postSale, { body, key })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await balances(card)).toEqual({ PRL: 990 })
  })

  it('keeps a rejection: a new try needs a new key', async () => {
    const card = tag(3)
    const key = newTxId()
    const body = { place: bar.place, card, amount: 2_000 }
    const first = await problemOf(bar.manager, postSale, { body, key })
    await putMoney(server, bar, { card, local: 5_000 })
    const again = await problemOf(bar.manager, postSale, { body, key })
    expect({ ...again, requestId: '' }).toEqual({ ...first, requestId: '' })
    await bar.manager.call(postSale, { body })
  })

  it('answers for a refund what was kept then, not now', async () => {
    const card = tag(1)
    await putMoney(server, bar, { card, local: 300 })
    const other = await openBar(server, 'Autre lieu')
    await other.manager.call(postRefill, { body: { asset: other.gift, card, amount: 70 } })
    const key = newTxId()
    const body = { place: bar.place, card }
    const first = await bar.manager.call(postRefund, { body, key })
    expect(first.lines.map(({ action, amount }) => [action, amount])).toEqual([['RFD', 450]])
    expect(first.kept).toEqual([{ asset: other.gift, balance: 70, why: 'not_refundable' }])
    await putMoney(server, bar, { card, local: 800 })
    await other.manager.call(postRefill, { body: { asset: other.gift, card, amount: 5 } })
    expect(await bar.manager.call(postRefund, { body, key })).toEqual(first)
  })

  it('in capital letters is the same key', async () => {
    const card = tag(3)
    const key = newTxId()
    const body = { place: bar.place, card, amount: 1 }
    const first = await bar.manager.call(postSale, { body, key })
    const upper = key.toUpperCase() as typeof key
    expect(await bar.manager.call(postSale, { body, key: upper })).toEqual(first)
  })
})

describe('holds', () => {
  it('reserve, then pay in part; the end is answered again though the hold is gone', async () => {
    const card = tag(3)
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    const body = { place: bar.place, card, asset: bar.local, amount: 500, expires }
    const opened = await bar.manager.call(openHold, { body })
    const params = { hold: opened.hold }
    expect(await bar.manager.call(getHold, { params })).toMatchObject({ amount: 500, expires })
    const key = newTxId()
    const captured = await bar.manager.call(captureHold, { params, body: { amount: 200 }, key })
    expect(captured.lines.map(({ action, amount }) => [action, amount])).toEqual([
      ['REL', 500],
      ['SAL', 200],
    ])
    const again = await bar.manager.call(captureHold, { params, body: { amount: 200 }, key })
    expect(again).toEqual(captured)
    expect(await problemOf(bar.manager, releaseHold, { params })).toMatchObject({
      status: 404,
      code: 'hold_not_found',
    })
  })
})

describe('persons', () => {
  it('link a card, pay from the phone, and what is theirs is read by the operator', async () => {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    const params = { card: tag(0) }
    const linked = await server.operator.call(linkCard, { params, body: { wallet } })
    expect(linked.lines.map(({ action, amount }) => [action, amount])).toEqual([['FUS', 800]])
    const body = { place: bar.place, wallet, amount: 100 }
    const paid = await server.operator.call(postQrSale, { body })
    expect(paid.lines.map(({ action, amount }) => [action, amount])).toEqual([['QRS', 100]])
    const view = await server.operator.call(getWallet, { params: { wallet } })
    expect(view).toMatchObject({ kind: 'person', accounts: [{ code: 'FED', available: 700 }] })
    const page = await server.operator.call(listWalletLines, {
      params: { wallet },
      query: { limit: 1 },
    })
    expect(page.lines.map(({ action }) => action)).toEqual(['QRS'])
    const { next = '' } = page
    const more = { params: { wallet }, query: { cursor: next } }
    const rest = await server.operator.call(listWalletLines, more)
    expect(rest.lines.map(({ action }) => action)).toEqual(['FUS'])
    expect(rest.next).toBeUndefined()
  })

  it('are members of a place: paid, shown, and no money', async () => {
    const body = { place: bar.place, kind: 'SUB', name: 'Adhésion', code: 'ADH' } as const
    const { asset } = await bar.manager.call(createAsset, { body })
    const start = '2026-11-01T00:00:00.000Z'
    const paid = { place: bar.place, card: tag(1), asset, amount: 1_500, start }
    await bar.manager.call(postSubscription, { body: paid })
    const view = await bar.manager.call(getCard, { params: { card: tag(1) } })
    expect(view.memberships).toEqual([
      { asset, name: 'Adhésion', code: 'ADH', total: 1_500, start, count: 1 },
    ])
    expect(view.accounts.map(({ code }) => code)).not.toContain('ADH')
  })
})

describe('a place', () => {
  it('pays a supplier with federated euros, and the keeper pays them out', async () => {
    const card = tag(2)
    await putMoney(server, bar, { card, fed: 2_000 })
    const { fed } = await server.anyone.call(getStatus, {})
    const parts = [{ asset: fed.asset, amount: 1_200 }]
    await bar.manager.call(postSale, { body: { place: bar.place, card, parts } })
    const supplier = await openBar(server, 'Brasserie')
    const transfer = { from: bar.wallet, to: supplier.wallet, asset: fed.asset, amount: 1_000 }
    await bar.manager.call(postTransfer, { body: transfer })
    const payout = { place: supplier.place, asset: fed.asset, amount: 1_000 }
    const before = await server.anyone.call(getReserve, {})
    const denied = { body: { ...payout, evidence: payment(1_000) } }
    expect(await problemOf(supplier.manager, postDeposit, denied)).toMatchObject({
      code: 'operator_only',
    })
    await server.operator.call(postDeposit, { body: { ...payout, evidence: payment(1_000) } })
    const after = await server.anyone.call(getReserve, {})
    expect(after.fedIssued).toBe(before.fedIssued - 1_000)
    const total = after.accounts.reduce((sum, { balance }) => sum + balance, 0)
    expect(total).toBe(after.fedIssued)
    expect(after.accounts.map(({ name }) => name)).toEqual(['bank/main', 'due-from-keeper'])
  })

  it('refunds and voids a card in one gesture', async () => {
    const card = tag(3)
    const before = await bar.manager.call(getCard, { params: { card } })
    const body = { place: bar.place, card, void: true }
    const refund = await bar.manager.call(postRefund, { body })
    expect(refund.lines.map(({ action }) => action)).toEqual(['RFD'])
    const after = await bar.manager.call(getCard, { params: { card } })
    expect(after.wallet).not.toBe(before.wallet)
    expect(after.accounts).toEqual([])
    await bar.manager.call(voidCard, { params: { card }, body: { place: bar.place } })
  })

  it('reads its own lines, page by page, each once', async () => {
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const query = { limit: 3, ...(cursor !== undefined && { cursor }) }
      const page = await bar.manager.call(listLines, { query })
      seen.push(...page.lines.map(({ number }) => number))
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen.length).toBeGreaterThan(10)
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a))
    const ofGift = await bar.manager.call(listLines, { query: { asset: bar.gift, limit: 200 } })
    expect(new Set(ofGift.lines.map(({ asset }) => asset.id))).toEqual(new Set([bar.gift]))
  })
})

describe('a payment mints once', () => {
  it('whatever key it comes with', async () => {
    const evidence = payment(500)
    await server.operator.call(postIssue, { body: { card: tag(1), evidence } })
    const problem = await problemOf(server.operator, postIssue, {
      body: { card: tag(2), evidence },
    })
    expect(problem).toMatchObject({ status: 409, code: 'evidence_burnt', outcome: 'rejected' })
  })
})

describe('what became of a tx', () => {
  it('is public; its lines are for those whom they concern', async () => {
    const body = { asset: bar.local, card: tag(2), amount: 5 }
    const { txId } = await bar.manager.call(postRefill, { body })
    const params = { tx: txId }
    const hidden = await server.anyone.call(getTx, { params })
    expect(hidden).toMatchObject({ status: 'applied', lines: [] })
    expect(hidden.hashes).toHaveLength(2)
    const seen = await bar.manager.call(getTx, { params })
    expect(seen.lines.map(({ hash }) => hash)).toEqual(hidden.hashes)
    const stranger = await openBar(server, 'Troisième lieu')
    expect((await stranger.manager.call(getTx, { params })).lines).toEqual([])
  })
})
