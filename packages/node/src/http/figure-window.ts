/** The stretch of time that a request for figures is about, by who asks. */
import { RequestError } from './problem-error.ts'

/** Microseconds since 1970; `toUs` is no longer in it. */
export interface AskedWindow {
  readonly fromUs: number
  readonly toUs: number
}

export interface AskedDays {
  readonly from?: string
  readonly to?: string
}

/** What of the book bounds a window. */
export interface Bounds {
  readonly nowMs: number
  /** When the last sealed block had ended. */
  readonly tipUs: number
  /** When the asset began. */
  readonly beganUs: number
}

const DAY_MS = 86_400_000

/** One whole month in UTC that is over: the last one when no day is given. */
export function monthWindow({ from, to }: AskedDays, { nowMs }: Bounds): AskedWindow {
  const now = new Date(nowMs)
  const last = monthMs(now, -1)
  const fromMs = from === undefined ? monthBefore(to, last) : readDay('from', from)
  const end = monthMs(new Date(fromMs), 1)
  const toMs = to === undefined ? end : readDay('to', to)
  const isMonth = fromMs === monthMs(new Date(fromMs), 0) && toMs === end
  if (!isMonth || toMs > nowMs) throw wrong(from === undefined ? 'to' : 'from', ONE_MONTH)
  return { fromUs: fromMs * 1_000, toUs: toMs * 1_000 }
}

/** Any days: from the beginning of the asset, up to the last sealed block, when none is given. */
export function dayWindow({ from, to }: AskedDays, bounds: Bounds): AskedWindow {
  const { nowMs, tipUs, beganUs } = bounds
  const firstMs = Math.floor(beganUs / 1_000)
  const fromMs = from === undefined ? firstMs - (firstMs % DAY_MS) : readDay('from', from)
  const toMs = to === undefined ? undefined : readDay('to', to)
  if (toMs !== undefined && toMs > nowMs) throw wrong('to', 'a day that has begun')
  const window = { fromUs: fromMs * 1_000, toUs: toMs === undefined ? tipUs : toMs * 1_000 }
  if (window.fromUs >= window.toUs) throw wrong(from === undefined ? 'to' : 'from', FORWARDS)
  return window
}

const ONE_MONTH =
  'the first day of a month that is over, and the first day of the next one in /to: only the operator may ask for other days'
const FORWARDS = 'a day before /to, and after the asset began'

function monthBefore(to: string | undefined, usual: number): number {
  return to === undefined ? usual : monthMs(new Date(readDay('to', to)), -1)
}

/** The first moment of the month that is so many months away. */
function monthMs(moment: Date, by: number): number {
  return Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + by, 1)
}

function readDay(name: 'from' | 'to', text: string): number {
  const timeMs = Date.parse(`${text}T00:00:00Z`)
  const exists = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text)
  if (!exists || timeMs < 0) throw wrong(name, 'a day that exists, from 1970 on')
  return timeMs
}

function wrong(name: 'from' | 'to', expected: string): RequestError {
  return new RequestError({ code: 'invalid_request', where: `querystring/${name}`, expected })
}
