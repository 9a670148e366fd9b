import { type Hash, hashParts } from '../hash.ts'

const LEAF = Uint8Array.of(0x00)
const INNER = Uint8Array.of(0x01)

/** H(0x00 | leaf): the hash of a leaf. Text stands for its UTF-8. Source: RFC 9162, section 2.1.1. */
export function hashLeaf(hash: Hash, leaf: Uint8Array | string): Uint8Array {
  return hashParts(hash, LEAF, leaf)
}

/** H(0x01 | left | right): the hash of two subtrees. Source: RFC 9162, section 2.1.1. */
export function hashInner(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashParts(hash, INNER, left, right)
}

/** `hashInner` of two hashes that already stand one after the other. */
export function hashPair(hash: Hash, pair: Uint8Array): Uint8Array {
  return hashParts(hash, INNER, pair)
}

interface Peak {
  readonly size: number
  readonly root: Uint8Array
}

/**
 * The Merkle tree of RFC 9162, section 2.1.1, grown one leaf at a time: H(0x00 | leaf), and H(0x01 | left | right) with
 * the largest power of two below the size on the left. The hash of nothing when empty.
 */
export class MerkleTree {
  readonly #hash: Hash
  /** Perfect subtrees, largest first: equal sizes merge as a binary counter carries. */
  readonly #peaks: Peak[] = []

  constructor(hash: Hash) {
    this.#hash = hash
  }

  /** Text stands for its UTF-8. */
  append(leaf: Uint8Array | string): void {
    let peak: Peak = { size: 1, root: hashLeaf(this.#hash, leaf) }
    for (let last = this.#peaks.at(-1); last?.size === peak.size; last = this.#peaks.at(-1)) {
      this.#peaks.pop()
      peak = { size: peak.size * 2, root: hashInner(this.#hash, last.root, peak.root) }
    }
    this.#peaks.push(peak)
  }

  root(): Uint8Array {
    const roots = this.#peaks.map(({ root }) => root)
    if (roots.length === 0) return this.#hash(new Uint8Array())
    return roots.reduceRight((right, left) => hashInner(this.#hash, left, right))
  }
}

/** The root over a list of leaves. Source: RFC 9162, section 2.1.1. */
export function merkleRoot(hash: Hash, leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = new MerkleTree(hash)
  for (const leaf of leaves) tree.append(leaf)
  return tree.root()
}
