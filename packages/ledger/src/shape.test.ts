import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amount,
  array,
  boolean,
  either,
  integer,
  literal,
  Malformed,
  map,
  matching,
  name,
  nullable,
  object,
  oneOf,
  optional,
  type Shape,
  signedAmount,
  timeMs,
  timeUs,
} from './shape.ts'

const card = object({ card: literal('c'), till: optional(integer({ min: 0, max: 9 })) })

describe('an object', () => {
  it('has its members and may lack the optional ones', () => {
    expect(card({ card: 'c' }, '')).toEqual({ card: 'c' })
    expect(card({ card: 'c', till: 3 }, '')).toEqual({ card: 'c', till: 3 })
  })

  it.each([
    ['a missing member', {}, '.card'],
    ['an unknown member', { card: 'c', other: 1 }, '.other'],
    ['an unknown member beside optional ones', { card: 'c', till: 1, other: 1 }, '.other'],
    ['null where a member may be absent', { card: 'c', till: null }, '.till'],
    ['a member named __proto__', JSON.parse('{"card":"c","__proto__":1}'), '.__proto__'],
    ['a member named constructor', { card: 'c', constructor: 1 }, '.constructor'],
    ['an array', ['c'], '$'],
    ['null', null, '$'],
    ['a text', 'c', '$'],
  ])('refuses %s and says where', (_, value, path) => {
    expect(refusal(card, value)?.path).toBe(path)
  })

  it('names the path inside nested values', () => {
    const nested = object({ parts: array(card, { min: 1, max: 2 }) })
    expect(refusal(nested, { parts: [{ card: 'c' }, { card: 'd' }] })?.path).toBe('.parts[1].card')
  })
})

describe('an array', () => {
  it('holds from min to max elements', () => {
    const shape = array(boolean, { min: 1, max: 2 })
    expect(shape([true, false], '')).toEqual([true, false])
    expect(refusal(shape, [])).toBeDefined()
    expect(refusal(shape, [true, true, true])).toBeDefined()
    expect(refusal(shape, { length: 1, 0: true })).toBeDefined()
    expect(refusal(shape, [true, 'true'])?.path).toBe('[1]')
  })
})

describe('a map', () => {
  const shape = map(boolean, 2)

  it('holds at most its number of members, under any name', () => {
    expect(shape({ a: true, b: false }, '')).toEqual({ a: true, b: false })
    expect(refusal(shape, { a: true, b: true, c: true })).toBeDefined()
    expect(refusal(shape, { a: 1 })?.path).toBe('.a')
  })

  it('keeps a member named __proto__ as a plain member', () => {
    expect(Object.keys(shape(JSON.parse('{"__proto__":true}'), ''))).toEqual(['__proto__'])
  })
})

describe('numbers', () => {
  it('are whole and in range', () => {
    const shape = integer({ min: 0, max: 10 })
    expect([0, 10].map((value) => shape(value, ''))).toEqual([0, 10])
    for (const value of [-1, 11, 0.5, Number.NaN, '1', 1n, null]) {
      expect(refusal(shape, value)).toBeDefined()
    }
  })

  it('become bigints as amounts, from 0 to 2^53 - 1', () => {
    expect(amount(0, '')).toBe(0n)
    expect(amount(Number.MAX_SAFE_INTEGER, '')).toBe(9_007_199_254_740_991n)
    for (const value of [-1, 2 ** 53, 0.5, '1', 1n, null, true]) {
      expect(refusal(amount, value)).toBeDefined()
    }
    expect(signedAmount(-Number.MAX_SAFE_INTEGER, '')).toBe(-9_007_199_254_740_991n)
    expect(refusal(signedAmount, -(2 ** 53))).toBeDefined()
  })

  it('are times up to the year 2255, exact in microseconds', () => {
    expect(timeMs(9_000_000_000_000, '') * 1_000).toBe(timeUs(9_000_000_000_000_000, ''))
    expect(refusal(timeMs, 9_000_000_000_001)).toBeDefined()
    expect(refusal(timeMs, -1)).toBeDefined()
  })
})

describe('a name', () => {
  it.each(['é', 'La Raffinerie', '😀', 'a'.repeat(10), "L'Épicerie"])('may be %j', (text) => {
    expect(name(20)(text, '')).toBe(text)
  })

  it.each([
    '',
    ' ',
    ' a',
    'a ',
    'a\n',
    'a\tb',
    '\u0000',
    '\u0085',
    'a\u2028b',
    '\ud800',
    'a'.repeat(21),
    7,
    null,
  ])('may not be %j', (text) => {
    expect(refusal(name(20), text)).toBeDefined()
  })

  it('takes long absurd texts at once', () => {
    const text = `${' '.repeat(30_000)}x${' '.repeat(30_000)}`
    expect(refusal(name(65_536), text)).toBeDefined()
  })
})

describe('choices', () => {
  it('are one of some texts', () => {
    const shape = oneOf(['a', 'b'])
    expect(shape('b', '')).toBe('b')
    for (const value of ['c', '', 0, null, ['a']]) expect(refusal(shape, value)).toBeDefined()
  })

  it('are told apart by a member', () => {
    const shape = either('only', object({ only: literal(1) }), object({ accepted: literal(true) }))
    expect(shape({ only: 1 }, '')).toEqual({ only: 1 })
    expect(shape({ accepted: true }, '')).toEqual({ accepted: true })
    for (const value of [{}, { only: 1, accepted: true }, [], null, 'only', 0]) {
      expect(refusal(shape, value)).toBeDefined()
    }
  })

  it('take null where it means something', () => {
    const shape = nullable(name(3))
    expect([shape(null, ''), shape('abc', '')]).toEqual([null, 'abc'])
    for (const value of [undefined, '', 0, []]) expect(refusal(shape, value)).toBeDefined()
  })

  it('match a whole text', () => {
    const shape = matching(/^[a-z]+$/, 'letters')
    expect(shape('ab', '')).toBe('ab')
    for (const value of ['a1', 'a\n', '', 7]) expect(refusal(shape, value)).toBeDefined()
  })
})

it('throws nothing but Malformed, whatever the value', () => {
  const shapes: readonly Shape<unknown>[] = [
    card,
    array(card, { min: 0, max: 3 }),
    map(amount, 3),
    either('card', card, object({ wallet: name(9) })),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.anything(), (shape, value) => {
      refusal(shape, value)
    }),
  )
})

function refusal(shape: Shape<unknown>, value: unknown): Malformed | undefined {
  try {
    shape(value, '')
    return undefined
  } catch (cause) {
    if (cause instanceof Malformed) return cause
    throw cause
  }
}
