/** Windows of load as figures. */
import type { Bench, MeasuredWindow } from './benchmark.ts'
import type { Figure } from './report.ts'
import { median, spreadOf } from './statistics.ts'

type Quantity = 'perSecond' | 'p50Ms' | 'p99Ms'

/** The ratio of the medians; the spread is that of the pairs. */
export function ratioOf(
  ours: readonly MeasuredWindow[],
  theirs: readonly MeasuredWindow[],
  quantity: Quantity,
): Pick<Figure, 'value' | 'spread'> {
  const value =
    median(ours.map((one) => one[quantity])) / median(theirs.map((one) => one[quantity]))
  const pairs = ours.map((one, index) => one[quantity] / (theirs[index]?.[quantity] ?? Number.NaN))
  return { value, spread: spreadOf(pairs) }
}

export function rateOf(name: string, windows: readonly MeasuredWindow[]): Figure {
  return figureOf({ name, unit: 'payments/s' }, windows, 'perSecond')
}

export function p99Of(name: string, windows: readonly MeasuredWindow[]): Figure {
  return figureOf({ name, unit: 'ms' }, windows, 'p99Ms')
}

export function p50Of(name: string, windows: readonly MeasuredWindow[]): Figure {
  return figureOf({ name, unit: 'ms' }, windows, 'p50Ms')
}

function figureOf(
  named: Pick<Figure, 'name' | 'unit'>,
  windows: readonly MeasuredWindow[],
  quantity: Quantity,
): Figure {
  const spread = spreadOf(windows.map((one) => one[quantity]))
  return { ...named, value: spread.median, spread, foreignCpu: foreignOf(windows) }
}

/** Processor time of the server for each payment, where the system tells. */
export function reportCpu(bench: Bench, name: string, windows: readonly MeasuredWindow[]): void {
  const costs = windows.flatMap(({ serverUs }) => (serverUs === undefined ? [] : [serverUs]))
  if (costs.length === 0) return
  const spread = spreadOf(costs)
  bench.report({ name, value: spread.median, unit: 'us', spread, foreignCpu: foreignOf(windows) })
}

/** The mean of the known shares. */
export function foreignOf(windows: readonly MeasuredWindow[]): number | undefined {
  const shares = windows.flatMap(({ foreignCpu }) => (foreignCpu === undefined ? [] : [foreignCpu]))
  if (shares.length === 0) return undefined
  return shares.reduce((sum, one) => sum + one, 0) / shares.length
}
