/** Simulations: a small one to the cent, what is not shown, and what makes them the same everywhere. */
import { describe, expect, it } from 'vitest'
import { type Amount, nobleHash, SHARES_USUAL } from '../src/index.ts'
import { Draws } from '../src/simulation/draws.ts'
import {
  FEES_USUAL,
  inSnapshotOrder,
  type SimulatedAccount,
  type SimulationQuestion,
  type SimulationSnapshot,
  simulate,
} from '../src/simulation/simulation.ts'

/** 1 January 2026. */
const DAY = 20_454

type Terms = NonNullable<SimulationQuestion['candidates'][number]['demurrage']>

const MONTHLY: Terms = {
  ...{ basis: 'inactivity', graceDays: 365, period: { months: 1 }, form: { ppm: 10_000 } },
  ...{ floor: 0n as Amount, exempt: ['place', 'fund'], shares: SHARES_USUAL },
}

function account(balance: bigint, activeDay: number, more: object = {}): SimulatedAccount {
  const plain = { kind: 'card', held: 0n as Amount, gestures: [] } as const
  return { ...plain, balance: balance as Amount, activeDay, ...more }
}

function snapshot(accounts: readonly SimulatedAccount[], more: object = {}): SimulationSnapshot {
  return {
    asset: '00000000-0000-8000-8000-000000000001' as SimulationSnapshot['asset'],
    ...{ kind: 'TLF', height: 7, day: DAY, policies: [{ version: 1, fromMs: 0 }] },
    accounts: inSnapshotOrder(accounts),
    paid: { payments: 0, amount: 0n as Amount, wallets: 0 },
    ...more,
  }
}

function ask(wishes: Partial<SimulationQuestion> = {}): SimulationQuestion {
  return {
    candidates: [{ demurrage: MONTHLY }],
    ...{ years: 1, behaviour: 'asleep', seed: 1, resamples: 200, fees: FEES_USUAL },
    ...wishes,
  }
}

function run(of: SimulationSnapshot, wishes: Partial<SimulationQuestion> = {}) {
  return simulate(nobleHash, { snapshot: of, question: ask(wishes) })
}

/** The example of docs/spec/simulation.md: twelve cards that sleep for two years, and twelve that were shown today. */
const EXAMPLE = snapshot(
  [
    ...Array.from({ length: 12 }, () => account(1_000n, DAY - 730)),
    ...Array.from({ length: 12 }, () => account(5_000n, DAY, { gestures: [DAY - 300, DAY] })),
  ],
  { paid: { payments: 400, amount: 320_000n, wallets: 12 } },
)

const EMPTY = { wallets: 0, touched: 0, amount: 0n }

describe('a simulation', () => {
  it('is the example of its specification, to the cent', () => {
    const { candidates, spending } = run(EXAMPLE, { years: 2 })
    expect(candidates).toEqual([
      {
        demurrage: MONTHLY,
        touched: 24,
        years: [
          { fromYear: 1, toYear: 1, touched: 12, amount: 984n },
          { fromYear: 2, toYear: 2, touched: 24, amount: 7_428n },
        ],
        amount: 8_412n,
        interval: candidates[0]?.interval,
        medianLoss: 181n,
        bands: [
          { from: 1n, to: 500n, ...EMPTY },
          { from: 500n, to: 1_000n, ...EMPTY },
          { from: 1_000n, to: 2_000n, wallets: 12, touched: 12, amount: 2_172n },
          { from: 2_000n, to: 5_000n, ...EMPTY },
          { from: 5_000n, to: 10_000n, wallets: 12, touched: 12, amount: 6_240n },
          { from: 10_000n, to: 20_000n, ...EMPTY },
          { from: 20_000n, ...EMPTY },
        ],
        coversPpm: 495_990n,
      },
    ])
    expect(spending).toEqual({ payments: 400, amount: 320_000n, fees: 8_480n, left: 311_520n })
    const { low = 0n, high = 0n } = candidates[0]?.interval ?? {}
    // Every draw has so many of the small losses and the rest of the large ones.
    for (const end of [low, high]) expect((end - 24n * 181n) % (520n - 181n)).toBe(0n)
    expect(low < 8_412n && high > 8_412n && low > 24n * 181n && high < 24n * 520n).toBe(true)
  })

  it('touches nobody who comes back within the grace each year, when people do as last year', () => {
    const { candidates } = run(EXAMPLE, { years: 2, behaviour: 'as_last_year' })
    expect(candidates[0]).toMatchObject({ touched: 12, amount: 2_172n })
  })

  it('has a name of what was asked and of the accounts, and a hash of what it says', () => {
    const first = run(EXAMPLE)
    expect(first).toMatchObject({
      hash: 'ca274e9a4378a5aff2e8d1359a67408d2ead36c9af7680e49a0e100497ebb848',
      snapshot: 'b39f79f87df3153745bb2d3da8aee0662bacc3284ad176f053cb4d5498bc79c5',
      resultHash: '5a10b4e2845d08aa2ced70b508e4aee04cdada857d39cb8841171bd28f6c29c3',
    })
    expect(run(snapshot(EXAMPLE.accounts.toReversed(), { paid: EXAMPLE.paid }))).toEqual(first)
    const others = [
      ...[run(EXAMPLE, { seed: 2 }), run(EXAMPLE, { years: 2 }), run(EXAMPLE, { resamples: 100 })],
      ...[run(EXAMPLE, { behaviour: 'as_last_year' }), run({ ...EXAMPLE, height: 8 })],
      run(EXAMPLE, { candidates: [{ demurrage: { ...MONTHLY, graceDays: 364 } }] }),
    ]
    expect(new Set([first, ...others].map(({ hash }) => hash)).size).toBe(others.length + 1)
  })

  it('shows nothing of terms that touch 1 to 9 wallets, and all of those that touch none', () => {
    const nine = snapshot(Array.from({ length: 9 }, () => account(1_000n, DAY - 730)))
    expect(run(nine).candidates).toEqual([{ demurrage: MONTHLY, why: 'too_few' }])
    const none = snapshot(Array.from({ length: 9 }, () => account(1_000n, DAY)))
    expect(run(none).candidates[0]).toMatchObject({ touched: 0, amount: 0n })
    const paid = { payments: 50, amount: 10_000n as Amount, wallets: 9 }
    expect(run({ ...none, paid })).not.toHaveProperty('spending')
  })

  it('joins years and bands with 1 to 9 wallets to their neighbours', () => {
    const accounts = [
      ...Array.from({ length: 3 }, () => account(1_000n, DAY - 730)),
      ...Array.from({ length: 10 }, () => account(6_000n, DAY)),
    ]
    const [shown] = run(snapshot(accounts), { years: 2 }).candidates
    expect(shown?.years).toEqual([{ fromYear: 1, toYear: 2, touched: 13, amount: shown?.amount }])
    const filled = shown?.bands?.filter(({ wallets }) => wallets > 0)
    expect(filled).toEqual([
      { from: 1_000n, to: 10_000n, wallets: 13, touched: 13, amount: shown?.amount },
    ])
    expect(shown).not.toHaveProperty('medianLoss')
  })

  it('begins by terms that are announced now when their notice is over, and by those in force at once', () => {
    const asleep = Array.from({ length: 10 }, () => account(1_000n, DAY - 730, { meltedDay: DAY }))
    const weekly = { ...MONTHLY, period: { days: 7 }, form: { fixed: 1n as Amount } }
    const before = [{ version: 1, fromMs: 0, demurrage: weekly }]
    const melting = { ...snapshot(asleep), policies: before }
    const [now, later] = run(melting, { candidates: [{}, { demurrage: MONTHLY }] }).candidates
    // 52 weeks a wallet; by the other terms 13 weeks, the last of which ends on day 91, then eight months of 1 %.
    expect(now).toMatchObject({ amount: 520n })
    expect(later).toMatchObject({ amount: (13n + 8n * 9n) * 10n })
  })

  it('adds up exactly what no double can', () => {
    const rich = 9_007_199_254_740_991n - 10_000n
    const accounts = [account(rich, DAY - 730), ...EXAMPLE.accounts.slice(0, 10)]
    const all = { ...MONTHLY, form: { ppm: 1_000_000 } }
    const { candidates } = run(snapshot(accounts), { candidates: [{ demurrage: all }] })
    expect(candidates[0]?.amount).toBe(rich + 10_000n)
    expect(candidates[0]?.interval?.high).toBe(9_007_199_254_740_991n)
    expect(candidates[0]?.interval?.low).toBe(11_000n)
  })
})

describe('draws', () => {
  it('are those of Marsaglia’s xorshift128', () => {
    const draws = new Draws([123_456_789, 362_436_069, 521_288_629, 88_675_123])
    expect([draws.word(), draws.word(), draws.word()]).toEqual([
      3_701_687_786, 458_299_110, 2_500_872_618,
    ])
  })

  it('are below their bound, each as likely', () => {
    const below = Draws.fromSeed(nobleHash, 7).below(3)
    const counts = [0, 0, 0]
    for (let round = 0; round < 3_000; round += 1) {
      const drawn = below()
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3_000)
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(100)
    expect(Draws.fromSeed(nobleHash, 7).below(1)()).toBe(0)
  })
})
