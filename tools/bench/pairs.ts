import {
  type Bench,
  type MeasuredWindow,
  measure,
  type Server,
  settle,
  timed,
} from './benchmark.ts'

/** One of the things that are compared. */
export interface Side extends Server {
  readonly requests: {
    /** Makes requests until so many are ready. */
    prepare(count: number): void
    /** The next request, or `undefined` when all that are ready were taken. */
    next(): Buffer | undefined
  }
}

export interface Comparison {
  readonly clients: number
  readonly seconds: number
  /** Windows of each side. */
  readonly rounds: number
}

/** Requests made ready for the first window, and the reserve for the next ones. */
const FIRST_PER_SECOND = 4_000
const RESERVE = 1.3
/** Windows in which the server still compiles what it runs: a large wave of it comes in the fifth. */
const WARM_UPS = 5

/**
 * Loads all sides by turns, in the other order every second time, so that what changes on the machine meanwhile
 * falls on all of them. The first windows of each warm up and are left out. Answers the windows of each side.
 */
export async function alternate<const S extends readonly Side[]>(
  bench: Bench,
  sides: S,
  { clients, seconds, rounds }: Comparison,
): Promise<{ readonly [I in keyof S]: readonly MeasuredWindow[] }> {
  const lanes = sides.map((side) => ({
    side,
    windows: [] as MeasuredWindow[],
    perSecond: FIRST_PER_SECOND,
  }))
  const length = timed(bench, seconds)
  for (let round = 1 - WARM_UPS; round <= rounds; round += 1) {
    bench.progress(round > 0 ? `window ${round} of ${rounds}` : 'warming up')
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) {
      const { requests } = lane.side
      requests.prepare(Math.ceil(lane.perSecond * length * RESERVE))
      await settle(bench)
      const next = () => requests.next()
      const window = await measure(bench, lane.side, { clients, seconds: length, next })
      lane.perSecond = window.perSecond
      if (round > 0) lane.windows.push(window)
    }
  }
  return lanes.map(({ windows }) => windows) as { [I in keyof S]: readonly MeasuredWindow[] }
}
