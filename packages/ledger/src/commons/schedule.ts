/** What a holder sees before anything melts: the melts of the very function that will run. Source: docs/spec/demurrage.md. */
import { type Melt, meltsUntil, type Sleeper } from './melting.ts'

/** Melts that follow if nobody makes a gesture, oldest first. */
export interface Schedule {
  readonly melts: readonly Melt[]
  /** True when more melts after them. */
  readonly isMore: boolean
}

/** The next melts of an account up to a day, and at most so many of them. Those that are due already come first. */
export function meltSchedule(
  sleeper: Sleeper,
  { untilDay, max }: { readonly untilDay: number; readonly max: number },
): Schedule {
  const melts: Melt[] = []
  for (const melt of meltsUntil(sleeper, Number.POSITIVE_INFINITY)) {
    if (melt.dueDay > untilDay || melts.length === max) return { melts, isMore: true }
    melts.push(melt)
  }
  return { melts, isMore: false }
}
