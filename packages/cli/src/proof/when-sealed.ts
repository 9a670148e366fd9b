import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '@fedow/api'
import type { Call } from '../command.ts'

/** A block is sealed about two seconds after its first payment. */
const TRIES = 20
const STEP_MS = 250

/** Asks for a proof again until it is there: what has just happened is sealed soon. */
export async function whenSealed<T>(
  { stop }: Pick<Call, 'stop'>,
  ask: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (cause) {
      const isEarly = cause instanceof ProblemError && cause.problem.code === 'not_sealed_yet'
      if (!isEarly || tries === TRIES || stop.aborted) throw cause
      await wait(STEP_MS)
    }
  }
}
