/** Single values of a request: every form that v1 accepts, and the one that it answers. */
import { type Json, PythonFloat, printPython } from './json.ts'

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const UUID_PREFIX = /^(?:urn:)?(?:uuid:)?/i
const UUID_DIGITS = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/
const UUID_TEXT_MAX = 100

/** In lower case with hyphens, from any case, with or without hyphens, braces and `urn:uuid:`. */
export function parseUuid(value: Json): string | undefined {
  if (typeof value !== 'string' || value.length > UUID_TEXT_MAX) return undefined
  if (CANONICAL_UUID.test(value)) return value
  const bare = value.replace(UUID_PREFIX, '').replace(/^\{+|\}+$/g, '')
  const digits = UUID_DIGITS.exec(bare.replaceAll('-', '').toLowerCase())
  return digits ? digits.slice(1).join('-') : undefined
}

export interface Moment {
  /** Microseconds since 1970, exact until the year 2255. */
  readonly timeUs: number
  /** Whether the text says its offset; without one it means UTC. */
  readonly hasOffset: boolean
}

const DATE = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`
const CLOCK = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,6}))?)?`
const OFFSET = String.raw`Z|(?<sign>[+-])(?<offsetHour>\d\d)(?::?(?<offsetMinute>\d\d))?`
const DATETIME = new RegExp(`^${DATE}(?:[T ]${CLOCK}(?<offset>${OFFSET})?)?$`)

/** A date, or a date and a time after `T` or a space. */
export function parseDatetime(text: string): Moment | undefined {
  const found = DATETIME.exec(text)?.groups
  if (!found) return undefined
  const { hour = 0, minute = 0, second = 0, fraction = '', offset } = found
  const { sign, offsetHour = 0, offsetMinute = 0 } = found
  const isClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!isClock || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined
  const dayMs = dayOf(Number(found.year), Number(found.month), Number(found.day))
  if (dayMs === undefined) return undefined
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second)
  const ahead = (Number(offsetHour) * 3_600 + Number(offsetMinute) * 60) * (sign === '-' ? -1 : 1)
  const timeUs = (dayMs / 1_000 + seconds - ahead) * 1_000_000 + Number(fraction.padEnd(6, '0'))
  return { timeUs, hasOffset: offset !== undefined }
}

function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal && year > 0 ? date.getTime() : undefined
}

/** UTC, with six digits of fraction, or none when it is zero. */
export function formatDatetime(timeUs: number): string {
  const seconds = Math.floor(timeUs / 1_000_000)
  const rest = timeUs - seconds * 1_000_000
  const text = new Date(seconds * 1_000).toISOString().slice(0, -'.000Z'.length)
  return rest === 0 ? `${text}Z` : `${text}.${String(rest).padStart(6, '0')}Z`
}

const NUMBER_TEXT_MAX = 1_000
const WHOLE_NUMBER = /^\s*([+-]?\d+)(?:\.0*)?\s*$/

/** A whole number, also as a float or a text of one; any sign and size. */
export function parseAmount(value: Json): bigint | undefined {
  if (typeof value === 'bigint') return value
  const text = isFloat(value) ? printPython(value) : value
  if (typeof text !== 'string' || text.length > NUMBER_TEXT_MAX) return undefined
  const digits = WHOLE_NUMBER.exec(text)?.[1]
  return digits === undefined ? undefined : BigInt(digits.replace('+', ''))
}

function isFloat(value: Json): value is PythonFloat | number {
  return value instanceof PythonFloat || typeof value === 'number'
}

const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1'])
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0'])

export function parseBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : parseAmount(value)?.toString()
  if (word === undefined) return undefined
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : undefined
}

/** Text without the white space around it; a number becomes its text. Undefined: of another type, or not storable. */
export function parseText(value: Json): string | undefined {
  const isNumber = typeof value === 'bigint' || isFloat(value)
  const text = isNumber ? printPython(value) : value
  if (typeof text !== 'string' || text.includes('\0') || !text.isWellFormed()) return undefined
  return trimmed(text)
}

/** White space of Python, which is not quite that of JavaScript. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: four of them are white space there.
const SPACE = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && SPACE.test(text.charAt(start))) start += 1
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}
