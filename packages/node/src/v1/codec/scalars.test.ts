import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Json, PythonFloat } from './json.ts'
import {
  formatDatetime,
  parseAmount,
  parseBoolean,
  parseDatetime,
  parseText,
  parseUuid,
} from './scalars.ts'

/** Each value as the one argument of a test: a list would be taken for several. */
const cases = (...values: Json[]): [Json][] => values.map((value) => [value])

describe('a UUID', () => {
  const id = '035b5166-cdf5-44af-9a3d-c86a8190444a'

  it.each([
    id,
    id.toUpperCase(),
    id.replaceAll('-', ''),
    `urn:uuid:${id}`,
    `URN:UUID:${id.toUpperCase()}`,
    `{${id}}`,
    `urn:uuid:{${id.replaceAll('-', '')}}`,
  ])('is read from %s', (text) => {
    expect(parseUuid(text)).toBe(id)
  })

  it.each(
    cases(
      '',
      'None',
      id.slice(1),
      `${id}0`,
      ` ${id}`,
      `${id}\n`,
      id.replace('0', 'g'),
      1n,
      null,
      true,
      [id],
      { id },
    ),
  )('is not %s', (value) => {
    expect(parseUuid(value)).toBeUndefined()
  })

  it('is not text without end', () => {
    expect(parseUuid('-'.repeat(1_000_000))).toBeUndefined()
  })
})

describe('a date and time', () => {
  it.each([
    ['2026-05-01', '2026-05-01T00:00:00Z'],
    ['2026-05-01 00:00:00+02:00', '2026-04-30T22:00:00Z'],
    ['2026-06-01T12:34:56.789012', '2026-06-01T12:34:56.789012Z'],
    ['2026-06-01T12:34:56.789012Z', '2026-06-01T12:34:56.789012Z'],
    ['2026-06-01T12:34', '2026-06-01T12:34:00Z'],
    ['2026-06-01 12:34:56.7', '2026-06-01T12:34:56.700000Z'],
    ['2026-06-01T12:34:56.000001-0330', '2026-06-01T16:04:56.000001Z'],
    ['2026-06-01T12:34:56+14', '2026-05-31T22:34:56Z'],
    ['2026-06-01T12:34:56.000000Z', '2026-06-01T12:34:56Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['0099-01-01', '0099-01-01T00:00:00Z'],
  ])('is read from %s', (text, answer) => {
    const moment = parseDatetime(text)
    expect(moment && formatDatetime(moment.timeUs)).toBe(answer)
  })

  it.each([
    ['2026-06-01T12:34:56', false],
    ['2026-06-01', false],
    ['2026-06-01T12:34:56Z', true],
    ['2026-06-01T12:34:56+00', true],
  ])('%s says its offset: %s', (text, hasOffset) => {
    expect(parseDatetime(text)?.hasOffset).toBe(hasOffset)
  })

  it.each([
    '',
    'now',
    '1780000000',
    '2026-5-1',
    '2026-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '0000-01-01',
    '2026-06-01T24:00:00',
    '2026-06-01T12:60:00',
    '2026-06-01T12:34:60',
    '2026-06-01T12:34:56.1234567',
    '2026-06-01T12:34:56.',
    '2026-06-01T12',
    '2026-06-01Z',
    '2026-06-01T12:34:56+24:00',
    '2026-06-01T12:34:56+02:60',
    '2026-06-01T12:34:56 +02:00',
    ' 2026-06-01',
    '2026-06-01\n',
    '٢٠٢٦-06-01',
  ])('is not %s', (text) => {
    expect(parseDatetime(text)).toBeUndefined()
  })

  it('comes back to the microsecond', () => {
    const max = Date.UTC(2250, 0) * 1_000
    fc.assert(
      fc.property(fc.integer({ min: -max, max }), (timeUs) => {
        const text = formatDatetime(timeUs)
        expect(parseDatetime(text)).toEqual({ timeUs, hasOffset: true })
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/)
      }),
    )
  })
})

describe('an amount', () => {
  it.each([
    [10n, 10n],
    [-3n, -3n],
    [10, 10n],
    [new PythonFloat(10), 10n],
    [new PythonFloat(-0), 0n],
    ['10', 10n],
    [' 5 ', 5n],
    ['10.0', 10n],
    ['10.00 ', 10n],
    ['10.', 10n],
    ['+7', 7n],
    ['-7', -7n],
    [2n ** 80n, 2n ** 80n],
  ])('is read from %s', (value, amount) => {
    expect(parseAmount(value)).toBe(amount)
  })

  it.each(
    cases(
      new PythonFloat(10.5),
      new PythonFloat(1e16),
      new PythonFloat(Number.POSITIVE_INFINITY),
      0.5,
      true,
      null,
      '',
      ' ',
      '10.5',
      '1e3',
      '0x10',
      'dix',
      [],
      [1n],
      new Map(),
    ),
  )('is not %s', (value) => {
    expect(parseAmount(value)).toBeUndefined()
  })

  it('is text of a thousand signs at most', () => {
    expect(parseAmount('0'.repeat(1_000))).toBe(0n)
    expect(parseAmount('0'.repeat(1_001))).toBeUndefined()
    expect(parseAmount(`${' '.repeat(499)}1${' '.repeat(499)}x`)).toBeUndefined()
  })
})

describe('yes or no', () => {
  it.each(
    cases(
      true,
      'true',
      'True',
      'TRUE',
      '1',
      1,
      1n,
      new PythonFloat(1),
      'yes',
      'on',
      'ON',
      't',
      'y',
    ),
  )('is yes: %s', (value) => {
    expect(parseBoolean(value)).toBe(true)
  })

  it.each(cases(false, 'false', 'False', '0', 0, 0n, new PythonFloat(0), 'no', 'off', 'f', 'n'))(
    'is no: %s',
    (value) => {
      expect(parseBoolean(value)).toBe(false)
    },
  )

  it.each(cases(null, '', 'oui', 2n, new PythonFloat(0.5), [], [true], new Map()))(
    'is neither: %s',
    (value) => {
      expect(parseBoolean(value)).toBeUndefined()
    },
  )
})

describe('text', () => {
  it.each([
    ['Café', 'Café'],
    ['  Bar à \n thé\u00a0\u001c ', 'Bar à \n thé'],
    [' \t\n', ''],
    ['\ufeff', '\ufeff'],
    [10n, '10'],
    [new PythonFloat(10), '10.0'],
    [7, '7'],
  ])('is read from %s', (value, text) => {
    expect(parseText(value)).toBe(text)
  })

  it.each(cases(true, false, null, [], new Map(), 'a\0b', 'a\ud800'))('is not %s', (value) => {
    expect(parseText(value)).toBeUndefined()
  })

  it('is trimmed in one pass, however much white space is inside', () => {
    const text = `a${' '.repeat(1_000_000)}b`
    expect(parseText(` ${text} `)).toBe(text)
  })
})
