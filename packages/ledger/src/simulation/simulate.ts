/** What melting by other terms would do to the accounts of a snapshot. Source: docs/spec/simulation.md. */
import { AMOUNT_MAX, sum } from '../amount.ts'
import { assert } from '../assert.ts'
import { toHex } from '../bytes.ts'
import { encode } from '../codec.ts'
import { dayFrom } from '../commons/calendar.ts'
import { type MeltTerms, NOTICE_DAYS } from '../commons/melting.ts'
import { HOLDERS_MIN } from '../figures/cell.ts'
import { type Hash, hashParts } from '../hash.ts'
import type { AssetId, Hex32 } from '../ids.ts'
import { DAY_MS } from '../limits.ts'
import { bootstrap } from './bootstrap.ts'
import { Draws } from './draws.ts'
import { Futures, type PreparedAccount, prepareAccounts } from './future.ts'
import {
  questionHash,
  SIMULATION_METHOD,
  type SimulationCandidate,
  type SimulationQuestion,
} from './question.ts'
import { type CandidateFigures, toCandidateFigures } from './shown.ts'
import { type SimulationSnapshot, snapshotHash } from './snapshot.ts'

/** What a card processor would have taken of what people paid in the year before, in minor units. */
export interface SpendingFigures {
  readonly payments: number
  readonly amount: bigint
  readonly fees: bigint
  /** What the places would have got of it. Never below zero. */
  readonly left: bigint
}

export interface Simulation {
  readonly method: number
  /** Of question, snapshot and method: the same name has the same bytes everywhere. */
  readonly hash: Hex32
  /** Of the canonical JSON of everything else here. */
  readonly resultHash: Hex32
  readonly snapshot: Hex32
  readonly asset: AssetId
  readonly height: number
  readonly day: number
  readonly wallets: number
  readonly years: number
  readonly behaviour: SimulationQuestion['behaviour']
  readonly seed: number
  readonly resamples: number
  readonly feesOf: SimulationQuestion['fees']
  /** Absent when 1 to 9 wallets paid. */
  readonly spending?: SpendingFigures
  readonly candidates: readonly CandidateFigures[]
}

/** Answers a question. Pure: the same snapshot and question give the same bytes on any machine. */
export function simulate(
  hash: Hash,
  { snapshot, question }: { snapshot: SimulationSnapshot; question: SimulationQuestion },
): Simulation {
  const { candidates, years, behaviour, seed, resamples, fees: feesOf } = question
  const { asset, height, day, accounts } = snapshot
  assert(
    sum(accounts.map(({ balance }) => balance)) <= AMOUNT_MAX,
    'no supply is beyond the largest amount',
  )
  const spending = spendingOf(snapshot, feesOf)
  const prepared = prepareAccounts(accounts, { day, years, behaviour })
  const balances = accounts.map(({ balance }) => Number(balance))
  // One list for all candidates: of a million accounts over ten years it is large.
  const losses = new Float64Array(accounts.length * years)
  const tried = candidates.map((candidate) => {
    follow(snapshot, { question, prepared, candidate, losses })
    const figures = toCandidateFigures({ balances, losses, years, fees: spending?.fees })
    return { figures, totals: totalsOf(losses, years) }
  })
  const intervals = bootstrap(Draws.fromSeed(hash, seed), {
    losses: tried.map(({ totals }) => totals),
    wallets: accounts.length,
    resamples,
  })
  const of = snapshotHash(hash, snapshot)
  const members = {
    ...{ method: SIMULATION_METHOD, hash: questionHash(hash, { question, snapshot: of }) },
    ...{ snapshot: of, asset, height, day, wallets: accounts.length },
    ...{ years, behaviour, seed, resamples, feesOf },
    ...(spending && { spending }),
    candidates: tried.map(({ figures }, index): CandidateFigures => {
      const demurrage = candidates[index]?.demurrage
      const interval = figures.why === undefined ? intervals[index] : undefined
      return { ...(demurrage && { demurrage }), ...figures, ...(interval && { interval }) }
    }),
  }
  return { ...members, resultHash: toHex(hashParts(hash, encode(members))) as Hex32 }
}

/** Terms that are announced on the day of the snapshot begin when their notice is over. */
function policiesWith(
  { policies, day }: SimulationSnapshot,
  { demurrage }: SimulationCandidate,
): readonly MeltTerms[] {
  if (demurrage === undefined) return policies
  const earliestDay = day + NOTICE_DAYS
  const last = policies.at(-1)
  const lastDay = dayFrom(last?.fromMs ?? 0)
  const fromDay = lastDay > earliestDay ? lastDay : earliestDay
  const version = (last?.version ?? 0) + 1
  return [...policies, { version, fromMs: fromDay * DAY_MS, demurrage }]
}

interface CandidateCourse {
  readonly question: SimulationQuestion
  readonly prepared: readonly PreparedAccount[]
  readonly candidate: SimulationCandidate
  /** What each wallet has lost at the end of each year is written here. */
  readonly losses: Float64Array
}

function follow(
  snapshot: SimulationSnapshot,
  { question, prepared, candidate, losses }: CandidateCourse,
): void {
  const { years, behaviour } = question
  const policies = policiesWith(snapshot, candidate)
  const futures = new Futures({ policies, day: snapshot.day, years, behaviour })
  for (const [index, account] of prepared.entries()) futures.write(account, losses, index * years)
}

/** What each wallet has lost at the end of the last year. */
function totalsOf(losses: Float64Array, years: number): Float64Array {
  return Float64Array.from({ length: losses.length / years }, (_, wallet) => {
    return losses[(wallet + 1) * years - 1] ?? 0
  })
}

/** Rounding: the fees as a whole, up. */
function spendingOf(
  { paid }: SimulationSnapshot,
  { ppm, fixed }: SimulationQuestion['fees'],
): SpendingFigures | undefined {
  const { payments, amount, wallets } = paid
  if (wallets > 0 && wallets < HOLDERS_MIN) return undefined
  const fees = (amount * BigInt(ppm) + 999_999n) / 1_000_000n + fixed * BigInt(payments)
  return { payments, amount, fees, left: fees > amount ? 0n : amount - fees }
}
