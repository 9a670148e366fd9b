/** Free money over HTTP, from its making to the last dividend, on a clock that the test moves. */
import {
  admitMember,
  archiveAsset,
  claimDividend,
  createAsset,
  endMembership,
  getDividend,
  getMember,
  getWallet,
  openWallet,
  postQrSale,
} from '@fedow/api'
import type { AssetId, TxId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, type World } from './http-world.ts'

const DAY_MS = 86_400_000

let server: TestServer
let bar: World
let fair: World
let nowMs = Date.parse('2026-11-23T09:00:00Z')
let free: AssetId
let ana: WalletId
let bob: WalletId

beforeAll(async () => {
  const clocks = { wall: () => nowMs, monotonic: () => nowMs }
  server = await startServer(undefined, { clocks })
  bar = await openBar(server, 'Bar')
  fair = await openBar(server, 'Fair')
  ana = (await server.operator.call(openWallet, { body: {} })).wallet
  bob = (await server.operator.call(openWallet, { body: {} })).wallet
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

describe('free money', () => {
  it('is made by a place, with the terms of the Ğ1 where none are given', async () => {
    const body = { place: bar.place, kind: 'LIB', name: 'Libre', code: 'LIB' } as const
    expect(await problemOf(bar.manager, createAsset, { body })).toMatchObject({
      ...{ status: 409, code: 'dividend_refused', outcome: 'rejected' },
      detail: expect.stringContaining('Free money (LIB) has the terms of its dividend'),
    })
    for (const odd of [{ periodS: 0 }, { periodS: 3_599 }, { cPpb: 0 }, { digits: 16 }]) {
      const dividend = { profile: 'g1-v1', ...odd } as const
      const problem = await problemOf(bar.manager, createAsset, { body: { ...body, dividend } })
      expect([odd, problem.status, problem.outcome]).toEqual([odd, 400, 'none'])
    }
    const dividend = { profile: 'g1-v1' } as const
    const made = await bar.manager.call(createAsset, { body: { ...body, dividend } })
    free = made.asset
    expect(made.lines.map(({ action }) => action)).toEqual(['FST'])
    const shown = await server.anyone.call(getDividend, { params: { asset: free } })
    expect(shown).toMatchObject({
      ...{ profile: 'g1-v1', first: 1_000, periodS: 86_400, reevalS: 15_778_800 },
      ...{ cPpb: 48_800_000, digits: 4, value: 1_000, ud: 1_000, unitBase: 0 },
      ...{ mass: 0, unclaimed: 0, members: 0, made: 0, perMember: 0 },
      series: [{ value: 1_000 }],
    })
    expect(shown.forecast).toHaveLength(8)
  })

  it('takes first moments, each growth of its own profile, and nothing of the other', async () => {
    const at = new Date(nowMs + 5 * DAY_MS).toISOString()
    const body = { place: bar.place, kind: 'LIB', name: 'Libre 2', code: 'LB2' } as const
    const mixed = { ...body, dividend: { profile: 'g1-v2', cPpb: 1 } } as never
    expect((await problemOf(bar.manager, createAsset, { body: mixed })).status).toBe(400)
    const late = { profile: 'g1-v2', firstDividend: at, firstReeval: new Date(0).toISOString() }
    const wrong = { ...body, dividend: late } as never
    expect(await problemOf(bar.manager, createAsset, { body: wrong })).toMatchObject({
      ...{ code: 'dividend_refused', with: { member: 'firstReevalMs' } },
    })
    const dividend = { profile: 'g1-v2', first: 1_148, firstDividend: at } as const
    const { asset } = await bar.manager.call(createAsset, { body: { ...body, dividend } })
    const shown = await server.anyone.call(getDividend, { params: { asset } })
    expect(shown).toMatchObject({ first: 1_148, cSquaredPpb: 2_382_304, next: at })
    expect(shown).not.toHaveProperty('cPpb')
  })

  it('admits persons at the places that accept it', async () => {
    const params = { asset: free }
    await bar.manager.call(admitMember, { params, body: { place: bar.place, wallet: ana } })
    await bar.manager.call(admitMember, { params, body: { place: bar.place, wallet: bob } })
    const again = { params, body: { place: bar.place, wallet: ana } }
    expect(await problemOf(bar.manager, admitMember, again)).toMatchObject({
      code: 'already_admitted',
    })
    const away = { params, body: { place: fair.place, wallet: ana } }
    expect((await problemOf(fair.manager, admitMember, away)).code).toBe('asset_not_accepted')
    expect((await problemOf(bar.manager, admitMember, away)).code).toBe('place_out_of_reach')
    const member = { params: { asset: free, wallet: ana } }
    expect(await server.operator.call(getMember, member)).toMatchObject({
      ...{ place: bar.place, due: 0 },
    })
    expect((await problemOf(bar.manager, getMember, member)).code).toBe('wallet_out_of_reach')
  })

  it('pays what is due when it is asked for, and shows it before', async () => {
    const params = { asset: free }
    const early = { params, body: { wallet: ana } }
    expect(await problemOf(server.operator, claimDividend, early)).toMatchObject({
      ...{ code: 'nothing_due', status: 409 },
      detail: expect.stringContaining('The next one falls due on'),
    })
    nowMs += 3 * DAY_MS
    expect(await server.anyone.call(getDividend, { params })).toMatchObject({
      ...{ mass: 6_000, unclaimed: 6_000, members: 2, made: 3, perMember: 3_000 },
    })
    const member = { params: { asset: free, wallet: ana } }
    expect(await server.operator.call(getMember, member)).toMatchObject({ due: 3_000 })
    expect((await problemOf(bar.manager, claimDividend, early)).code).toBe('wallet_out_of_reach')
    const key = { key: '01890000-0000-7000-8000-00000000d1d1' as TxId }
    const claimed = await server.operator.call(claimDividend, { ...early, ...key })
    expect(claimed.lines).toMatchObject([{ action: 'DVD', from: ana, to: ana, amount: 3_000 }])
    expect(await server.operator.call(claimDividend, { ...early, ...key })).toEqual(claimed)
    expect(await server.anyone.call(getDividend, { params })).toMatchObject({ unclaimed: 3_000 })
    const body = { place: bar.place, wallet: ana, parts: [{ asset: free, amount: 500 }] }
    await server.operator.call(postQrSale, { body })
    const { accounts } = await server.operator.call(getWallet, { params: { wallet: ana } })
    expect(accounts).toMatchObject([{ kind: 'LIB', balance: 2_500 }])
  })

  it('lets a place end the memberships that it made, and no other', async () => {
    const input = (wallet: WalletId, place?: typeof bar.place) => ({
      params: { asset: free, wallet },
      body: place === undefined ? {} : { place },
    })
    const foreign = await problemOf(fair.manager, endMembership, input(bob, fair.place))
    expect(foreign.code).toBe('not_authorised')
    expect((await problemOf(bar.manager, endMembership, input(bob))).code).toBe(
      'wallet_out_of_reach',
    )
    const key = { key: '01890000-0000-7000-8000-00000000d1d2' as TxId }
    const left = await bar.manager.call(endMembership, { ...input(bob, bar.place), ...key })
    expect(left.lines).toMatchObject([{ action: 'DVD', to: bob, amount: 3_000 }])
    const again = await bar.manager.call(endMembership, { ...input(bob, bar.place), ...key })
    expect(again).toEqual(left)
    expect((await problemOf(bar.manager, endMembership, input(bob, bar.place))).code).toBe(
      'not_admitted',
    )
    const member = { params: { asset: free, wallet: bob } }
    expect((await problemOf(server.operator, getMember, member)).code).toBe('not_admitted')
  })

  it('ends with its asset', async () => {
    const params = { asset: free }
    nowMs += DAY_MS
    await bar.manager.call(archiveAsset, { params })
    nowMs += 5 * DAY_MS
    const shown = await server.anyone.call(getDividend, { params })
    expect(shown).toMatchObject({ ended: expect.any(String), made: 4, unclaimed: 1_000 })
    expect([shown.next, shown.nextReeval]).toEqual([undefined, undefined])
    const claim = { params, body: { wallet: ana } }
    const { lines } = await server.operator.call(claimDividend, claim)
    expect(lines).toMatchObject([{ amount: 1_000 }])
    expect(await problemOf(server.operator, claimDividend, claim)).toMatchObject({
      detail: expect.stringContaining('makes no more'),
    })
  })

  it('is no other money', async () => {
    const params = { asset: bar.local }
    expect(await problemOf(server.anyone, getDividend, { params })).toMatchObject({
      ...{ code: 'kind_refuses_action', outcome: 'none' },
    })
  })
})
