/** A venue sells federated euros out of what it has and buys them back, for cash: nothing is made by it. */
import {
  getCard,
  getReserve,
  getWallet,
  openWallet,
  postRefill,
  postRefund,
  postSale,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
  const [card = ''] = bar.tags
  await putMoney(server, bar, { card, fed: 3_000 })
  const parts = [{ asset: fed(), amount: 3_000 }]
  await bar.manager.call(postSale, { body: { place: bar.place, card, parts } })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function fed() {
  return server.book.reader.genesis.fed.id
}

async function onCard(card: string): Promise<number> {
  const { accounts } = await bar.manager.call(getCard, { params: { card } })
  return accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

async function stock(): Promise<number> {
  const found = await server.operator.call(getWallet, { params: { wallet: bar.wallet } })
  return found.accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
}

async function issued(): Promise<number> {
  return (await server.anyone.call(getReserve, {})).fedIssued
}

describe('a point of change', () => {
  it('sells to a card that was never used, and buys back, with as much in circulation as before', async () => {
    const [, card = ''] = bar.tags
    const body = { asset: fed(), card, amount: 1_200, place: bar.place }
    const sold = await bar.manager.call(postRefill, { body })
    expect(sold.lines.map(({ action, from, amount }) => [action, from, amount])).toEqual([
      ['TRF', bar.wallet, 1_200],
    ])
    expect([await onCard(card), await stock(), await issued()]).toEqual([1_200, 1_800, 3_000])
    const parts = [{ asset: fed(), amount: 200 }]
    await bar.manager.call(postRefund, { body: { place: bar.place, card, parts } })
    expect([await onCard(card), await stock(), await issued()]).toEqual([1_000, 2_000, 3_000])
  })

  it('sells to a person, and no cent more than it has', async () => {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    const body = { asset: fed(), wallet, amount: await stock(), place: bar.place }
    expect(
      await problemOf(bar.manager, postRefill, { body: { ...body, amount: body.amount + 1 } }),
    ).toMatchObject({
      code: 'insufficient_balance',
      with: { missing: 1 },
    })
    await bar.manager.call(postRefill, { body })
    expect([await stock(), await issued()]).toEqual([0, 3_000])
  })

  it('is nobody else: not another place, not without saying who sells, not with local money', async () => {
    const [, card = ''] = bar.tags
    const other = await openBar(server, 'Café')
    const body = { asset: fed(), card, amount: 100 }
    expect(
      await problemOf(other.manager, postRefill, { body: { ...body, place: bar.place } }),
    ).toMatchObject({ code: 'place_out_of_reach' })
    expect(await problemOf(bar.manager, postRefill, { body })).toMatchObject({
      code: 'kind_refuses_action',
    })
    expect(
      await problemOf(bar.manager, postRefill, {
        body: { ...body, asset: other.local, place: bar.place },
      }),
    ).toMatchObject({ code: 'kind_refuses_action' })
    expect(await issued()).toBe(3_000)
  })
})
