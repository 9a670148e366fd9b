/** The middle of some measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  /** How many measurements. */
  readonly count: number
}

/** The smallest value that at least this share of the values do not exceed. `sorted` is in rising order. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(Math.ceil(share * sorted.length), 1)
  const value = sorted[rank - 1]
  if (value === undefined) throw new Error('there is no quantile of no measurement')
  return value
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined) {
    throw new Error('there is no median of no measurement')
  }
  return (lower + upper) / 2
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    count: values.length,
  }
}
