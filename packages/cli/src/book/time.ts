import { Misuse } from '../failure.ts'

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A length of time such as `36h` or `21d`, in milliseconds. Throws Misuse. */
export function readDuration(text: string): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * (UNIT_MS[unit] ?? 0)
  throw new Misuse(`"${text}" is not a length of time. Write 36h or 21d. Nothing was sent.`)
}

/** A moment as ISO 8601: given as such, or as a time from now such as `30m`, `12h`, `7d`. Throws Misuse. */
export function readMoment(text: string, nowMs: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) {
    return new Date(nowMs + Number(count) * (UNIT_MS[unit] ?? 0)).toISOString()
  }
  const timeMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(timeMs)) {
    throw new Misuse(
      `"${text}" is not a moment. Write 30m, 12h or 7d from now, or 2026-12-31T18:00:00Z. Nothing was sent.`,
    )
  }
  return new Date(timeMs).toISOString()
}
