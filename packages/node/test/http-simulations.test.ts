/** Simulations of melting, over HTTP: on real records and lines, by a thread of their own. */
import {
  type BodyOf,
  createAsset,
  openWallet,
  postIssue,
  postQrSale,
  postRefill,
  postSimulation,
} from '@fedow/api'
import {
  type AssetId,
  dayOf,
  SHARES_USUAL,
  type Simulation,
  type SimulationSnapshot,
  simulate,
  simulationQuestion,
  simulationSnapshot,
  type WalletId,
} from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, payment, problemOf, type World } from './http-world.ts'

/** Both clocks of a machine in one: moving it is no jump. */
class TestClock {
  timeMs = Date.parse('2026-01-05T10:00:00Z')
  readonly wall = () => this.timeMs
  readonly monotonic = () => this.timeMs

  moveTo(day: string): void {
    this.timeMs = Date.parse(`${day}T10:00:00Z`)
  }
}

type Body = BodyOf<typeof postSimulation>
type Terms = NonNullable<Body['candidates'][number]['demurrage']>

const MONTHLY: Terms = {
  ...{ basis: 'inactivity', graceDays: 365, period: { months: 1 }, form: { ppm: 10_000 } },
  ...{ floor: 0, exempt: ['place', 'fund'], shares: { ...SHARES_USUAL } },
}

const BODY: Body = {
  candidates: [{ demurrage: MONTHLY }],
  ...{ years: 2, behaviour: 'as_last_year', seed: 5 },
}

interface Answer {
  readonly question: object
  readonly simulation: Simulation
  readonly snapshot?: SimulationSnapshot
}

const clock = new TestClock()
let server: TestServer
let bar: World
let fed: AssetId
let people: WalletId[]

/** Twelve people load 10.00 in January; ten of them pay 1.00 on 1 March, two on 1 June; then it is 10 June. */
beforeAll(async () => {
  server = await startServer(undefined, { clocks: clock })
  bar = await openBar(server)
  fed = server.book.reader.genesis.fed.id
  people = []
  for (let count = 0; count < 12; count += 1) {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    people.push(wallet)
    await server.operator.call(postIssue, { body: { wallet, evidence: payment(1_000) } })
  }
  clock.moveTo('2026-03-01')
  for (const wallet of people.slice(0, 10)) await pay(wallet)
  clock.moveTo('2026-06-01')
  for (const wallet of people.slice(10)) await pay(wallet)
  clock.moveTo('2026-06-10')
  await server.operator.call(openWallet, { body: {} })
  await sealed()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function pay(wallet: WalletId): Promise<void> {
  const { place } = bar
  const parts = [{ asset: fed, amount: 100 }]
  await server.operator.call(postQrSale, { body: { place, wallet, parts } })
}

/** Waits until all that was written has its seal. */
async function sealed(): Promise<void> {
  const { height } = server.book.reader.tip()
  for await (const block of server.engine.blocks(height)) if (block.height >= height) return
}

async function ask(body: Partial<Body> = {}): Promise<Answer> {
  const text = await server.operator.call(postSimulation, {
    params: { asset: fed },
    body: { ...BODY, ...body },
  })
  return JSON.parse(text)
}

function dayOfText(day: string): number {
  return dayOf(Date.parse(`${day}T00:00:00Z`))
}

describe('a simulation over HTTP', () => {
  it('has every account above zero, with the days of its last and earlier gestures, and no name', async () => {
    const { snapshot, simulation } = await ask({ withAccounts: true })
    const [january, march, june] = ['2026-01-05', '2026-03-01', '2026-06-01'].map(dayOfText)
    const [shop, ...others] =
      snapshot?.accounts.toSorted((a, b) => (a.kind > b.kind ? -1 : 1)) ?? []
    expect(shop).toMatchObject({ kind: 'place', balance: 1_200 })
    expect(others).toHaveLength(12)
    const gone = { kind: 'person', balance: 900, held: 0 }
    expect(others.filter(({ activeDay }) => activeDay === march)).toEqual(
      Array.from({ length: 10 }, () => ({ ...gone, activeDay: march, gestures: [january, march] })),
    )
    expect(others.filter(({ activeDay }) => activeDay === june)).toEqual(
      Array.from({ length: 2 }, () => ({ ...gone, activeDay: june, gestures: [january, june] })),
    )
    expect(snapshot).toMatchObject({ asset: fed, kind: 'FED', day: dayOfText('2026-06-10') })
    expect(snapshot?.paid).toEqual({ payments: 12, amount: 1_200, wallets: 12 })
    expect(simulation).toMatchObject({ height: snapshot?.height, wallets: 13, seed: 5 })
    for (const id of [...people, bar.wallet, bar.place]) {
      expect(JSON.stringify(snapshot)).not.toContain(id)
    }
  })

  it('is what the ledger says of the accounts that it names, to the byte', async () => {
    const answer = await ask({ withAccounts: true, behaviour: 'asleep' })
    const snapshot = simulationSnapshot(answer.snapshot, '')
    const question = simulationQuestion(answer.question, '')
    const again = simulate(sha256, { snapshot, question })
    expect(JSON.parse(JSON.stringify(again, plain))).toEqual(answer.simulation)
    // 9.00 melt from 2 March and 2 June 2027 on, at the first moment of a month later.
    const touched = answer.simulation.candidates[0]
    expect(touched).toMatchObject({ touched: 12, years: [{ fromYear: 1 }, { fromYear: 2 }] })
    expect(await ask({ behaviour: 'asleep' })).toEqual({
      question: answer.question,
      simulation: answer.simulation,
    })
  })

  it('lets money melt on the days on which the book lets it melt', async () => {
    const { simulation } = await ask({ behaviour: 'asleep', years: 1 })
    // From 2 March 2027 on: 2 April, 2 May, 2 June within 365 days of 10 June 2026; of two from 2 June on, nothing.
    const [first] = simulation.candidates
    expect(first).toMatchObject({ touched: 10, amount: (9 + 8 + 8) * 10 })
    // Who comes as they did last year never sleeps for 365 days.
    const asBefore = await ask({ years: 3 })
    expect(asBefore.simulation.candidates[0]).toMatchObject({ touched: 0, amount: 0 })
  })

  it('is made of money that melts already, by the terms in force too', async () => {
    const fixed: Terms = { ...MONTHLY, graceDays: 30, form: { fixed: 50 }, floor: 800 }
    const { asset } = await bar.manager.call(createAsset, {
      body: {
        ...{ place: bar.place, kind: 'TNF', name: 'Bloom', code: 'BLO' },
        terms: {
          ...{ personToPerson: false, spendAt: { accepted: true }, refund: 'never', limits: {} },
          ...{ dayStartUtcMinutes: 0, demurrage: fixed },
        },
      },
    })
    for (const wallet of people) {
      await bar.manager.call(postRefill, { body: { asset, wallet, amount: 900 } })
    }
    await sealed()
    const params = { asset }
    const body: Body = {
      candidates: [{}, { demurrage: MONTHLY }],
      years: 1,
      behaviour: 'asleep',
      seed: 5,
    }
    const text = await server.operator.call(postSimulation, {
      params,
      body: { ...body, withAccounts: true },
    })
    const answer = JSON.parse(text)
    // Public for 90 days, then a month each: 0.50 and 0.50, and never the last 8.00.
    expect(answer.simulation.candidates[0]).toMatchObject({ touched: 12, amount: 12 * 100 })
    expect(answer.snapshot.policies).toMatchObject([{ demurrage: fixed }])
    const snapshot = simulationSnapshot(answer.snapshot, '')
    const question = simulationQuestion(answer.question, '')
    const again = simulate(sha256, { snapshot, question })
    expect(JSON.parse(JSON.stringify(again, plain))).toEqual(answer.simulation)
  })

  it('compares with the fees of cards on what was paid in the year', async () => {
    const { simulation } = await ask({ fees: { ppm: 20_000, fixed: 5 } })
    expect(simulation.spending).toEqual({ payments: 12, amount: 1_200, fees: 84, left: 1_116 })
  })

  it('is for the operator', async () => {
    const given = { params: { asset: fed }, body: BODY }
    expect(await problemOf(server.anyone, postSimulation, given)).toMatchObject({
      code: 'operator_only',
    })
  })

  it('refuses terms that no policy may have, and assets that nobody made', async () => {
    const refused = async (demurrage: Terms, years = 1) => {
      const body = { ...BODY, years, candidates: [{ demurrage }] }
      const given = { params: { asset: fed }, body }
      return (await problemOf(server.operator, postSimulation, given)).code
    }
    expect(await refused({ ...MONTHLY, form: { ppm: 900_000 } })).toBe('rate_above_law')
    const shares = { ...SHARES_USUAL, node: 0 }
    expect(await refused({ ...MONTHLY, shares })).toBe('shares_do_not_add_up')
    expect(await refused({ ...MONTHLY, period: { days: 0 } })).toBe('invalid_request')
    expect(await refused(MONTHLY, 11)).toBe('invalid_request')
    const asset = '00000000-0000-8000-8000-000000000000' as AssetId
    const given = { params: { asset }, body: BODY }
    expect(await problemOf(server.operator, postSimulation, given)).toMatchObject({
      code: 'asset_not_found',
    })
  })
})

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
