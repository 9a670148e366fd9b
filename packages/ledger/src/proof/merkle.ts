import { concat } from '../bytes.ts'
import type { Hash } from '../hash.ts'

const LEAF = Uint8Array.of(0x00)
const INNER = Uint8Array.of(0x01)

/**
 * Root of the Merkle tree of RFC 9162, section 2.1.1: the hash of nothing for an empty list, H(0x00 | leaf), and
 * H(0x01 | left | right) with the largest power of two below the size on the left.
 */
export function merkleRoot(hash: Hash, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash(new Uint8Array())
  // Perfect subtrees to the left of the current leaf, largest first; equal sizes merge as a binary counter carries.
  const peaks: { readonly size: number; readonly root: Uint8Array }[] = []
  for (const leaf of leaves) {
    let peak = { size: 1, root: hash(concat(LEAF, leaf)) }
    for (let last = peaks.at(-1); last?.size === peak.size; last = peaks.at(-1)) {
      peaks.pop()
      peak = { size: peak.size * 2, root: hash(concat(INNER, last.root, peak.root)) }
    }
    peaks.push(peak)
  }
  return peaks
    .map(({ root }) => root)
    .reduceRight((right, left) => hash(concat(INNER, left, right)))
}
