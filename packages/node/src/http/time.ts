/** A moment of the book as ISO 8601, exact to the microsecond. */
export function toIso(timeUs: number): string {
  const timeMs = Math.floor(timeUs / 1_000)
  const rest = timeUs - timeMs * 1_000
  const text = new Date(timeMs).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

/** The same for milliseconds. */
export function toIsoMs(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
