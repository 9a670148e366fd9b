import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEPTH_MAX, decode, encode, type Json } from './codec.ts'

describe('encode', () => {
  it('sorts members as the sample of RFC 8785, section 3.2.3', () => {
    const sample = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': 7,
    }
    expect(encode(sample)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    )
  })

  it('escapes text as the sample of RFC 8785, section 3.2.2', () => {
    expect(encode('\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/')).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    )
    expect(encode('\u0000\b\t\n\f\r\u001f\u007f\u2028')).toBe(
      '"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f\u2028"',
    )
  })

  it('writes literals, integers of both kinds and empty containers', () => {
    const value = { z: [null, true, false], n: -1, b: 9_007_199_254_740_991n, o: {}, a: [] }
    expect(encode(value)).toBe('{"a":[],"b":9007199254740991,"n":-1,"o":{},"z":[null,true,false]}')
  })

  it('leaves out members without a value', () => {
    expect(encode({ b: undefined, a: 1 })).toBe('{"a":1}')
  })

  it.each([
    0.5,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 70n,
  ])('stops on %s, which JSON would not keep exact', (value) => {
    expect(() => encode([value])).toThrow('integers')
  })

  it('stops on a value nested deeper than DEPTH_MAX', () => {
    expect(encode(nested(DEPTH_MAX))).toBe('['.repeat(DEPTH_MAX) + ']'.repeat(DEPTH_MAX))
    expect(() => encode(nested(DEPTH_MAX + 1))).toThrow('nested')
  })
})

describe('decode', () => {
  it.each([
    ['a space', '{"a": 1}'],
    ['another order', '{"b":1,"a":2}'],
    ['a duplicate member', '{"a":1,"a":1}'],
    ['a duplicate member of another value', '{"a":1,"a":2}'],
    ['an exponent', '[1e3]'],
    ['a fraction', '[1.5]'],
    ['a whole fraction', '[1.0]'],
    ['minus zero', '[-0]'],
    ['a leading zero', '[01]'],
    ['an integer beyond 2^53 - 1', '[9007199254740992]'],
    ['an integer that rounds to a safe one', '[9007199254740990.9]'],
    ['infinity', '[1e999]'],
    ['an unpaired surrogate', '["\\ud800"]'],
    ['an unpaired surrogate, raw', '["\ud800"]'],
    ['an unpaired surrogate in a name', '{"\\udc00":1}'],
    ['an escape that is not needed', '["\\u0041"]'],
    ['an escaped solidus', '["\\/"]'],
    ['an upper-case escape', '["\\u000F"]'],
    ['a byte order mark', '\ufeff[]'],
    ['a comma too many', '[1,]'],
    ['text after the value', '[] '],
    ['two values', '[][]'],
    ['nothing', ''],
    ['a bare word', 'undefined'],
    ['a single quote', "['a']"],
    ['a raw control character', '["\n"]'],
    ['an unclosed array', '['],
    ['a comment', '[/**/]'],
  ])('refuses %s', (_, text) => {
    expect(decode(text)).toBeUndefined()
  })

  it('reads DEPTH_MAX levels and refuses one more, and a tower as large as a tx', () => {
    expect(decode(tower(DEPTH_MAX))).toEqual(nested(DEPTH_MAX))
    expect(decode(tower(DEPTH_MAX + 1))).toBeUndefined()
    expect(decode(tower(32_000))).toBeUndefined()
    expect(decode(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toBeUndefined()
    expect(decode('['.repeat(65_000))).toBeUndefined()
  })

  it('keeps a member named __proto__ as a plain member', () => {
    const value = decode('{"__proto__":{"kind":1}}') as object
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect((value as { kind?: unknown }).kind).toBeUndefined()
  })

  it('gives back every value that was encoded', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = encode(value)
        expect(decode(text)).toEqual(value)
        expect(encode(decode(text) as Json)).toBe(text)
      }),
    )
  })

  it('reads a text only when it is the one spelling of its value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = decode(text)
        if (value !== undefined) expect(encode(value)).toBe(text)
      }),
    )
  })
})

const anyText = fc.string({ unit: 'binary', maxLength: 8 })
const anyInteger = fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value))
const { anyJson } = fc.letrec<{ anyJson: Json }>((tie) => ({
  anyJson: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    anyInteger,
    anyText,
    fc.array(tie('anyJson'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('anyJson'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

function tower(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

function nested(depth: number): Json {
  return depth === 1 ? [] : [nested(depth - 1)]
}
