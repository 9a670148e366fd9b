/** What PostgreSQL prints, as v1 keeps the same value in SQLite. */
import type { Cell } from '../../../store/foreign-file-reader.ts'
import { JsonError, parseJson, printPython } from '../../codec/json.ts'

type Convert = (text: string) => Cell

/** By the numbers that PostgreSQL gives its types. What is not here is text as it is. */
const CONVERTERS: ReadonlyMap<number, Convert> = new Map<number, Convert>([
  [16, (text) => (text === 't' ? 1n : 0n)],
  [20, BigInt],
  [21, BigInt],
  [23, BigInt],
  [114, toJsonText],
  // Text of a fixed length is filled up with blanks.
  [1042, (text) => text.trimEnd()],
  [1114, toMoment],
  [1184, toMoment],
  [1700, (text) => (/^-?\d+$/.test(text) ? BigInt(text) : text)],
  [2950, (text) => text.replaceAll('-', '')],
  [3802, toJsonText],
])

const WHOLE_TYPES: ReadonlySet<number> = new Set([20, 21, 23])

/** Whether a column of this type holds whole numbers only. */
export function isWholeType(type: number): boolean {
  return WHOLE_TYPES.has(type)
}

/** A value, from the text that the server prints with its time zone set to UTC. */
export function toCell(type: number, text: string | null): Cell {
  if (text === null) return null
  const convert = CONVERTERS.get(type)
  return convert === undefined ? text : convert(text)
}

const MOMENT = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/

/** Microseconds are written when there are some, all six. Beyond the years of four digits it stays as it is. */
function toMoment(text: string): string {
  const [, seconds, fraction] = MOMENT.exec(text) ?? []
  if (seconds === undefined) return text
  return fraction === undefined ? seconds : `${seconds}.${fraction.padEnd(6, '0')}`
}

/** As Python prints it. */
function toJsonText(text: string): string {
  try {
    return printPython(parseJson(text))
  } catch (cause) {
    if (cause instanceof JsonError) return text
    throw cause
  }
}
