import { describe, expect, it } from 'vitest'
import { concat, toUtf8 } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import type { TxId } from '../ids.ts'
import { encodeOutcome, type Outcome } from '../outcome.ts'
import { HISTORY_LEAF_BYTES, historyLeaf } from './history-leaf.ts'

const id = '0190163d-8694-739b-aea5-966c26f8ad91' as TxId
const outcome: Outcome = {
  status: 'rejected',
  height: 3,
  index: 2,
  timeUs: 1_767_225_600_000_000,
  action: 0,
  rejection: { code: 'amount_must_be_positive' },
}

describe('a history leaf', () => {
  it('is the id, the hash of the bytes and the hash of the outcome', () => {
    const leaf = historyLeaf(nobleHash, { id, bytes: 'a.b.c', outcome })
    const hashes = [nobleHash(toUtf8('a.b.c')), nobleHash(toUtf8(encodeOutcome(outcome)))]
    expect(leaf).toEqual(concat(Uint8Array.fromHex('0190163d8694739baea5966c26f8ad91'), ...hashes))
    expect(leaf).toHaveLength(HISTORY_LEAF_BYTES)
  })

  it('is the same for bytes and their text, an outcome and its JSON', () => {
    const text = historyLeaf(nobleHash, { id, bytes: '{"é":1}', outcome })
    const json = encodeOutcome(outcome)
    expect(historyLeaf(nobleHash, { id, bytes: toUtf8('{"é":1}'), outcome: json })).toEqual(text)
  })
})
