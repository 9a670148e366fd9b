import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NESTING_MAX, parseStrictJson, StrictJsonError } from './strict-json.ts'

function parse(text: string): unknown {
  return parseStrictJson(new TextEncoder().encode(text))
}

function whyNot(text: string): string {
  try {
    parse(text)
  } catch (cause) {
    if (cause instanceof StrictJsonError) return cause.why
    throw cause
  }
  return 'was read'
}

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":1}', 'has a member twice in one object'],
    ['[{"x":{"a":1,"b":{},"a":2}}]', 'has a member twice in one object'],
    ['{"a":1,"\\u0061":2}', 'has a member twice in one object'],
    ['{"__proto__":{}}', 'has a member named __proto__'],
    ['1.0', 'has a number that is not written as a whole number'],
    ['[1,2e5]', 'has a number that is not written as a whole number'],
    ['{"a":1E5}', 'has a number that is not written as a whole number'],
    ['-0', 'has a number that is not written as a whole number'],
    ['[-0]', 'has a number that is not written as a whole number'],
    ['"\\udc00"', 'has an unpaired surrogate'],
    ['{"\\ud800":1}', 'has an unpaired surrogate'],
    [`${'['.repeat(NESTING_MAX + 1)}${']'.repeat(NESTING_MAX + 1)}`, 'is nested deeper than 32'],
    ['', 'is not JSON'],
    ['{"a":1}{', 'is not JSON'],
    ['"never ends', 'is not JSON'],
    ['\uFEFF{}', 'is not JSON'],
  ])('refuses %s', (text, why) => {
    expect(whyNot(text)).toBe(why)
  })

  it.each([
    '{"a":{"a":[{"a":1}]}}',
    '"1.5e-0:{{"',
    '{"a:b":"\\\\","c\\"":-10}',
    '[true,false,null,-1]',
    `"${'['.repeat(99)}"`,
  ])('reads %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toThrow(StrictJsonError)
  })

  it('reads what JSON.parse reads of values without fractions', () => {
    const text = fc.string({ unit: 'binary' }).filter((one) => one !== '__proto__')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger().map((one) => one + 0),
        text,
        fc.array(tie('value')),
        fc.dictionary(text, tie('value')),
      ),
    }))
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 2 }), (one, indent) => {
        const json = JSON.stringify(one, null, indent)
        expect(parse(json)).toEqual(JSON.parse(json))
      }),
    )
  })
})
