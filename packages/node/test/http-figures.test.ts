/** Figures of an asset, over HTTP: who may ask for which days, and what they show. */
import {
  type AnswerOf,
  getAssetFigures,
  openWallet,
  postIssue,
  postQrSale,
  postTransfer,
  type QueryOf,
} from '@fedow/api'
import { type AssetId, DAY_MS, type WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, payment, problemOf, type World } from './http-world.ts'

type Figures = AnswerOf<typeof getAssetFigures>

/** Both clocks of a machine in one: moving it is no jump. */
class TestClock {
  timeMs = Date.parse('2026-01-05T10:00:00Z')
  readonly wall = () => this.timeMs
  readonly monotonic = () => this.timeMs

  moveTo(day: string): void {
    this.timeMs = Date.parse(day)
  }
}

const PEOPLE = 12
const clock = new TestClock()
let server: TestServer
let bar: World
let shop: World
let fed: AssetId
let people: WalletId[]

/** In January twelve people load 10.00 each and pay 3.00 at the bar, three of them 2.00 in the shop; in February, three pay. */
beforeAll(async () => {
  server = await startServer(undefined, { clocks: clock })
  bar = await openBar(server)
  shop = await openBar(server, 'Épicerie')
  fed = server.book.reader.genesis.fed.id
  people = []
  for (let count = 0; count < PEOPLE; count += 1) {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    people.push(wallet)
    const body = { wallet, evidence: payment(1_000) }
    await server.operator.call(postIssue, { body })
  }
  clock.moveTo('2026-01-20T10:00:00Z')
  for (const wallet of people) await pay(wallet, bar, 300)
  for (const wallet of people.slice(0, 3)) await pay(wallet, shop, 200)
  clock.moveTo('2026-02-20T10:00:00Z')
  for (const wallet of people.slice(0, 3)) await pay(wallet, bar, 100)
  clock.moveTo('2026-03-10T10:00:00Z')
  await server.operator.call(postTransfer, {
    body: { from: bar.wallet, to: shop.wallet, asset: fed, amount: 50 },
  })
  await sealed()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function pay(wallet: WalletId, { place }: World, amount: number): Promise<void> {
  const parts = [{ asset: fed, amount }]
  await server.operator.call(postQrSale, { body: { place, wallet, parts } })
}

/** Waits until all that was written has its seal. */
async function sealed(): Promise<void> {
  const { height } = server.book.reader.tip()
  for await (const block of server.engine.blocks(height)) if (block.height >= height) return
}

function ask(query: QueryOf<typeof getAssetFigures> = {}): Promise<Figures> {
  return server.operator.call(getAssetFigures, { params: { asset: fed }, query })
}

function askPublic(query: QueryOf<typeof getAssetFigures> = {}): Promise<Figures> {
  return server.anyone.call(getAssetFigures, { params: { asset: fed }, query })
}

const JANUARY = { from: '2026-01-01', to: '2026-02-01' }

describe('the figures of an asset', () => {
  it('are counted from its first line to the last sealed block', async () => {
    const figures = await ask()
    const { height } = server.book.reader.tip()
    expect(figures).toMatchObject({
      ...{ asset: fed, height, from: '2026-01-05T00:00:00.000Z', to: '2026-03-10T10:00:01.000Z' },
      ...{ outstanding: 12_000, loaded: 12_000, handed: 0, paid: 4_500, paidByPlaces: 50 },
      multiplier: '0.379166',
    })
    // The money came on 5 January at 10:00, and is there for 64 days and a second; the window has 10 hours more.
    const seconds = 64 * 86_400 + 1
    expect(figures.averageStock).toBe(Math.floor((12_000 * seconds) / (seconds + 36_000)))
    const perYear = (4_550n * 365n * 86_400n * 1_000_000n) / (12_000n * BigInt(seconds))
    expect(figures.velocity).toBe(
      `${perYear / 1_000_000n}.${String(perYear % 1_000_000n).padStart(6, '0')}`,
    )
  })

  it('share a row between places of which one shows too few people', async () => {
    const { places, spent } = await ask()
    expect(places).toEqual([{ places: [bar.place, shop.place].toSorted(), received: 4_500 }])
    expect(spent).toEqual([{ at: ['unknown'], amount: 4_500 }])
  })

  it('tell what is still with people, and what sleeps, to the cent of their balances', async () => {
    const { survival, dormant } = await ask()
    const { state } = server.book.reader
    const held = people.map((id) => Number(state.get('account', `${id}/${fed}`)?.balance ?? 0))
    const total = held.reduce((sum, balance) => sum + balance, 0)
    expect(dormant.reduce((sum, { amount }) => sum + amount, 0)).toBe(total)
    // Three did something in the last 30 days: too few for a row of their own.
    expect(dormant[0]).toEqual({ fromDays: 0, toDays: 90, amount: 7_500, wallets: PEOPLE })
    expect(survival.map(({ there, why }) => there ?? why)).toEqual([
      ...['1.000000', '1.000000', '0.650000', 'too_young'],
      ...['too_young', 'too_young', 'too_young', 'too_young'],
    ])
  })

  it('are of one month that is over for anybody', async () => {
    const january = await askPublic(JANUARY)
    expect(january).toMatchObject({
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
      ...{ loaded: 12_000, paid: 4_200, outstanding: 12_000 },
    })
    expect(await askPublic({ from: JANUARY.from })).toEqual(january)
    expect(await askPublic({ to: JANUARY.to })).toEqual(january)
    const february = await askPublic()
    expect(february.from).toBe(january.to)
    expect(february).toMatchObject({ loaded: 0, spent: [], places: [] })
    expect(Object.keys(february)).not.toContain('paid')
    expect(Object.keys(february)).not.toContain('velocity')
    for (const query of [
      { from: '2026-01-02' },
      { from: '2026-01-01', to: '2026-01-31' },
      { from: '2026-01-01', to: '2026-03-01' },
      { from: '2026-03-01' },
      { from: '2026-02-01', to: '2026-01-01' },
    ]) {
      const problem = await problemOf(server.anyone, getAssetFigures, {
        params: { asset: fed },
        query,
      })
      expect(problem.code, JSON.stringify(query)).toBe('invalid_request')
    }
  })

  it('are of any days for the operator', async () => {
    expect(await ask(JANUARY)).toEqual(await askPublic(JANUARY))
    expect(await ask({ from: '2026-01-06', to: '2026-01-21' })).toMatchObject({
      loaded: 0,
      paid: 4_200,
    })
    for (const query of [
      { from: '2026-02-30' },
      { to: '2026-03-11' },
      { from: '2026-02-02', to: '2026-02-02' },
      { to: '2026-01-05' },
    ]) {
      const problem = await problemOf(server.operator, getAssetFigures, {
        params: { asset: fed },
        query,
      })
      expect(problem.code, JSON.stringify(query)).toBe('invalid_request')
    }
  })

  it('of a month that is over are the same after more payments; those of today go on', async () => {
    const [before, january] = [await ask(), await askPublic(JANUARY)]
    await pay(people[0] as WalletId, bar, 10)
    await sealed()
    expect(await askPublic(JANUARY)).toEqual(january)
    const after = await ask()
    expect(after.height).toBeGreaterThan(before.height)
    expect(after.paid).toBe(4_510)
  })

  it('are not of an asset that nobody knows, nor of the euros of the reserve', async () => {
    const { eur } = server.book.reader.genesis
    for (const asset of [eur as AssetId, people[0] as string as AssetId]) {
      const problem = await problemOf(server.operator, getAssetFigures, { params: { asset } })
      expect(problem.code).toBe('asset_not_found')
    }
  })

  it('make those wait who ask for too much at once, and serve payments meanwhile', async () => {
    const days = Array.from({ length: 14 }, (_, index) =>
      new Date(Date.UTC(2026, 1, 1) + index * DAY_MS).toISOString().slice(0, 10),
    )
    const asked = days.map((from) =>
      ask({ from, to: '2026-03-01' }).catch((cause) => cause.problem),
    )
    await pay(people[1] as WalletId, bar, 10)
    const answers = await Promise.all(asked)
    const refused = answers.filter((answer) => 'code' in answer)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ code: 'figures_busy', status: 503 })
    expect((await ask({ from: days[13] as string, to: '2026-03-01' })).asset).toBe(fed)
  })
})
