/** Days of the week on which an asset may be spent. Source: docs/spec/assets.md, "Days". */
import { DAY_MS } from '../limits.ts'
import { Malformed, type Shape } from '../shape.ts'

/** 0 Monday to 6 Sunday. */
export type Weekday = number

/** Some days of the week, each once, Monday first: one list has one spelling. */
export const weekdays: Shape<readonly Weekday[]> = (value, path) => {
  const isRight =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((day, index) => {
      const isDay = Number.isSafeInteger(day) && day >= 0 && day <= 6
      return isDay && (index === 0 || day > (value[index - 1] as number))
    })
  if (!isRight) throw new Malformed(path, 'days from 0 (Monday) to 6 (Sunday), each once, rising')
  return value
}

/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3

/** The start of the running day, for days that do not begin at midnight UTC. Units: milliseconds. */
export function dayStartMs(timeMs: number, dayStartUtcMinutes: number): number {
  const sinceMs = (timeMs - dayStartUtcMinutes * 60_000) % DAY_MS
  return timeMs - (sinceMs < 0 ? sinceMs + DAY_MS : sinceMs)
}

/** The day of the week at a time. */
export function weekdayOf(timeMs: number, dayStartUtcMinutes: number): Weekday {
  const days = (dayStartMs(timeMs, dayStartUtcMinutes) - dayStartUtcMinutes * 60_000) / DAY_MS
  return (days + FIRST_WEEKDAY + 7) % 7
}
