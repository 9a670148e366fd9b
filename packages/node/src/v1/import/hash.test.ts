import { describe, expect, it } from 'vitest'
import { parseJson } from '../codec/json.ts'
import { toPythonText, v1Hash, v1HashedText } from './hash.ts'
import type { V1Line } from './rows.ts'

/** A line of a running v1, with the hash that it gave. */
const LINE: V1Line = {
  id: '00000000000000000000000000000001',
  hash: 'b72164a96f4678282514c2bcabbbee30fc0e46a661058c7ef8ce858a7ff505af',
  ip: '127.0.0.1',
  at: '2026-11-22 10:23:55.881904',
  checkedAt: '2026-11-22 10:23:55.881976',
  action: 'CRE',
  asset: 'c6e624fcb57e403b8a028c10a66b8305',
  from: '1581a24d3c7546b3a1dce4ee00ba1ff6',
  to: '1581a24d3c7546b3a1dce4ee00ba1ff6',
  amount: 1000n,
  card: '96f86fbeade8423ca92422ab07273160',
  primary: 'c1cb06574d46495fa5e92aed9a71f262',
  checkout: undefined,
  previous: 'fb8cf048ae044dc6afc0f62ecc035edd',
  comment: undefined,
  metadata: undefined,
  subscriptionType: 'NO',
  subscriptionFirst: undefined,
  subscriptionStart: undefined,
}
const BESIDE = {
  previousHash: '81582f8cefa3b8fc757d5238952d9fb4cfcfa62bcefd57924df77a28f5bdcc84',
  stripeId: undefined,
}

describe('the hash of a v1 line', () => {
  it('is the one that v1 gave', () => {
    expect(v1Hash(LINE, BESIDE)).toBe(LINE.hash)
  })

  it.each<[keyof V1Line, V1Line[keyof V1Line]]>([
    ['amount', 1001n],
    ['at', '2026-11-22 10:23:55.881905'],
    ['comment', 'two beers'],
    ['card', undefined],
    ['metadata', '{}'],
    ['subscriptionStart', '2026-11-22 00:00:00'],
  ])('covers %s', (name, value) => {
    expect(v1Hash({ ...LINE, [name]: value }, BESIDE)).not.toBe(LINE.hash)
  })

  it('covers neither the id nor the address', () => {
    expect(v1Hash({ ...LINE, id: LINE.asset, ip: '10.0.0.1' }, BESIDE)).toBe(LINE.hash)
  })

  it('shows moments as Python does: no fraction when it is zero', () => {
    const text = v1HashedText({ ...LINE, at: '2026-11-22 10:23:55' }, BESIDE)
    expect(text).toContain('"datetime": "2026-11-22T10:23:55+00:00"')
  })
})

describe('metadata as Python shows them', () => {
  // Each right side is what Python 3 printed for str(json.loads(left)).
  it.each([
    ['"text"', 'text'],
    ['"it\'s"', "it's"],
    ['null', 'None'],
    ['true', 'True'],
    ['12', '12'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1e16', '1e+16'],
    ['-0.0', '-0.0'],
    ['1e-7', '1e-07'],
    ['[]', '[]'],
    ['{}', '{}'],
    ['[1, "a", null, false]', "[1, 'a', None, False]"],
    ['{"a": 1, "a": 2}', "{'a': 2}"],
    [
      '{"2": 1, "1": {"b": "it\'s", "a": "say \\"hi\\""}}',
      `{'2': 1, '1': {'b': "it's", 'a': 'say "hi"'}}`,
    ],
    ['{"q": "it\'s \\"x\\""}', `{'q': 'it\\'s "x"'}`],
    [
      '{"k": "é€\\n\\t\\\\ \\u2028\\u00a0\\u007f\\u0000😀\\u200b\\ud800"}',
      "{'k': 'é€\\n\\t\\\\ \\u2028\\xa0\\x7f\\x00😀\\u200b\\ud800'}",
    ],
  ])('%s', (json, expected) => {
    expect(toPythonText(parseJson(json))).toBe(expected)
  })
})
