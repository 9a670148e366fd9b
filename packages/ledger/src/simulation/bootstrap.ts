/** How surely a sum over wallets is known: the same sum over wallets drawn again, many times. */
import { AMOUNT_MAX } from '../amount.ts'
import { quotient } from '../commons/calendar.ts'
import type { Draws } from './draws.ts'

/** Sums that nine of ten draws fall between, both included. Units: minor units. */
export interface Interval {
  readonly low: bigint
  readonly high: bigint
}

export interface BootstrapOrder {
  /** By candidate, what each wallet loses: whole numbers, the wallets in one order. */
  readonly losses: readonly Float64Array[]
  readonly wallets: number
  readonly resamples: number
}

/** Lower half of a loss: sums of a million such numbers are exact. */
const HALF = 2 ** 30

/**
 * Draws as many wallets as there are, with repetition, `resamples` times, the same ones for every candidate. Of the sorted
 * sums the lowest and the highest twentieth are left out. Exact: lower and upper halves of losses are added on their own.
 * A sum is never shown above the largest amount.
 */
export function bootstrap(draws: Draws, order: BootstrapOrder): readonly Interval[] {
  const { losses, wallets, resamples } = order
  const sums = losses.map((all) => ({ halves: halvesOf(all), of: new BigUint64Array(resamples) }))
  const next = draws.below(wallets)
  const times = new Float64Array(wallets)
  for (let round = 0; round < resamples; round += 1) {
    times.fill(0)
    for (let count = 0; count < wallets; count += 1) {
      const wallet = next()
      times[wallet] = (times[wallet] ?? 0) + 1
    }
    for (const { halves, of } of sums) of[round] = sumOf(times, halves)
  }
  const left = quotient(resamples, 20)
  return sums.map(({ of }) => {
    of.sort()
    return { low: within(of[left]), high: within(of[resamples - 1 - left]) }
  })
}

/** The lower halves, and the upper ones when there are any. */
function halvesOf(losses: Float64Array): readonly Float64Array[] {
  if (losses.every((loss) => loss < HALF)) return [losses]
  const lower = losses.map((loss) => loss % HALF)
  return [lower, losses.map((loss, index) => (loss - (lower[index] ?? 0)) / HALF)]
}

function sumOf(times: Float64Array, halves: readonly Float64Array[]): bigint {
  const [lower = 0, upper = 0] = halves.map((half) => dot(times, half))
  return BigInt(lower) + BigInt(upper) * BigInt(HALF)
}

/** Four sums side by side: a processor adds them at the same time, and whole numbers give the same in any order. */
function dot(times: Float64Array, values: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const even = times.length - (times.length % 4)
  for (let at = 0; at < even; at += 4) {
    a += (times[at] as number) * (values[at] as number)
    b += (times[at + 1] as number) * (values[at + 1] as number)
    c += (times[at + 2] as number) * (values[at + 2] as number)
    d += (times[at + 3] as number) * (values[at + 3] as number)
  }
  for (let at = even; at < times.length; at += 1) {
    a += (times[at] as number) * (values[at] as number)
  }
  return a + b + c + d
}

/** Draws may find one wallet several times, and more than there is. */
function within(sum = 0n): bigint {
  return sum < AMOUNT_MAX ? sum : AMOUNT_MAX
}
