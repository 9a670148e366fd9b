/** What melting would do to a federation of today's size: how long an answer takes. */
import { hash } from 'node:crypto'
import { simulate } from '@fedow/ledger'
import { Draws } from '../../packages/ledger/src/simulation/draws.ts'
import {
  BEHAVIOURS,
  type Behaviour,
  FEES_USUAL,
  inSnapshotOrder,
  type SimulatedAccount,
  type SimulationQuestion,
  type SimulationSnapshot,
} from '../../packages/ledger/src/simulation/simulation.ts'
import { type Benchmark, sized, watchCpu } from './benchmark.ts'
import { FOREIGN_MAX } from './report.ts'
import { spreadOf } from './statistics.ts'

const WALLETS = 40_000
const DAY = 20_500
const ROUNDS = 5
const TARGET_S = 1

const sha256 = (bytes: Uint8Array) => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1')

export const simulation: Benchmark = {
  name: 'simulation',
  what: `Melting of ${WALLETS} wallets by 12 candidates over three years`,
  run: async (bench) => {
    const snapshot = makeSnapshot(sized(bench, WALLETS))
    for (const behaviour of BEHAVIOURS) {
      const question = ask(behaviour)
      simulate(sha256, { snapshot, question })
      const watch = watchCpu(bench)
      const seconds = Array.from({ length: ROUNDS }, () => {
        const start = performance.now()
        simulate(sha256, { snapshot, question })
        return (performance.now() - start) / 1_000
      })
      const foreignCpu = watch()
      const isNoisy = (foreignCpu ?? 0) > FOREIGN_MAX
      const spread = spreadOf(seconds)
      bench.report({
        ...{ name: `simulation/${behaviour}`, value: spread.median, unit: 's', spread, foreignCpu },
        target: { atMost: TARGET_S },
        notJudged: isNoisy ? 'holds on a quiet machine' : undefined,
      })
    }
  },
}

/** Every wallet has some: up to 120.00, to the cent, asleep for up to three years, up to 30 gestures in the last one. */
function makeSnapshot(wallets: number): SimulationSnapshot {
  const draws = Draws.fromSeed(sha256, 1)
  const below = (count: number) => draws.below(count)()
  const accounts = Array.from({ length: wallets }, (_, index): SimulatedAccount => {
    const activeDay = DAY - below(1_095)
    const earlier = Array.from({ length: below(30) }, () => activeDay - below(200))
    const days = new Set([...earlier, activeDay].filter((day) => day > DAY - 365))
    return {
      kind: index % 3 === 0 ? 'person' : 'card',
      balance: BigInt(1 + below(12_000)) as SimulatedAccount['balance'],
      held: 0n as SimulatedAccount['held'],
      activeDay,
      gestures: [...days].toSorted((a, b) => a - b),
    }
  })
  return {
    asset: '00000000-0000-8000-8000-000000000001' as SimulationSnapshot['asset'],
    ...{ kind: 'TLF', height: 1, day: DAY, policies: [{ version: 1, fromMs: 0 }] },
    accounts: inSnapshotOrder(accounts),
    paid: { payments: 46_000, amount: 22_400_000n as SimulatedAccount['balance'], wallets },
  }
}

function ask(behaviour: Behaviour): SimulationQuestion {
  const shares = { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 }
  const forms = [{ ppm: 10_000 }, { ppm: 20_000 }, { fixed: 100n as SimulatedAccount['balance'] }]
  const candidates = [90, 180, 270, 365].flatMap((graceDays) =>
    forms.map((form) => ({
      demurrage: {
        ...{ basis: 'inactivity' as const, graceDays, period: { months: 1 }, form, shares },
        floor: 0n as SimulatedAccount['balance'],
        exempt: ['place', 'fund'] as const,
      },
    })),
  )
  return { candidates, years: 3, behaviour, seed: 1, resamples: 200, fees: FEES_USUAL }
}
