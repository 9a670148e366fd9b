/** Points of change through the API. */
import {
  archiveAsset,
  closeOffer,
  createAsset,
  getStatus,
  getWallet,
  listOffers,
  newTxId,
  openOffer,
  openWallet,
  postExchange,
  postQrSale,
  postRefill,
  previewExchange,
} from '@fedow/api'
import type { AssetId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World
let fair: World
let ana: WalletId
/** The fair's local money. */
let fairs: AssetId
let fed: AssetId

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server, 'Bar')
  fair = await openBar(server, 'Fair')
  fairs = fair.local
  fed = (await server.anyone.call(getStatus, {})).fed.asset
  ana = (await server.operator.call(openWallet, { body: {} })).wallet
  await bar.manager.call(postRefill, { body: { asset: bar.local, wallet: ana, amount: 50_000 } })
  await putMoney(server, bar, { card: tag(0), local: 5_000, fed: 10_000 })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function tag(index: number): string {
  return bar.tags[index] ?? ''
}

async function balanceOf(wallet: WalletId, asset: AssetId): Promise<number> {
  const { accounts } = await server.operator.call(getWallet, { params: { wallet } })
  return accounts.find((one) => one.asset === asset)?.balance ?? 0
}

const FOR = (give: number, take: number) => ({ rate: { give, take } })

describe('an offer', () => {
  it('is opened, listed, previewed, taken and closed', async () => {
    const { place, local, gift } = bar
    await bar.manager.call(postRefill, { body: { asset: gift, wallet: ana, amount: 20_000 } })
    await server.operator.call(postQrSale, {
      body: { place, wallet: ana, parts: [{ asset: gift, amount: 20_000 }] },
    })
    const body = { place, give: gift, take: local, ...FOR(3, 4), perPersonDay: 1_000, minimum: 100 }
    const key = newTxId()
    const opened = await bar.manager.call(openOffer, { body, key })
    expect(opened.warnings).toEqual([])
    expect(await bar.manager.call(openOffer, { body, key })).toEqual(opened)
    const { offer } = opened
    const params = { offer }
    const { offers } = await server.anyone.call(listOffers, { query: { place } })
    expect(offers).toMatchObject([{ offer, ...body, open: true }])
    const all = await server.anyone.call(listOffers, {})
    expect(all.offers).toEqual(offers)

    const shown = await server.anyone.call(previewExchange, { params, query: { take: 1_001 } })
    expect(shown).toEqual({ take: 1_001, give: 750, least: 100, open: true })
    const little = await server.anyone.call(previewExchange, { params, query: { take: 99 } })
    expect(little).toMatchObject({ give: 0 })

    const at = { offer, card: tag(0) }
    const done = await bar.manager.call(postExchange, { body: { ...at, take: 1_001 } })
    expect(done.lines.map(({ action, amount }) => [action, amount])).toEqual([
      ['EXC', 1_001],
      ['EXC', 750],
    ])
    const small = await problemOf(bar.manager, postExchange, { body: { ...at, take: 99 } })
    expect(small).toMatchObject({ code: 'exchange_too_small', outcome: 'rejected' })
    expect(small.detail).toContain('at least 1.00')
    const much = await problemOf(bar.manager, postExchange, { body: { ...at, take: 400 } })
    expect(much).toMatchObject({ code: 'limit_exceeded' })
    expect(much.detail).toContain('what this offer gives one wallet in a day: 2.50 is left')

    const phone = { offer, wallet: ana, take: 1_000 }
    expect((await problemOf(bar.manager, postExchange, { body: phone })).code).toBe(
      'wallet_out_of_reach',
    )
    await server.operator.call(postExchange, { body: phone })
    expect(await balanceOf(ana, gift)).toBe(750)

    const once = newTxId()
    const closed = await bar.manager.call(closeOffer, { params, key: once })
    expect(await bar.manager.call(closeOffer, { params, key: once })).toEqual(closed)
    expect((await problemOf(bar.manager, closeOffer, { params })).code).toBe('offer_not_found')
    const gone = await problemOf(server.anyone, previewExchange, { params, query: { take: 1 } })
    expect(gone).toMatchObject({ code: 'offer_not_found', status: 404 })
    expect(await server.anyone.call(listOffers, { query: { place } })).toEqual({ offers: [] })
  })

  it('is of its own place alone', async () => {
    const { place, gift, local } = bar
    const body = { place, give: gift, take: local, ...FOR(1, 1) }
    expect((await problemOf(fair.manager, openOffer, { body })).code).toBe('place_out_of_reach')
    const { offer } = await bar.manager.call(openOffer, { body })
    const params = { offer }
    expect((await problemOf(fair.manager, closeOffer, { params })).code).toBe('place_out_of_reach')
    const exchange = { body: { offer, card: tag(0), take: 1 } }
    expect((await problemOf(fair.manager, postExchange, exchange)).code).toBe('place_out_of_reach')
    await bar.manager.call(closeOffer, { params })
  })

  it('never makes gifts into euros', async () => {
    const { place, gift, local } = bar
    for (const give of [local, fed]) {
      const body = { place, give, take: gift, ...FOR(1, 1) }
      expect(await problemOf(bar.manager, openOffer, { body })).toMatchObject({
        code: 'exchange_refused',
      })
    }
  })
})

describe('a loop of offers', () => {
  it('that loses money of its place is told when the offer that makes it is opened', async () => {
    const { place, local } = bar
    const other = await bar.manager.call(openOffer, {
      body: { place, give: bar.gift, take: local, ...FOR(1, 1) },
    })
    expect(other.warnings).toEqual([])
    await bar.manager.call(closeOffer, { params: { offer: other.offer } })
    const there = await bar.manager.call(openOffer, {
      body: { place, give: local, take: fed, ...FOR(3, 4) },
    })
    const back = await bar.manager.call(openOffer, {
      body: { place, give: fed, take: local, ...FOR(3, 2) },
    })
    expect(back.warnings).toMatchObject([
      {
        code: 'loop_loses',
        offers: [back.offer, there.offer],
        assets: [local, fed, local],
        loss: 1_250,
      },
    ])
    expect(back.warnings[0]?.sentence).toContain('makes 112.50 of 100.00')
    expect(back.warnings[0]?.sentence).toContain('Bar loses 12.50 each time')

    const otherSide = await fair.manager.call(openOffer, {
      body: { place: fair.place, give: fairs, take: fed, ...FOR(1, 1) },
    })
    expect(otherSide.warnings).toEqual([])
    for (const { offer } of [there, back]) await bar.manager.call(closeOffer, { params: { offer } })
    await fair.manager.call(closeOffer, { params: { offer: otherSide.offer } })
  })

  it('is no longer told once an asset of it is archived', async () => {
    const { place, local } = bar
    const made = { place, kind: 'TLF', name: 'Coquille', code: 'COQ' } as const
    const { asset: shell } = await bar.manager.call(createAsset, { body: made })
    const open = async (give: AssetId, take: AssetId, ...rate: [number, number]) =>
      bar.manager.call(openOffer, { body: { place, give, take, ...FOR(...rate) } })
    const there = await open(shell, local, 1, 1)
    await open(fed, shell, 2, 1)
    const around = await open(local, fed, 1, 1)
    expect(around.warnings).toMatchObject([{ code: 'loop_loses', loss: 10_000 }])
    await bar.manager.call(closeOffer, { params: { offer: around.offer } })
    await bar.manager.call(archiveAsset, { params: { asset: shell } })
    expect((await open(local, fed, 1, 1)).warnings).toEqual([])
    const { offers } = await server.anyone.call(listOffers, { query: { place } })
    expect(offers.map((one) => one.open)).toEqual([false, false, true])
    const exchange = { body: { offer: there.offer, card: tag(0), take: 100 } }
    expect((await problemOf(bar.manager, postExchange, exchange)).code).toBe('asset_archived')
  })
})
