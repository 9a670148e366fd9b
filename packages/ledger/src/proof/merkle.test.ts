import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import { merkleRoot } from './merkle.ts'

/** The test leaves and roots that implementations of RFC 6962 and RFC 9162 share, by size. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

describe('the Merkle root', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('of %i known leaves', (size, root) => {
    const leaves = LEAVES.slice(0, size).map((hex) => Uint8Array.fromHex(hex))
    expect(toHex(merkleRoot(nobleHash, leaves))).toBe(root)
  })

  it('is the recursion of RFC 9162, section 2.1.1', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 40 }), (leaves) => {
        expect(toHex(merkleRoot(nobleHash, leaves))).toBe(toHex(byDefinition(leaves)))
      }),
    )
  })

  it('changes when a leaf is doubled, moved or cut in two', () => {
    const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)]
    const lists = [[a, b], [b, a], [a, b, b], [concat(a, b)], [a, b, new Uint8Array()]]
    expect(new Set(lists.map((list) => toHex(merkleRoot(nobleHash, list)))).size).toBe(5)
  })
})

function byDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return nobleHash(new Uint8Array())
  if (leaves.length === 1) return nobleHash(concat(Uint8Array.of(0), only))
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const left = byDefinition(leaves.slice(0, split))
  const right = byDefinition(leaves.slice(split))
  return nobleHash(concat(Uint8Array.of(1), left, right))
}
