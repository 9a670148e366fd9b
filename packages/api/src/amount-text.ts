/** Amounts and days as sentences for people have them. */
import { toCivil } from '@fedow/ledger'
import { toDecimal } from './sentence.ts'

/** What an amount is of. */
export interface Unit {
  readonly kind: string
  readonly code: string
}

/** `12.50 PKS`; hours as `1:30 HRE`. */
export function formatAmount(minor: bigint | number, { kind, code }: Unit): string {
  return `${kind === 'TIM' ? toClock(BigInt(minor)) : toDecimal(minor)} ${code}`
}

/** Every minute has its own hundredths of an hour. Rounding: to the nearest minute. */
function toClock(hundredths: bigint): string {
  const positive = hundredths < 0n ? -hundredths : hundredths
  const minutes = (positive * 120n + 100n) / 200n
  const sign = hundredths < 0n ? '-' : ''
  return `${sign}${minutes / 60n}:${String(minutes % 60n).padStart(2, '0')}`
}

// 1970-01-01 was a Thursday.
const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

/** A day in UTC, counted from 1970, in words: `Sunday 14 March 2027`. */
export function toDayText(day: number): string {
  const { year, month, date } = toCivil(day)
  return `${WEEKDAYS[day % 7]} ${date} ${MONTHS[month]} ${year}`
}
