/** What places owe each other, over HTTP. */
import {
  acceptInvitation,
  createFederation,
  getClearing,
  inviteToFederation,
  postSale,
  shareAsset,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World
let shop: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
  shop = await openBar(server, 'Épicerie')
  const { operator } = server
  const { federation } = await operator.call(createFederation, {
    body: { name: 'Ville', place: bar.place },
  })
  const params = { federation }
  await operator.call(inviteToFederation, {
    params,
    body: { place: bar.place, invited: shop.place },
  })
  await operator.call(acceptInvitation, { params, body: { place: shop.place } })
  for (const { local, gift } of [bar, shop]) {
    for (const asset of [local, gift]) await operator.call(shareAsset, { params, body: { asset } })
  }
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function pay(of: World, at: World, [card, amount]: readonly [number, number]): Promise<void> {
  const tag = of.tags[card] ?? ''
  await putMoney(server, of, { card: tag, local: amount, gift: 100 })
  const parts = [
    { asset: of.local, amount },
    { asset: of.gift, amount: 100 },
  ]
  await at.manager.call(postSale, { body: { place: at.place, card: tag, parts } })
}

describe('a clearing', () => {
  it('proposes who pays whom for local money, not for gifts nor for what is one’s own', async () => {
    expect(await server.operator.call(getClearing, {})).toEqual({ positions: [], transfers: [] })
    await pay(bar, shop, [0, 700])
    await pay(shop, bar, [0, 250])
    await pay(bar, bar, [1, 900])
    const { positions, transfers } = await server.operator.call(getClearing, {})
    expect(positions.toSorted((a, b) => a.net - b.net)).toEqual([
      { place: bar.place, name: 'Bar du Port', holds: 250, owes: 700, net: -450 },
      { place: shop.place, name: 'Épicerie', holds: 700, owes: 250, net: 450 },
    ])
    expect(transfers).toEqual([{ from: bar.place, to: shop.place, amount: 450 }])
  })

  it('counts what came since a moment', async () => {
    const tip = server.book.reader.tip().timeMs
    const since = new Date(Math.max(Date.now(), tip) + 1_500).toISOString()
    const later = await server.operator.call(getClearing, { query: { since } })
    expect(later.transfers).toEqual([])
    const all = await server.operator.call(getClearing, {
      query: { since: '2026-01-01T00:00:00Z' },
    })
    expect(all.transfers).toEqual([{ from: bar.place, to: shop.place, amount: 450 }])
  })

  it('is for the operator', async () => {
    expect(await problemOf(bar.manager, getClearing, {})).toMatchObject({ code: 'operator_only' })
  })
})
