/**
 * JSON as v1 reads and writes it. A number keeps its kind, 10 or 10.0, and an object its order, since both are
 * part of what clients sign.
 */
import { fromUtf8 } from '@fedow/ledger'

/** A number that was written with a fraction or an exponent. */
export class PythonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** JSON text that is printed already, without white space: it goes into the text around it as it is. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What JSON says. What is read has Maps, bigints and PythonFloats; members that are undefined are not written. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | PythonFloat
  | RawJson
  | readonly Json[]
  | ReadonlyMap<string, Json>
  | { readonly [key: string]: Json | undefined }

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether it is an object that was read. */
export function isMap(value: Json | undefined): value is ReadonlyMap<string, Json> {
  return value instanceof Map
}

/** Text that is not JSON, or JSON that is not read here. */
export class JsonError extends Error {
  /** In the words of v1's parser. */
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** Deepest nesting that is read. */
export const NESTING_MAX = 200
/** Longest integer that is read: longer ones cost more time than they are worth, and v1's Python refuses them too. */
export const DIGITS_MAX = 4_300

/** Reads a document: its text, or its bytes. A member that comes twice has its last value, at its first place. Throws JsonError. */
export function parseJson(document: string | Uint8Array): Json {
  const text = typeof document === 'string' ? document : fromUtf8(document)
  if (text === undefined) throw new JsonError("'utf-8' codec can't decode the body")
  return new JsonReader(text).read()
}

const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20]
const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses control characters in strings.
const NOT_PLAIN = /[\\\u0000-\u001f]/
const ESCAPE_OR_FAULT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
  /\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|(?<unicode>\\u)|(?<escape>\\)|(?<control>[\u0000-\u001f])/g
const CONSTANTS = ['NaN', 'Infinity', '-Infinity']

class JsonReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Json {
    this.#skipSpace()
    const value = this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('Extra data')
    return value
  }

  #value(): Json {
    const code = this.#text.charCodeAt(this.#at)
    if (code === QUOTE) return this.#string()
    if (code === OPEN_OBJECT) return this.#nested(this.#object)
    if (code === OPEN_LIST) return this.#nested(this.#list)
    if (this.#takes('null')) return null
    if (this.#takes('true')) return true
    if (this.#takes('false')) return false
    return this.#number()
  }

  #nested(read: () => Json): Json {
    this.#depth += 1
    if (this.#depth > NESTING_MAX) this.#fail(`Nested deeper than ${NESTING_MAX}`)
    const value = read.call(this)
    this.#depth -= 1
    return value
  }

  #object(): ReadonlyMap<string, Json> {
    const members = new Map<string, Json>()
    if (this.#next() === CLOSE_OBJECT) return this.#closed(members)
    for (;;) {
      if (this.#text.charCodeAt(this.#at) !== QUOTE) {
        this.#fail('Expecting property name enclosed in double quotes')
      }
      const name = this.#string()
      this.#skipSpace()
      if (this.#text.charCodeAt(this.#at) !== COLON) this.#fail("Expecting ':' delimiter")
      this.#next()
      members.set(name, this.#value())
      this.#skipSpace()
      if (this.#text.charCodeAt(this.#at) === CLOSE_OBJECT) return this.#closed(members)
      this.#comma()
    }
  }

  #list(): readonly Json[] {
    const values: Json[] = []
    if (this.#next() === CLOSE_LIST) return this.#closed(values)
    for (;;) {
      values.push(this.#value())
      this.#skipSpace()
      if (this.#text.charCodeAt(this.#at) === CLOSE_LIST) return this.#closed(values)
      this.#comma()
    }
  }

  #closed<T>(value: T): T {
    this.#at += 1
    return value
  }

  #comma(): void {
    if (this.#text.charCodeAt(this.#at) !== COMMA) this.#fail("Expecting ',' delimiter")
    this.#next()
  }

  /** Steps over one character and the white space after it; answers what comes then. */
  #next(): number {
    this.#at += 1
    this.#skipSpace()
    return this.#text.charCodeAt(this.#at)
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB) return
      this.#at += 1
    }
  }

  #takes(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #string(): string {
    const start = this.#at + 1
    let end = this.#text.indexOf('"', start)
    const plain = this.#text.slice(start, end === -1 ? undefined : end)
    if (end !== -1 && !NOT_PLAIN.test(plain)) {
      this.#at = end + 1
      return plain
    }
    while (end !== -1 && this.#isEscaped(end, start)) end = this.#text.indexOf('"', end + 1)
    if (end === -1) return this.#failString(start)
    this.#at = end + 1
    return this.#unescaped(start, end)
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start - 1, end + 1))
    } catch (cause) {
      if (cause instanceof SyntaxError) return this.#failString(start, end)
      throw cause
    }
  }

  #isEscaped(at: number, start: number): boolean {
    let first = at
    while (first > start && this.#text.charCodeAt(first - 1) === BACKSLASH) first -= 1
    return (at - first) % 2 === 1
  }

  #failString(start: number, end?: number): never {
    const content = this.#text.slice(start, end)
    for (const { groups = {}, index } of content.matchAll(ESCAPE_OR_FAULT)) {
      if (groups.control) this.#fail('Invalid control character at', start + index)
      if (groups.unicode) this.#fail('Invalid \\uXXXX escape', start + index + 1)
      if (groups.escape) this.#fail('Invalid \\escape', start + index)
    }
    return this.#fail('Unterminated string starting at', start - 1)
  }

  #number(): bigint | PythonFloat {
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)
    if (!found) return this.#failWithoutValue()
    const [literal, fraction, exponent] = found
    this.#at += literal.length
    if (fraction || exponent) return new PythonFloat(Number(literal))
    if (literal.length > DIGITS_MAX) {
      this.#fail(`Exceeds the limit (${DIGITS_MAX} digits) for an integer`)
    }
    return BigInt(literal)
  }

  #failWithoutValue(): never {
    const constant = CONSTANTS.find((word) => this.#text.startsWith(word, this.#at))
    if (!constant) this.#fail('Expecting value')
    throw new JsonError(`Out of range float values are not JSON compliant: '${constant}'`)
  }

  #fail(what: string, at = this.#at): never {
    const before = this.#text.slice(0, at)
    const char = [...before].length
    const line = before.split('\n').length
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
    throw new JsonError(`${what}: line ${line} column ${column} (char ${char})`)
  }
}

interface Style {
  readonly comma: string
  readonly colon: string
  readonly quote: (text: string) => string
  readonly float: (value: number) => string
  readonly openings: Map<string, Opening>
}

/** What stands before the value of a member: of the first in its object, and of any other. */
interface Opening {
  readonly first: string
  readonly next: string
}

const WIRE: Style = {
  ...{ comma: ',', colon: ':', openings: new Map() },
  ...{ quote: quoteRaw, float: wireFloat },
}
const PYTHON: Style = {
  ...{ comma: ', ', colon: ': ', openings: new Map() },
  ...{ quote: quoteAscii, float: pythonFloat },
}

/** As answers are written: no white space, text outside ASCII as it is. */
export function printWire(value: Json): string {
  return print(value, WIRE)
}

/** As Python's encoder prints by default: what clients sign. */
export function printPython(value: Json): string {
  return print(value, PYTHON)
}

/** As the views outside of v1's framework answer. */
export function printSpaced(value: Json): string {
  return print(value, PYTHON)
}

function print(value: Json, style: Style): string {
  if (typeof value === 'string') return style.quote(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  if (typeof value === 'number') return printNumber(value, style)
  if (isList(value)) return printList(value, style)
  if (isMap(value)) return printMembers(value, style)
  if (value instanceof RawJson) return value.text
  if (value instanceof PythonFloat) return style.float(value.value)
  return printObject(value as Members, style)
}

function printNumber(value: number, style: Style): string {
  return Number.isSafeInteger(value) ? String(value) : style.float(value)
}

function printList(values: readonly Json[], style: Style): string {
  let text = ''
  for (const value of values) text += (text && style.comma) + print(value, style)
  return `[${text}]`
}

function printMembers(members: ReadonlyMap<string, Json>, style: Style): string {
  let text = ''
  for (const [name, value] of members) {
    text += (text && style.comma) + style.quote(name) + style.colon + print(value, style)
  }
  return `{${text}}`
}

type Members = { readonly [name: string]: Json | undefined }

function printObject(members: Members, style: Style): string {
  if (style === WIRE && isNative(members)) return withEscapes(JSON.stringify(members))
  let text = ''
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value === undefined) continue
    const { first, next } = openingOf(name, style)
    text += text === '' ? first : next
    text += print(value, style)
  }
  return text === '' ? '{}' : `${text}}`
}

const OPENINGS_MAX = 1_000

/** Objects made here have few names, all of letters that need no escape in any style, so that each is quoted once. */
function openingOf(name: string, { comma, colon, quote, openings }: Style): Opening {
  const known = openings.get(name)
  if (known !== undefined) return known
  const member = quote(name) + colon
  const opening = { first: `{${member}`, next: comma + member }
  if (openings.size < OPENINGS_MAX && PLAIN_ASCII.test(name)) openings.set(name, opening)
  return opening
}

/**
 * Whether the engine prints it as it must be, which takes a third of the time. What was read never holds such an
 * object, so nobody outside can nest them to make this look twice at the same.
 */
function isNative(value: Json | undefined): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  if (isList(value)) return value.every(isNative)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isNative)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const ESCAPED_RAW = /["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/
const PLAIN_ASCII = /^[ !#-[\]-~]*$/

function quoteRaw(text: string): string {
  if (!ESCAPED_RAW.test(text)) return `"${text}"`
  return withEscapes(JSON.stringify(text))
}

function withEscapes(json: string): string {
  return json.replace(/[\u2028\u2029]/g, toEscape)
}

function quoteAscii(text: string): string {
  if (PLAIN_ASCII.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, toEscape)
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The shortest digits that name the number, as Python lays them out. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [significand = '', exponentText = ''] = Math.abs(value).toExponential().split('e')
  const digits = significand.replace('.', '')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    const power = String(Math.abs(exponent)).padStart(2, '0')
    return `${sign}${significand}e${exponent < 0 ? '-' : '+'}${power}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** JSON has no word for infinity: a number beyond every float is read as one. */
function wireFloat(value: number): string {
  if (Number.isFinite(value)) return pythonFloat(value)
  return Number.isNaN(value) ? 'null' : `${value < 0 ? '-' : ''}1e999`
}
