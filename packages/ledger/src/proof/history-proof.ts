/** Proofs of the history tree, checked against roots that a checkpoint signs. Source: docs/spec/history.md. */

import { isSameBytes } from '../bytes.ts'
import type { Hash } from '../hash.ts'
import { hashInner } from './merkle.ts'
import { HASH_BYTES } from './tiles.ts'

/** Says that a leaf stands in a tree. */
export interface InclusionProof {
  readonly leafHash: Uint8Array
  readonly index: number
  readonly size: number
  /** From the sibling of the leaf up to the root. */
  readonly hashes: readonly Uint8Array[]
}

/** A tree as a checkpoint names it. */
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/** Says that a tree begins with another: nothing of it was changed or taken out. */
export interface ConsistencyProof {
  readonly from: TreeHead
  readonly to: TreeHead
  readonly hashes: readonly Uint8Array[]
}

/**
 * The root of the tree that has this leaf at this index, or `undefined` when the proof has the wrong form.
 *
 * Proves nothing until it is compared with the root that a checkpoint signs for this very size: trees of several sizes
 * can give one path the same form. Source: RFC 9162, section 2.1.3.2.
 */
export function rootOfInclusion(hash: Hash, proof: InclusionProof): Uint8Array | undefined {
  const { leafHash, index, size, hashes } = proof
  if (!isCount(index) || !isCount(size) || index >= size) return undefined
  if (![leafHash, ...hashes].every(isHash)) return undefined
  const sides = sidesOf({ node: index, last: size - 1 }, hashes.length)
  let root = leafHash
  for (const [step, side] of sides?.entries() ?? []) {
    const sibling = hashes[step] as Uint8Array
    root = side === 'left' ? hashInner(hash, sibling, root) : hashInner(hash, root, sibling)
  }
  return sides && root
}

/**
 * Whether the tree of `to` begins with the whole tree of `from`, as far as both checkpoints name their size and root
 * truly. Equal sizes take equal roots and an empty proof. Every tree begins with the empty one: from size 0 up, the
 * proof is empty and no root is looked at. Source: RFC 9162, section 2.1.4.2.
 */
export function isConsistent(hash: Hash, { from, to, hashes }: ConsistencyProof): boolean {
  if (!isCount(from.size) || !isCount(to.size) || from.size > to.size) return false
  if (from.size === 0 && to.size > 0) return hashes.length === 0
  if (![from.root, to.root, ...hashes].every(isHash)) return false
  if (from.size === to.size) return hashes.length === 0 && isSameBytes(from.root, to.root)
  if (hashes.length === 0) return false
  const [first, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...hashes] : hashes
  let start: Place = { node: from.size - 1, last: to.size - 1 }
  while (start.node % 2 === 1) start = parentOf(start)
  const sides = sidesOf(start, rest.length)
  if (first === undefined || sides === undefined) return false
  let [older, newer] = [first, first]
  for (const [step, side] of sides.entries()) {
    const sibling = rest[step] as Uint8Array
    if (side === 'left') {
      older = hashInner(hash, sibling, older)
      newer = hashInner(hash, sibling, newer)
    } else newer = hashInner(hash, newer, sibling)
  }
  return isSameBytes(older, from.root) && isSameBytes(newer, to.root)
}

/** A node of a level and the last node of that level: fn and sn of RFC 9162. */
interface Place {
  readonly node: number
  readonly last: number
}

/** On which side each hash of a path stands, or `undefined` when the way up does not have this many. */
function sidesOf(start: Place, count: number): readonly ('left' | 'right')[] | undefined {
  const sides: ('left' | 'right')[] = []
  let place = start
  for (let step = 0; step < count; step += 1) {
    if (place.last === 0) return undefined
    const isLeft = place.node % 2 === 1 || place.node === place.last
    sides.push(isLeft ? 'left' : 'right')
    // The last node has no sibling on the levels where it is a left one.
    while (isLeft && place.node % 2 === 0 && place.node > 0) place = parentOf(place)
    place = parentOf(place)
  }
  return place.last === 0 ? sides : undefined
}

function parentOf({ node, last }: Place): Place {
  return { node: (node - (node % 2)) / 2, last: (last - (last % 2)) / 2 }
}

function isPowerOfTwo(size: number): boolean {
  let rest = size
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES
}
