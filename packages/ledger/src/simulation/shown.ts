/**
 * What of a simulation is shown: sums, middles and bands, none of them of 1 to 9 wallets. Source: docs/spec/simulation.md,
 * "Answer".
 */
import { quotient } from '../commons/calendar.ts'
import type { Demurrage } from '../commons/demurrage.ts'
import { HOLDERS_MIN } from '../figures/cell.ts'
import { mergeNeighbours } from '../figures/neighbours.ts'
import type { Interval } from './bootstrap.ts'

/** Where a band of balances begins, in minor units; the last one has no end. */
export const BALANCE_BANDS: readonly number[] = [1, 500, 1_000, 2_000, 5_000, 10_000, 20_000]

/** Wallets with a balance from `from` to less than `to`. */
export interface BalanceBand {
  readonly from: bigint
  /** Absent for the largest balances. */
  readonly to?: bigint
  readonly wallets: number
  /** Of them, how many lose something. */
  readonly touched: number
  /** What they lose together. */
  readonly amount: bigint
}

/** What melts from the first year up to and with the last one. Years that few lose in stand with their neighbours. */
export interface YearRow {
  readonly fromYear: number
  readonly toYear: number
  readonly touched: number
  readonly amount: bigint
}

/** What some terms would do. All amounts in minor units, over all years. */
export interface CandidateFigures {
  readonly demurrage?: Demurrage
  /** Without anything else: 1 to 9 wallets would lose something. */
  readonly why?: 'too_few'
  readonly touched?: number
  readonly years?: readonly YearRow[]
  readonly amount?: bigint
  readonly interval?: Interval
  /** Of those who lose something, the one in the middle. At least 10 lose as little, and as much. */
  readonly medianLoss?: bigint
  /** Nine of ten lose no more. At least 10 lose as much. */
  readonly ninthLoss?: bigint
  readonly bands?: readonly BalanceBand[]
  /** Of what a card processor would have taken of one year's payments, what melts in a year on average: millionths. */
  readonly coversPpm?: bigint
}

export interface Losses {
  readonly balances: readonly number[]
  /** What each wallet has lost at the end of each year, whole numbers: the years of one wallet stand together. */
  readonly losses: Float64Array
  readonly years: number
  /** What a card processor would have taken of a year's payments, when that may be shown. */
  readonly fees: bigint | undefined
}

/** All but the terms and the interval. */
export function toCandidateFigures(given: Losses): CandidateFigures {
  const { balances, losses, years, fees } = given
  const totals = balances.map((_, index) => losses[(index + 1) * years - 1] ?? 0)
  const lost = Float64Array.from(totals.filter((loss) => loss > 0)).sort()
  const touched = lost.length
  if (isFew(touched)) return { why: 'too_few' }
  const amount = BigInt(totals.reduce((sum, loss) => sum + loss, 0))
  const rows = { touched, years: yearRows(given), amount }
  const bands = bandsOf(balances, totals)
  const median = quotient(touched + 1, 2)
  const ninth = quotient(touched * 9 + 9, 10)
  return {
    ...rows,
    ...(median >= HOLDERS_MIN && { medianLoss: BigInt(lost[median - 1] ?? 0) }),
    ...(touched - ninth + 1 >= HOLDERS_MIN && { ninthLoss: BigInt(lost[ninth - 1] ?? 0) }),
    bands,
    ...(fees !== undefined && fees > 0n && { coversPpm: covers({ amount, years, fees }) }),
  }
}

function covers({ amount, years, fees }: { amount: bigint; years: number; fees: bigint }): bigint {
  return (amount * 1_000_000n) / (fees * BigInt(years))
}

function isFew(wallets: number): boolean {
  return wallets > 0 && wallets < HOLDERS_MIN
}

function yearRows({ balances, losses, years }: Losses): readonly YearRow[] {
  const rows = Array.from({ length: years }, (_, year) => {
    let [touched, amount] = [0, 0]
    for (let index = 0; index < balances.length; index += 1) {
      const before = year === 0 ? 0 : (losses[index * years + year - 1] ?? 0)
      const lost = (losses[index * years + year] ?? 0) - before
      if (lost > 0) touched += 1
      amount += lost
    }
    return { fromYear: year + 1, toYear: year + 1, touched, amount: BigInt(amount) }
  })
  return mergeNeighbours(rows, {
    isSmall: ({ touched }) => isFew(touched),
    // Who loses in two years may be one wallet: only the larger number is certain.
    join: (one, next) => ({
      fromYear: one.fromYear,
      toYear: next.toYear,
      touched: one.touched > next.touched ? one.touched : next.touched,
      amount: one.amount + next.amount,
    }),
  })
}

function bandsOf(balances: readonly number[], totals: readonly number[]): readonly BalanceBand[] {
  const counts = BALANCE_BANDS.map(() => ({ wallets: 0, touched: 0, amount: 0 }))
  for (const [index, balance] of balances.entries()) {
    const at = counts[BALANCE_BANDS.findLastIndex((from) => from <= balance)]
    const lost = totals[index] ?? 0
    if (at === undefined) continue
    at.wallets += 1
    if (lost > 0) at.touched += 1
    at.amount += lost
  }
  const bands = counts.map((band, index) => {
    const [from = 1, to] = BALANCE_BANDS.slice(index)
    const ends = { from: BigInt(from), ...(to !== undefined && { to: BigInt(to) }) }
    return { ...ends, ...band, amount: BigInt(band.amount) }
  })
  return mergeNeighbours(bands, {
    isSmall: ({ wallets, touched }) => isFew(wallets) || isFew(touched),
    join: (one, { to, ...next }): BalanceBand => ({
      from: one.from,
      ...(to !== undefined && { to }),
      wallets: one.wallets + next.wallets,
      touched: one.touched + next.touched,
      amount: one.amount + next.amount,
    }),
  })
}
