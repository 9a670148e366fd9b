/** What a payment waits for that is paid: the book would take it, and not yet. */
import { params, type Rejection } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

/** Longest that a payment waits for the end of a day without a look: the limit may be raised meanwhile. */
const LOOK_MS = 3_600_000

/** Code of what stands in the way of a payment of so many cents. */
export function waitOf(
  { state }: Pick<BookReader, 'state'>,
  rejection: Rejection,
  gross: bigint,
): string {
  if (rejection.code !== 'limit_exceeded' || rejection.limit !== 'issue_day') return rejection.code
  const { issueDayMax = gross } = params(state)
  return gross > issueDayMax ? 'above_issue_day' : 'issue_day'
}

/** When to look again at what waits for a window to end, in milliseconds; undefined when it waits for something else. */
export function waitUntilMs(rejection: Rejection, nowMs: number): number | undefined {
  if (rejection.code !== 'limit_exceeded' || rejection.untilMs === undefined) return undefined
  const nextMs = nowMs + LOOK_MS
  return rejection.untilMs > nowMs && rejection.untilMs < nextMs ? rejection.untilMs : nextMs
}
