/** A moment of the book as ISO 8601, exact to the microsecond. */
export function toIso(timeUs: number): string {
  const timeMs = Math.floor(timeUs / 1_000)
  const rest = timeUs - timeMs * 1_000
  const text = toIsoMs(timeMs)
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

/** The last moment written: payments of a rush come many to a millisecond. */
let last = { timeMs: 0, text: new Date(0).toISOString() }

/** The same for milliseconds. */
export function toIsoMs(timeMs: number): string {
  if (last.timeMs !== timeMs) last = { timeMs, text: new Date(timeMs).toISOString() }
  return last.text
}
