/** Reads the body of a request field by field: all fields that fail are told together, in their order. */
import { isIP } from 'node:net'
import { V1Refusal } from '../refusal.ts'
import { isEmail, isUrl } from './addresses.ts'
import { isList, isMap, type Json, PythonFloat, printPython } from './json.ts'
import {
  BLANK,
  MISSING,
  malformedKey,
  NO_BODY,
  NOT_BOOLEAN,
  NOT_DATETIME,
  NOT_EMAIL,
  NOT_INTEGER,
  NOT_IP,
  NOT_TEXT,
  NOT_URL,
  NOT_UUID,
  NULL,
  NULL_CHARACTER,
  NUMBER_TEXT_TOO_LONG,
  notChoice,
  notKey,
  notList,
  notObject,
  tooLarge,
  tooLong,
  tooShort,
  tooSmall,
} from './messages.ts'
import { parseAmount, parseBoolean, parseDatetime, parseText, parseUuid } from './scalars.ts'

/** What a field, or a whole body, says: its value, or what is wrong with it. */
export type Reading<T> =
  | { readonly value: T; readonly errors?: undefined }
  | { readonly errors: Json }

export interface Field<T> {
  /** `undefined`: the field is not there. */
  readonly read: (value: Json | undefined) => Reading<T>
}

/** Fields in the order of their declaration. */
export type Shape<T> = { readonly [Name in keyof T]: Field<T[Name]> }

/** Reads a body, or throws V1Refusal with 400 and the errors of its fields. */
export function readFields<T extends object>(body: Json, shape: Shape<T>): T {
  return demanded(tryFields(body, shape))
}

/** Reads a body that is a list, or throws V1Refusal with 400 and one object for each element. */
export function readList<T extends object>(body: Json, shape: Shape<T>): readonly T[] {
  return demanded(tryList(body, shape))
}

function demanded<T>(reading: Reading<T>): T {
  if (reading.errors !== undefined) throw new V1Refusal(400, reading.errors)
  return reading.value
}

/** The same as `readFields`, for who has more to say before it refuses. */
export function tryFields<T extends object>(body: Json, shape: Shape<T>): Reading<T> {
  const member = memberOf(body)
  if (!member)
    return wrong({ non_field_errors: [body === null ? NO_BODY : notObject(typeOf(body))] })
  const values: Partial<T> = {}
  const errors = new Map<string, Json>()
  for (const name of Object.keys(shape) as (string & keyof T)[]) {
    const reading = shape[name].read(member(name))
    if (reading.errors === undefined) values[name] = reading.value
    else errors.set(name, reading.errors)
  }
  return errors.size > 0 ? wrong(errors) : right(values as T)
}

/** The same as `readList`: the errors are one object for each element, empty where it is good. */
export function tryList<T extends object>(body: Json, shape: Shape<T>): Reading<readonly T[]> {
  if (!isList(body)) return wrong({ non_field_errors: [notList(typeOf(body))] })
  const readings = body.map((element) => tryFields(element, shape))
  if (readings.some(({ errors }) => errors !== undefined)) {
    return wrong(readings.map(({ errors = {} }) => errors))
  }
  return right(readings.flatMap((reading) => (reading.errors === undefined ? [reading.value] : [])))
}

function memberOf(body: Json): ((name: string) => Json | undefined) | undefined {
  if (isMap(body)) return (name) => body.get(name)
  if (typeof body !== 'object' || body === null || isList(body) || body instanceof PythonFloat) {
    return undefined
  }
  const members = body as { readonly [name: string]: Json | undefined }
  return (name) => (Object.hasOwn(members, name) ? members[name] : undefined)
}

function right<T>(value: T): Reading<T> {
  return { value }
}

function wrong(errors: Json): { readonly errors: Json } {
  return { errors }
}

/** A field that must be there and not null. `read` answers the value, or a Fault. */
function field<T>(read: (value: Exclude<Json, null>) => T | Fault): Field<T> {
  return {
    read: (value) => {
      if (value === undefined) return wrong([MISSING])
      if (value === null) return wrong([NULL])
      const found = read(value)
      return found instanceof Fault ? wrong([found.message]) : right(found)
    },
  }
}

class Fault {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

/** May be left out. */
export function optional<T>(of: Field<T>): Field<T | undefined> {
  return { read: (value) => (value === undefined ? right(undefined) : of.read(value)) }
}

/** May be null. */
export function nullable<T>(of: Field<T>): Field<T | null> {
  return { read: (value) => (value === null ? right(null) : of.read(value)) }
}

/** A rule of its own on a field that is good otherwise, and neither left out nor null: answers what is wrong. */
export function check<T>(
  of: Field<T>,
  rule: (value: NonNullable<T>) => string | undefined,
): Field<T> {
  return {
    read: (value) => {
      const reading = of.read(value)
      if (reading.errors !== undefined) return reading
      const message = isThere(reading.value) ? rule(reading.value) : undefined
      return message === undefined ? reading : wrong([message])
    },
  }
}

function isThere<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null
}

/** A good field's value as something else. */
export function as<T, U>(of: Field<T>, convert: (value: T) => U): Field<U> {
  return {
    read: (value) => {
      const reading = of.read(value)
      return reading.errors === undefined ? right(convert(reading.value)) : reading
    },
  }
}

/** A plain UUID, under the name of what it stands for, such as `uuid<CardId>()`. */
export function uuid<Name extends string = string>(): Field<Name> {
  return field((value) => (parseUuid(value) as Name | undefined) ?? new Fault(NOT_UUID))
}

/** The UUID of something that exists: say with `check` and `unknownKey` whether it does. */
export function key<Name extends string = string>(): Field<Name> {
  return field((value) => {
    if (value === '') return new Fault(NULL)
    if (typeof value === 'boolean') return new Fault(notKey(typeOf(value)))
    const found = parseUuid(value) as Name | undefined
    return found ?? new Fault(malformedKey(asPythonText(value)))
  })
}

export interface TextLimits {
  /** In characters, as all limits. */
  readonly max?: number
  readonly min?: number
  /** May be empty, or white space. */
  readonly blank?: boolean
}

/** Text, trimmed; a number becomes its text. */
export function text(limits: TextLimits = {}): Field<string> {
  return field((value) => readText(value, limits))
}

function readText(value: Json, { max, min, blank = false }: TextLimits): string | Fault {
  const found = parseText(value)
  if (found === undefined) {
    const hasNull = typeof value === 'string' && value.includes('\0')
    return new Fault(hasNull ? NULL_CHARACTER : NOT_TEXT)
  }
  if (found === '') return blank ? found : new Fault(BLANK)
  if (max !== undefined && isLonger(found, max)) return new Fault(tooLong(max))
  if (min !== undefined && !isLonger(found, min - 1)) return new Fault(tooShort(min))
  return found
}

function isLonger(found: string, count: number): boolean {
  return found.length > count && [...found].length > count
}

function textThat(isGood: (value: string) => boolean, message: string): Field<string> {
  return field((value) => {
    const found = readText(value, {})
    if (found instanceof Fault) return found
    return isGood(found) ? found : new Fault(message)
  })
}

export function email(): Field<string> {
  return textThat(isEmail, NOT_EMAIL)
}

export function url(): Field<string> {
  return textThat(isUrl, NOT_URL)
}

export function ip(): Field<string> {
  return textThat((value) => isIP(value) !== 0 && !value.includes('%'), NOT_IP)
}

/** Largest whole number of v1's columns, and largest amount of one movement. */
export const INTEGER_MAX = 2_147_483_647

export interface IntegerLimits {
  readonly min?: number
  readonly max?: number
}

/** A whole number; within the columns of v1 where nothing else is said. */
export function integer(limits: IntegerLimits = {}): Field<number> {
  const { min = -INTEGER_MAX - 1, max = INTEGER_MAX } = limits
  return field((value) => {
    const found = readInteger(value)
    if (found instanceof Fault) return found
    if (found > BigInt(max)) return new Fault(tooLarge(max))
    return found < BigInt(min) ? new Fault(tooSmall(min)) : Number(found)
  })
}

function readInteger(value: Json): bigint | Fault {
  const found = parseAmount(value)
  if (found !== undefined) return found
  const isLong = typeof value === 'string' && value.length > 1_000
  return new Fault(isLong ? NUMBER_TEXT_TOO_LONG : NOT_INTEGER)
}

export interface AmountMessages {
  /** For an amount below zero; otherwise the framework's. */
  readonly negative?: string
}

/** Cents, from 0 to INTEGER_MAX. */
export function amount({ negative = tooSmall(0) }: AmountMessages = {}): Field<bigint> {
  return field((value) => {
    const found = readInteger(value)
    if (found instanceof Fault) return found
    if (found > BigInt(INTEGER_MAX)) return new Fault(tooLarge(INTEGER_MAX))
    return found < 0n ? new Fault(negative) : found
  })
}

/** A moment, in microseconds since 1970. */
export function datetime(): Field<number> {
  return field((value) => {
    const found = typeof value === 'string' ? parseDatetime(value) : undefined
    return found?.timeUs ?? new Fault(NOT_DATETIME)
  })
}

export function flag(): Field<boolean> {
  return field((value) => parseBoolean(value) ?? new Fault(NOT_BOOLEAN))
}

export function choice<const C extends string>(choices: readonly C[]): Field<C> {
  return field((value) => {
    const word = asPythonText(value)
    return choices.find((one) => one === word) ?? new Fault(notChoice(word))
  })
}

/** Any JSON but null. */
export function json(): Field<Exclude<Json, null>> {
  return field((value) => value)
}

/** A list whose elements have fields. */
export function listOf<T extends object>(shape: Shape<T>): Field<readonly T[]> {
  return {
    read: (value) => {
      if (value === undefined) return wrong([MISSING])
      return value === null ? wrong([NULL]) : tryList(value, shape)
    },
  }
}

/** What Python's `str` makes of it, near enough for a message. */
function asPythonText(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' ? value : printPython(value)
}

/** Python's name of the type. */
function typeOf(value: Json): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'number' || typeof value === 'bigint') return 'int'
  if (value instanceof PythonFloat) return 'float'
  return isList(value) ? 'list' : 'dict'
}
