import { describe, expect, it } from 'vitest'
import { decode, encode, type Json } from '../codec.ts'
import { nobleHash } from '../hash.ts'
import { Malformed } from '../shape.ts'
import type { StateProof } from './state-proof.ts'
import { encodeStateProof, parseStateProof } from './state-proof-json.ts'
import { StateTree } from './state-tree.ts'

const tree = new StateTree(nobleHash)
for (const name of ['a', 'b', 'c', 'd']) tree.put(`wallet/${name}`, '{}')
tree.seal(1)
const keys = Array.from({ length: 20 }, (_, number) => `wallet/${'abcdefghijklmnopqrst'[number]}`)
const proofs = keys.map((key) => tree.prove(1, key) ?? { kind: 'absent' as const })

describe('the JSON of a state proof', () => {
  it('is read back as it was written', () => {
    for (const proof of proofs) {
      const text = encode(encodeStateProof(proof))
      expect(parseStateProof(decode(text))).toEqual(proof)
    }
    // All forms are among them: present, and absent with either neighbour or both.
    expect(new Set(proofs.map(form))).toEqual(new Set(['leaf', 'left', 'right', 'left right']))
  })

  const zero = `${'A'.repeat(43)}=`
  const leaf = { k: zero, v: zero, siblings: [zero] }
  it.each<[string, Json, string]>([
    ['nothing', null, '$'],
    ['neither form', {}, '.absent'],
    ['both forms', { absent: {}, present: leaf }, '.absent'],
    ['an unknown member', { present: { ...leaf, path: zero } }, '.present.path'],
    ['an unknown neighbour', { absent: { middle: leaf } }, '.absent.middle'],
    ['no siblings', { present: { k: zero, v: zero } }, '.present.siblings'],
    ['31 bytes', { present: { ...leaf, k: `${'A'.repeat(41)}==` } }, '.present.k'],
    ['33 bytes', { present: { ...leaf, v: 'A'.repeat(44) } }, '.present.v'],
    ['no padding', { present: { ...leaf, v: 'A'.repeat(43) } }, '.present.v'],
    ['the other alphabet', { present: { ...leaf, k: `_${zero.slice(1)}` } }, '.present.k'],
    ['bits beyond 32 bytes', { present: { ...leaf, k: `${'A'.repeat(42)}B=` } }, '.present.k'],
    ['a number', { absent: { left: { ...leaf, siblings: [1] } } }, '.absent.left.siblings[0]'],
    [
      '257 siblings',
      { absent: { right: { ...leaf, siblings: Array.from({ length: 257 }, () => zero) } } },
      '.absent.right.siblings',
    ],
  ])('is refused with %s', (_, value, path) => {
    const refusal = parseStateProof(value)
    expect(refusal).toBeInstanceOf(Malformed)
    expect(refusal).toMatchObject({ path })
  })
})

function form(proof: StateProof): string {
  const { kind, ...leaves } = proof
  return Object.keys(leaves).join(' ')
}
