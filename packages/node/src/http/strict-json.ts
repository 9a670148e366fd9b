/** JSON as it is read here: UTF-8, each member once, whole numbers, not nested deeply, no unpaired surrogate. */
import { fromUtf8 } from '@fedow/ledger'

/** Deepest nesting that is read. */
export const NESTING_MAX = 32

/** A body that is not the JSON that is read here. */
export class StrictJsonError extends Error {
  /** Ends the sentence "The body …". */
  readonly why: string

  constructor(why: string) {
    super(`the body ${why}`)
    this.why = why
  }
}

/** Reads a body. Throws StrictJsonError. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes)
  if (text === undefined) throw new StrictJsonError('is not UTF-8')
  const members = scan(text)
  const value = parse(text)
  // Every member stands once in the text and once in the value, unless a name came twice in one object.
  if (countMembers(value) !== members) throw new StrictJsonError('has a member twice in one object')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new StrictJsonError('is not JSON')
    throw cause
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [MINUS, DOT, ZERO, NINE, COLON] = [0x2d, 0x2e, 0x30, 0x39, 0x3a]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const UPPER_E = 0x45
const LOWER_E = 0x65

/** Walks over the text outside of strings; answers how many members its objects name. */
function scan(text: string): number {
  let members = 0
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COLON) members += 1
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1
      if (depth > NESTING_MAX) throw new StrictJsonError(`is nested deeper than ${NESTING_MAX}`)
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1
    else if (isOddNumber(text, at, code)) {
      throw new StrictJsonError('has a number that is not written as a whole number')
    }
  }
  return members
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}

/** A fraction, an exponent or a negative zero: rounding could turn it into another amount. */
function isOddNumber(text: string, at: number, code: number): boolean {
  if (code === DOT) return true
  const next = text.charCodeAt(at + 1)
  if (code === MINUS) return next === ZERO && !isDigit(text.charCodeAt(at + 2))
  return (code === LOWER_E || code === UPPER_E) && isDigit(text.charCodeAt(at - 1))
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

function countMembers(value: unknown): number {
  if (typeof value === 'string') demandWellFormed(value)
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const one of value) members += countMembers(one)
    return members
  }
  for (const name of Object.keys(value)) {
    demandWellFormed(name)
    if (name === '__proto__') throw new StrictJsonError('has a member named __proto__')
    members += 1 + countMembers((value as Record<string, unknown>)[name])
  }
  return members
}

function demandWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new StrictJsonError('has an unpaired surrogate')
}
