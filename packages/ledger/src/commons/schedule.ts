/** What a holder sees before anything melts: the melts of the very function that will run. Source: docs/spec/demurrage.md. */
import { type Melt, meltsUntil, type Sleeper } from './melting.ts'

/** Melts that follow if nobody makes a gesture, oldest first. */
export interface Schedule {
  readonly melts: readonly Melt[]
  /** The one after them; absent when nothing more melts. */
  readonly next?: Melt
}

/** The next melts of an account up to a day, and at most so many of them. Those that are due already come first. */
export function meltSchedule(
  sleeper: Sleeper,
  { untilDay, max }: { readonly untilDay: number; readonly max: number },
): Schedule {
  const melts: Melt[] = []
  for (const next of meltsUntil(sleeper, Number.POSITIVE_INFINITY)) {
    if (next.dueDay > untilDay || melts.length === max) return { melts, next }
    melts.push(next)
  }
  return { melts }
}
