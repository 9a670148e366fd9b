/**
 * The one codec: canonical JSON (RFC 8785) with integers only. Txs, outcomes, records and headers are
 * these bytes, so that any language can check them. Source: docs/spec/tx.md.
 */
import { assert } from './assert.ts'

/** Deepest nesting that is read or written. */
export const DEPTH_MAX = 12

/** What canonical JSON can hold here. A bigint is written as an integer; fractions do not exist. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [member: string]: Json | undefined }

/**
 * Canonical JSON text of a value: members sorted by UTF-16 code units, no space, integers only.
 *
 * Members that are `undefined` are left out.
 * Range: integers within 2^53 - 1 either way; anything else is a bug of the caller (asserts).
 */
export function encode(value: Json | object, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'bigint') return encodeInteger(value)
  if (value === null || typeof value === 'boolean') return String(value)
  assert(depth < DEPTH_MAX, 'JSON is not nested deeper than DEPTH_MAX')
  if (Array.isArray(value)) return encodeArray(value, depth)
  return encodeObject(value as { [member: string]: Json | undefined }, depth)
}

function encodeArray(value: readonly Json[], depth: number): string {
  let text = ''
  for (const one of value) text += `${text === '' ? '' : ','}${encode(one, depth + 1)}`
  return `[${text}]`
}

function encodeObject(value: { [member: string]: Json | undefined }, depth: number): string {
  const names = Object.keys(value)
  let text = ''
  for (const name of isSorted(names) ? names : names.sort()) {
    const member = value[name]
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${encode(member, depth + 1)}`
  }
  return `{${text}}`
}

/** What was read from canonical JSON is in order already. */
function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return false
  }
  return true
}

function encodeInteger(value: number | bigint): string {
  const isExact = Number.isSafeInteger(Number(value)) && !Object.is(value, -0)
  assert(isExact, 'numbers in JSON are integers within 2^53 - 1')
  return String(value)
}

/**
 * Reads canonical JSON. Answers `undefined` for every other text, valid JSON or not: duplicate members,
 * spaces, another order, fractions, exponents, unpaired surrogates, deep nesting. Numbers stay numbers;
 * shapes turn amounts into bigints.
 */
export function decode(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    if (!isPlain(value, 0)) return undefined
    // Two ways to the same answer: the engine's own writer is several times quicker, and keeps the order that it read.
    const isCanonical = JSON.stringify(value) === text ? isInOrder(value) : encode(value) === text
    return isCanonical ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** True when the members of every object in it are in their order. */
function isInOrder(value: Json | undefined): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isInOrder)
  const members = value as { readonly [member: string]: Json | undefined }
  const names = Object.keys(members)
  return isSorted(names) && names.every((name) => isInOrder(members[name]))
}

function isPlain(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0)
  if (typeof value === 'string') return value.isWellFormed()
  if (value === null || typeof value !== 'object') return true
  if (depth >= DEPTH_MAX) return false
  if (Array.isArray(value)) return value.every((one) => isPlain(one, depth + 1))
  const members = value as { readonly [member: string]: Json | undefined }
  for (const name of Object.keys(members)) {
    if (!name.isWellFormed() || !isPlain(members[name], depth + 1)) return false
  }
  return true
}
