/** Meal vouchers and mutual credit through the API. */
import {
  changePolicy,
  createAsset,
  getAsset,
  getCard,
  getWallet,
  openWallet,
  postDeposit,
  postQrSale,
  postRefill,
  postRefund,
  postSale,
  postTransfer,
  setCreditLimit,
} from '@fedow/api'
import type { AssetId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, type World } from './http-world.ts'

let server: TestServer
let bar: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const TERMS = {
  personToPerson: false,
  spendAt: { accepted: true },
  refund: 'never',
  limits: {},
  dayStartUtcMinutes: 0,
} as const

describe('meal vouchers', () => {
  it('are spent up to the cap of the day, handed in, and never given back', async () => {
    const card = bar.tags[0] ?? ''
    const { place } = bar
    const made = { place, kind: 'MVO', name: 'Titres', code: 'MEL' } as const
    const terms = { ...TERMS, days: [0, 1, 2, 3, 4, 5, 6], dayCap: 1_900 }
    const { asset } = await bar.manager.call(createAsset, { body: { ...made, terms } })
    const view = await server.anyone.call(getAsset, { params: { asset } })
    expect(view).toMatchObject({
      kind: 'MVO',
      policy: { days: [0, 1, 2, 3, 4, 5, 6], dayCap: 1_900 },
    })
    await bar.manager.call(postRefill, { body: { asset, card, amount: 5_000 } })
    const sale = (amount: number) => ({ body: { place, card, parts: [{ asset, amount }] } })
    await bar.manager.call(postSale, sale(1_900))
    const refused = await problemOf(bar.manager, postSale, sale(1))
    expect(refused).toMatchObject({ code: 'limit_exceeded', outcome: 'rejected' })
    expect(refused.detail).toContain('what one wallet may spend of this asset in a day')
    const refund = { body: { place, card, parts: [{ asset, amount: 1 }] } }
    expect(await problemOf(bar.manager, postRefund, refund)).toMatchObject({
      code: 'kind_refuses_action',
    })
    await bar.manager.call(postDeposit, { body: { place, asset, amount: 1_900 } })
    expect(await server.anyone.call(getAsset, { params: { asset } })).toMatchObject({
      issued: 3_100,
    })
  })

  it('are refused on a day that is none of theirs, with the day on which they are spent', async () => {
    const card = bar.tags[0] ?? ''
    const { place } = bar
    // In the middle of a day that is not today, by the clock of the node: two days on at least.
    const today = (new Date().getUTCDay() + 6) % 7
    const days = [(today + 2) % 7, (today + 3) % 7].sort()
    const made = { place, kind: 'MVO', name: 'Ailleurs', code: 'AIL' } as const
    const { asset } = await bar.manager.call(createAsset, {
      body: { ...made, terms: { ...TERMS, days } },
    })
    await bar.manager.call(postRefill, { body: { asset, card, amount: 100 } })
    const sale = { body: { place, card, parts: [{ asset, amount: 1 }] } }
    const refused = await problemOf(bar.manager, postSale, sale)
    expect(refused.code).toBe('asset_not_spendable_today')
    expect(refused.detail).toContain('Ailleurs is not spent on this day of the week')
    const unsorted = { place, kind: 'MVO', name: 'Faux', code: 'FAU' } as const
    const wrong = { body: { ...unsorted, terms: { ...TERMS, days: [3, 1] } } }
    expect((await problemOf(bar.manager, createAsset, wrong)).code).toBe('malformed')
  })
})

describe('mutual credit', () => {
  let asset: AssetId
  let ana: WalletId
  const account = async (wallet: WalletId) => {
    const { accounts } = await server.operator.call(getWallet, { params: { wallet } })
    return accounts.find((one) => one.asset === asset)
  }

  it('lets a person go below zero as far as their limit, and a place see it on a card', async () => {
    const { place, wallet } = bar
    const body = { place, kind: 'MUT', name: 'Crédit', code: 'CRQ' } as const
    asset = (await bar.manager.call(createAsset, { body })).asset
    ana = (await server.operator.call(openWallet, { body: {} })).wallet
    const params = { asset }
    await bar.manager.call(setCreditLimit, { params, body: { wallet: ana, limit: 5_000 } })
    const pay = (amount: number) => ({ body: { place, wallet: ana, parts: [{ asset, amount }] } })
    expect(await problemOf(server.operator, postQrSale, pay(5_001))).toMatchObject({
      code: 'insufficient_balance',
    })
    await server.operator.call(postQrSale, pay(2_000))
    expect(await account(ana)).toMatchObject({
      ...{ kind: 'MUT', balance: -2_000, held: 0, available: 3_000, creditLimit: 5_000 },
    })
    expect(await account(wallet)).toMatchObject({
      balance: 2_000,
      available: 2_000,
      creditLimit: 0,
    })
    expect(await server.anyone.call(getAsset, { params })).toMatchObject({ issued: 0 })
    const card = bar.tags[1] ?? ''
    const { accounts } = await bar.manager.call(getCard, { params: { card } })
    expect(accounts).toEqual([])
  })

  it('keeps a debt whose limit was lowered', async () => {
    const params = { asset }
    await bar.manager.call(setCreditLimit, { params, body: { wallet: ana, limit: 1_000 } })
    expect(await account(ana)).toMatchObject({ balance: -2_000, available: -1_000 })
    const body = { from: bar.wallet, to: ana, asset, amount: 1_500 }
    await bar.manager.call(postTransfer, { body })
    expect(await account(ana)).toMatchObject({ balance: -500, available: 500, creditLimit: 1_000 })
  })

  it('announces how limits will grow', async () => {
    const params = { asset }
    const creditGrowth = { ratePpm: 100_000, max: 9_000 }
    const terms = { ...TERMS, personToPerson: true, creditGrowth }
    const late = new Date(Date.now() + 60_000).toISOString()
    await bar.manager.call(changePolicy, { params, body: { from: late, terms } })
    const { announced } = await server.anyone.call(getAsset, { params })
    expect(announced).toMatchObject([{ creditGrowth }])
  })

  it('grants nothing for another place', async () => {
    const fair = await openBar(server, 'Fair')
    const call = { params: { asset }, body: { wallet: ana, limit: 9 } }
    expect((await problemOf(fair.manager, setCreditLimit, call)).code).toBe('place_out_of_reach')
    const local = { params: { asset: bar.local }, body: { wallet: ana, limit: 9 } }
    expect((await problemOf(bar.manager, setCreditLimit, local)).code).toBe('kind_refuses_action')
  })
})
