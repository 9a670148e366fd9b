import { concat, isSameBytes } from '../bytes.ts'
import { type Hash, hashParts } from '../hash.ts'
import { hashInner, hashLeaf } from './merkle.ts'
import { forkOf, PATH_BITS, pathBit } from './state-path.ts'

const HASH_BYTES = 32

/** A leaf and its way to the root. Digests and hashes of 32 bytes. */
export interface StateLeaf {
  readonly k: Uint8Array
  readonly v: Uint8Array
  /** What stands beside the way, deepest first: 32 zero bytes for an empty subtree. */
  readonly siblings: readonly Uint8Array[]
}

/** That a key has a record; or that it has none, by the leaves left and right of its path, where there are such. */
export type StateProof =
  | { readonly kind: 'present'; readonly leaf: StateLeaf }
  | { readonly kind: 'absent'; readonly left?: StateLeaf; readonly right?: StateLeaf }

/** What a proof is asked to prove. */
export interface StateClaim {
  /** The state root, 32 bytes: of a checkpoint that is trusted. */
  readonly root: Uint8Array
  /** The text `kind/id`. */
  readonly key: string
  /** The canonical JSON of the record; `undefined`: there is none. */
  readonly value: string | undefined
  readonly proof: StateProof
}

/**
 * True when a proof proves its claim. Whatever strangers send, it answers, and false when in doubt.
 *
 * Why a forged proof does not pass, as long as nobody finds two inputs of one hash, or an input whose hash is 32 zero bytes:
 * the path of every leaf is the hash of its k, so a proof cannot choose where a leaf stands; a leaf and an inner node differ in
 * their first byte, so neither passes for the other; and ways that meet in one root are one way as far as their paths agree.
 * So presence shows the one leaf that can stand on the path of the key. Absence shows two leaves on the two sides of
 * that path whose ways part at one inner node, below which the left one goes right wherever something stands there, and the
 * right one left: between them there are only empty subtrees, so no leaf, and that of the key would be there. With one neighbour,
 * the same holds from that leaf to the edge of the tree. This holds for every root, honest or not: none proves both.
 */
export function isProven(hash: Hash, { root, key, value, proof }: StateClaim): boolean {
  // What is not well-formed has the UTF-8 of another text.
  if (!key.isWellFormed() || value?.isWellFormed() === false) return false
  const k = hashParts(hash, key)
  if (proof.kind === 'absent') {
    return value === undefined && isAbsent(hash, { root, path: hash(k), ...proof })
  }
  if (value === undefined || !isSameBytes(proof.leaf.k, k)) return false
  if (!isSameBytes(proof.leaf.v, hashParts(hash, value))) return false
  return placeLeaf(hash, proof.leaf, root) !== undefined
}

/** A leaf that the root holds: its path, and its siblings from the root down. */
interface PlacedLeaf {
  readonly path: Uint8Array
  readonly siblings: readonly Uint8Array[]
}

/** Where the root holds a leaf; `undefined` when it does not. */
function placeLeaf(hash: Hash, leaf: StateLeaf, root: Uint8Array): PlacedLeaf | undefined {
  const { k, v, siblings } = leaf
  if (siblings.length > PATH_BITS) return undefined
  if (![k, v, ...siblings].every(({ length }) => length === HASH_BYTES)) return undefined
  const path = hash(k)
  let node = hashLeaf(hash, concat(path, hash(v)))
  let depth = siblings.length
  for (const sibling of siblings) {
    depth -= 1
    const isLeft = pathBit(path, depth) === 0
    node = isLeft ? hashInner(hash, node, sibling) : hashInner(hash, sibling, node)
  }
  return isSameBytes(node, root) ? { path, siblings: siblings.toReversed() } : undefined
}

interface Gap {
  readonly root: Uint8Array
  /** Of the key that has no record. */
  readonly path: Uint8Array
  readonly left?: StateLeaf
  readonly right?: StateLeaf
}

/** True when the root holds the leaves on the two sides of a path, and no leaf between them. */
function isAbsent(hash: Hash, { root, path, left, right }: Gap): boolean {
  const from = left && placeLeaf(hash, left, root)
  const to = right && placeLeaf(hash, right, root)
  if ((left && !from) || (right && !to)) return false
  if (from && !isBefore(from.path, path)) return false
  if (to && !isBefore(path, to.path)) return false
  if (from && to) {
    const fork = forkOf(from.path, to.path)
    // Both stand below the fork, so the one is in the subtree beside the way of the other there.
    if (fork >= from.siblings.length || fork >= to.siblings.length) return false
    return isOutermost(from, 1, fork + 1) && isOutermost(to, 0, fork + 1)
  }
  if (from) return isOutermost(from, 1, 0)
  return to !== undefined && isOutermost(to, 0, 0)
}

/** True when nothing stands on a side (0 left, 1 right) of a leaf's way, from a depth down to the leaf. */
function isOutermost({ path, siblings }: PlacedLeaf, side: 0 | 1, depth: number): boolean {
  return siblings.every(
    (sibling, at) =>
      at < depth || pathBit(path, at) === side || sibling.every((byte) => byte === 0),
  )
}

/** True when a path stands left of another. */
function isBefore(one: Uint8Array, other: Uint8Array): boolean {
  const fork = forkOf(one, other)
  return fork < PATH_BITS && pathBit(one, fork) === 0
}
