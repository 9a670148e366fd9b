/** The `Date` that Lespass sends: its local time, without the offset. */
import type { Moment } from './codec/scalars.ts'

const MINUTE_MS = 60_000
const LEEWAY_MS = 5 * MINUTE_MS
const QUARTER_MS = 15 * MINUTE_MS
/** Of the zones of the world: a time without offset is that much ahead of UTC. */
const BEHIND_MAX_MS = 12 * 60 * MINUTE_MS
const AHEAD_MAX_MS = 14 * 60 * MINUTE_MS

/**
 * True when a time is within five minutes of ours; without an offset, when it is so in some zone, of which the offset
 * is a whole number of quarters of an hour.
 */
export function isFresh({ timeUs, hasOffset }: Moment, nowMs: number): boolean {
  const aheadMs = timeUs / 1_000 - nowMs
  const offsetMs = hasOffset ? 0 : Math.round(aheadMs / QUARTER_MS) * QUARTER_MS
  const isZone = offsetMs >= -BEHIND_MAX_MS && offsetMs <= AHEAD_MAX_MS
  return isZone && Math.abs(aheadMs - offsetMs) <= LEEWAY_MS
}

const PARTS =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?$/

/** The text as v1 prints what it has read, which is what it says was signed. */
export function toSignedDate(text: string): string {
  const found = PARTS.exec(text)
  if (!found) return text
  const [, day, clock = '00:00', second = '00', fraction = '', zulu, hours, minutes = '00'] = found
  const micros = fraction.padEnd(6, '0')
  const offset = zulu ? '+00:00' : hours ? `${hours}:${minutes}` : ''
  return `${day}T${clock}:${second}${micros === '000000' ? '' : `.${micros}`}${offset}`
}
