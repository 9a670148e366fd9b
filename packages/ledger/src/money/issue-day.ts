import { type Change, type Context, params } from '../context.ts'
import { countIn, DAY_MS } from '../limits.ts'
import { ONLY } from '../records.ts'
import type { StateReader } from '../state/reader.ts'

/** What was issued on the day of this time, in cents. */
export function issuedOn(state: StateReader, timeMs: number): bigint {
  const day = state.get('issuing', ONLY)?.day
  return day?.window === (timeMs - (timeMs % DAY_MS)) / DAY_MS ? day.used : 0n
}

/**
 * The counter of what was issued today after so much more; nothing when the network has no such limit. Days are those
 * of UTC.
 *
 * Units: cents. Rejects with: limit_exceeded (issue_day). Source: docs/spec/reserve.md, "Limits of issuing".
 */
export function countIssued(ctx: Context, amount: bigint): readonly Change[] {
  const { issueDayMax: most } = params(ctx.state)
  if (most === undefined) return []
  const before = ctx.state.get('issuing', ONLY)?.day
  const window = { limit: 'issue_day', most, lengthMs: DAY_MS } as const
  const day = countIn(window, before, { amount, timeMs: ctx.timeMs })
  return [{ kind: 'issuing', id: ONLY, record: { day } }]
}
