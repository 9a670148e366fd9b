import { describe, expect, it } from 'vitest'
import { v1Hash } from '../hash.ts'
import type { V1Line } from '../rows.ts'
import { MetadataOrder } from './metadata-order.ts'

const BESIDE = { previousHash: 'ab'.repeat(32), stripeId: undefined }

/** A line whose hash covers the first text and that is stored with the second. */
function lineOf(written: string, stored: string): V1Line {
  const id = '035b5166cdf544af9a3dc86a8190444a'
  const line: V1Line = {
    ...{
      id,
      asset: id,
      from: id,
      to: id,
      previous: id,
      amount: 100n,
      action: 'REF',
      ip: '0.0.0.0',
    },
    ...{ at: '2026-11-22 19:53:41.646797', checkedAt: undefined, comment: undefined, hash: '' },
    ...{ card: undefined, primary: undefined, checkout: undefined, subscriptionType: 'NO' },
    ...{ subscriptionFirst: undefined, subscriptionStart: undefined, metadata: written },
  }
  return { ...line, hash: v1Hash(line, BESIDE), metadata: stored }
}

const WRITTEN = '{"zone": "Bar", "id": 1, "by": {"name": "Ana", "at": [{"y": 1, "x": 2.0}]}}'
const STORED = '{"by": {"at": [{"x": 2.0, "y": 1}], "name": "Ana"}, "id": 1, "zone": "Bar"}'

describe('the order of the members of metadata', () => {
  it('is found again by the hash of the line, also inside', () => {
    expect(new MetadataOrder().find(lineOf(WRITTEN, STORED), BESIDE)).toBe(WRITTEN)
  })

  it('is learnt: a second line takes no more tries', () => {
    const order = new MetadataOrder(3 * 2 * 1 * 2 * 2)
    expect(order.find(lineOf(WRITTEN, STORED), BESIDE)).toBe(WRITTEN)
    for (const place of ['Terrasse', 'Quai', 'Salle']) {
      const [written, stored] = [WRITTEN, STORED].map((text) => text.replace('Bar', place))
      expect(order.find(lineOf(written ?? '', stored ?? ''), BESIDE)).toBe(written)
    }
  })

  it.each([WRITTEN, '"a text"', '[]', 'not JSON', '{"a": 1}'])('stays when it fits: %s', (text) => {
    const line = lineOf(text === 'not JSON' ? '""' : text, text)
    expect(new MetadataOrder().find(line, BESIDE)).toBeUndefined()
  })

  it('stays when no order fits, and does not try for ever', () => {
    const names = [...'abcdefghijklmnopqrstuvwxyz']
    const stored = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])))
    const order = new MetadataOrder(1_000)
    expect(order.find(lineOf('"another"', stored), BESIDE)).toBeUndefined()
    expect(order.find(lineOf(WRITTEN, STORED), BESIDE)).toBeUndefined()
    expect(new MetadataOrder().find(lineOf('"another"', STORED), BESIDE)).toBeUndefined()
  })
})
