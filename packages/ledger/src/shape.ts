/**
 * Shapes: what a decoded JSON value must look like, and its type at the same time.
 * A shape is a function that returns the typed value or throws `Malformed`.
 */
import { AMOUNT_MAX, type Amount } from './amount.ts'

/** The reason why bytes are not a tx, a record or a genesis: where, and what was expected. */
export class Malformed {
  readonly path: string
  readonly expected: string

  constructor(path: string, expected: string) {
    this.path = path === '' ? '$' : path
    this.expected = expected
  }
}

export type Shape<T> = (value: unknown, path: string) => T
export type Of<S> = S extends Shape<infer T> ? T : never

interface Optional<T> {
  readonly optional: Shape<T>
}
type Member = Shape<unknown> | Optional<unknown>
type Members = Readonly<Record<string, Member>>
type OptionalNames<M> = {
  [K in keyof M]: M[K] extends Optional<unknown> ? K : never
}[keyof M]
type Flat<T> = { readonly [K in keyof T]: T[K] }
export type ObjectOf<M> = Flat<
  { [K in Exclude<keyof M, OptionalNames<M>>]: M[K] extends Shape<infer T> ? T : never } & {
    [K in OptionalNames<M>]?: M[K] extends Optional<infer T> ? T : never
  }
>

/** A member that may be absent. `null` is not absence. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape }
}

/** An object with exactly these members: an unknown one is malformed. */
export function object<const M extends Members>(members: M): Shape<ObjectOf<M>> {
  const entries = Object.entries(members).map(([name, member]) =>
    typeof member === 'function'
      ? { name, shape: member, isOptional: false }
      : { name, shape: member.optional, isOptional: true },
  )
  return (value, path) => {
    if (!isObject(value)) throw new Malformed(path, 'an object')
    const result: Record<string, unknown> = {}
    let seen = 0
    for (const { name, shape, isOptional } of entries) {
      const member = value[name]
      if (member === undefined) {
        if (isOptional) continue
        throw new Malformed(`${path}.${name}`, 'a member that is missing')
      }
      result[name] = shape(member, `${path}.${name}`)
      seen += 1
    }
    if (Object.keys(value).length !== seen) {
      const stranger = Object.keys(value).find((name) => !Object.hasOwn(members, name))
      throw new Malformed(`${path}.${stranger}`, 'no member of this name')
    }
    return result as ObjectOf<M>
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An array of `min` to `max` elements. */
export function array<T>(shape: Shape<T>, { min, max }: Range): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw new Malformed(path, `an array of ${min} to ${max} elements`)
    }
    return value.map((one, index) => shape(one, `${path}[${index}]`))
  }
}

interface Range {
  readonly min: number
  readonly max: number
}

/** An object from free names to one shape, of at most `max` members. */
export function map<T>(shape: Shape<T>, max: number): Shape<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (!isObject(value) || Object.keys(value).length > max) {
      throw new Malformed(path, `an object of at most ${max} members`)
    }
    const entries = Object.entries(value)
    return Object.fromEntries(entries.map(([name, one]) => [name, shape(one, `${path}.${name}`)]))
  }
}

/** Exactly this text, number or truth value. */
export function literal<const T extends string | number | boolean>(wanted: T): Shape<T> {
  return (value, path) => {
    if (value !== wanted) throw new Malformed(path, JSON.stringify(wanted))
    return wanted
  }
}

/** One of these texts. */
export function oneOf<const T extends string>(wanted: readonly T[]): Shape<T> {
  const set: ReadonlySet<unknown> = new Set(wanted)
  return (value, path) => {
    if (!set.has(value)) throw new Malformed(path, `one of ${wanted.join(', ')}`)
    return value as T
  }
}

/** Text that matches a pattern. */
export function matching<T extends string>(pattern: RegExp, what: string): Shape<T> {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new Malformed(path, what)
    return value as T
  }
}

/** A name as people write it: 1 to `max` characters, no control or invisible character, no space at either end. */
export function name(max: number): Shape<string> {
  const pattern = /^(?! )[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<! )$/u
  return (value, path) => {
    if (typeof value !== 'string' || value.length > max || !pattern.test(value)) {
      throw new Malformed(path, `a text of 1 to ${max} characters without control characters`)
    }
    return value
  }
}

/** A whole number from `min` to `max`. */
export function integer({ min, max }: Range): Shape<number> {
  return (value, path) => {
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      throw new Malformed(path, `a whole number from ${min} to ${max}`)
    }
    return value as number
  }
}

export const boolean: Shape<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new Malformed(path, 'true or false')
  return value
}

/** Minor units, 0 to 2^53 - 1. JSON integer outside, bigint inside. */
export const amount: Shape<Amount> = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new Malformed(path, `whole minor units from 0 to ${AMOUNT_MAX}`)
  }
  return BigInt(value as number) as Amount
}

/** Minor units of either sign, as an issuance balance has them. */
export const signedAmount: Shape<bigint> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw new Malformed(path, 'whole minor units')
  return BigInt(value as number)
}

/** Milliseconds since 1970 in UTC, up to the year 2255, so that microseconds stay exact too. */
export const timeMs: Shape<number> = integer({ min: 0, max: 9_000_000_000_000 })

/** Microseconds since 1970 in UTC. */
export const timeUs: Shape<number> = integer({ min: 0, max: 9_000_000_000_000_000 })

/** A day in UTC, counted from 1970-01-01, up to the year 2255. */
export const day: Shape<number> = integer({ min: 0, max: 104_166 })

/** `null`, or this shape. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path))
}

/** The first of two shapes, told apart by the member that only it has. */
export function either<A, B>(member: string, first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, path) =>
    isObject(value) && member in value ? first(value, path) : second(value, path)
}
