/** Days in UTC as whole numbers from 1970-01-01, and steps of whole months among them. No clock, no zone. */
import { DAY_MS } from '../limits.ts'

/** Whole times that one number goes into another, both not negative. */
export function quotient(a: number, b: number): number {
  return (a - (a % b)) / b
}

/** The day of a moment. Units: milliseconds in, days out. */
export function dayOf(timeMs: number): number {
  return quotient(timeMs, DAY_MS)
}

/** The first day that begins at or after a moment. */
export function dayFrom(timeMs: number): number {
  return dayOf(timeMs + DAY_MS - 1)
}

/** A day as people write it, in the Gregorian calendar. */
export interface CivilDate {
  readonly year: number
  /** From 0, January. */
  readonly month: number
  /** From 1. */
  readonly date: number
}

/** Days of 400 years of the Gregorian calendar, after which it repeats itself. */
const CYCLE_DAYS = 146_097
/** From 0000-03-01, on which each cycle begins as counted here, to 1970-01-01. */
const EPOCH_DAYS = 719_468

/** The date of a day. A year begins on the first of March here, so that the day of a leap year comes last. */
export function toCivil(day: number): CivilDate {
  const since = day + EPOCH_DAYS
  const ofCycle = since % CYCLE_DAYS
  const leaps = quotient(ofCycle, 1_460) - quotient(ofCycle, 36_524)
  const yearOfCycle = quotient(ofCycle - leaps - quotient(ofCycle, CYCLE_DAYS - 1), 365)
  const ofYear = ofCycle - daysBefore(yearOfCycle)
  const monthFromMarch = quotient(5 * ofYear + 2, 153)
  const month = (monthFromMarch + 2) % 12
  const year = yearOfCycle + 400 * quotient(since, CYCLE_DAYS) + (month < 2 ? 1 : 0)
  return { year, month, date: ofYear - quotient(153 * monthFromMarch + 2, 5) + 1 }
}

function fromCivil({ year, month, date }: CivilDate): number {
  const fromMarch = month < 2 ? year - 1 : year
  const yearOfCycle = fromMarch % 400
  const monthFromMarch = (month + 10) % 12
  const ofYear = quotient(153 * monthFromMarch + 2, 5) + date - 1
  return (
    ((fromMarch - yearOfCycle) / 400) * CYCLE_DAYS + daysBefore(yearOfCycle) + ofYear - EPOCH_DAYS
  )
}

function daysBefore(yearOfCycle: number): number {
  return 365 * yearOfCycle + quotient(yearOfCycle, 4) - quotient(yearOfCycle, 100)
}

/** The same date some months later; the last day of that month when it has no such date. Range: 1970 to 2255. */
export function addMonths(day: number, months: number): number {
  const { year, month, date } = toCivil(day)
  const count = year * 12 + month + months
  const target = { year: quotient(count, 12), month: count % 12 }
  const next = { year: quotient(count + 1, 12), month: (count + 1) % 12, date: 1 }
  const last = fromCivil(next) - fromCivil({ ...target, date: 1 })
  return fromCivil({ ...target, date: date < last ? date : last })
}

/** A day as ISO 8601: `2027-03-14`. Range: 1970 to 2255. */
export function toIsoDay(day: number): string {
  const { year, month, date } = toCivil(day)
  return `${year}-${String(month + 1).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** The day of a text such as `2027-03-14`; `undefined` when there is no such day from 1970 to 2255. */
export function fromIsoDay(text: string): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined || Number(year) < 1970 || Number(year) > 2255) return undefined
  const day = fromCivil({ year: Number(year), month: Number(month) - 1, date: Number(date) })
  return toIsoDay(day) === text ? day : undefined
}
