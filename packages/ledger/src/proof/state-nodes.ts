import type { Hash } from '../hash.ts'
import { type DigestSlot, HashInput, TreeMemory } from './tree-memory.ts'

/** A node of the state tree: 0 for an empty subtree, above for an inner node (odd when it keeps its hash), below for a leaf. */
export type NodeRef = number

export const EMPTY: NodeRef = 0

/** Places of the digests of a leaf. An inner node has its hash, or none. */
const K = 0
const V = 1
const HASH = 0

/**
 * Inner nodes keep their hash at every third depth. Those between are hashed again when something beside them changes: 70 %
 * more hashes for each change, and 92 bytes a record instead of 122.
 */
const KEEPING_EVERY = 3

function isKeeping(inner: NodeRef): boolean {
  return (inner & 1) === 1
}

interface InnerInput {
  readonly input: HashInput
  readonly left: DigestSlot
  readonly right: DigestSlot
}

function newInnerInput(): InnerInput {
  const input = new HashInput(2, 0x01)
  return { input, left: input.slot(0), right: input.slot(1) }
}

/**
 * The nodes of a state tree in typed arrays: 64 bytes a leaf, 8 or 40 an inner node, of which a tree of random paths has
 * 1.44 for each leaf.
 *
 * A node is fresh until it is sealed. Only fresh nodes may change; an inner node that keeps its hash has it when it is
 * sealed. What is above a fresh node is fresh too: the tree sees to that.
 */
export class StateNodes {
  readonly #hash: Hash
  /** Marked: fresh. */
  readonly #leaves = new TreeMemory({ digests: 2, links: 0 })
  readonly #keeping = new TreeMemory({ digests: 1, links: 2 })
  readonly #passing = new TreeMemory({ digests: 0, links: 2 })
  readonly #digestInput = new HashInput(1)
  readonly #digest = this.#digestInput.slot(0)
  readonly #hashed = new HashInput(1).slot(0)
  readonly #leafInput = new HashInput(2, 0x00)
  readonly #path = this.#leafInput.slot(0)
  readonly #value = this.#leafInput.slot(1)
  /** One for each inner node that is being hashed on the way to another. */
  readonly #innerInputs = Array.from({ length: KEEPING_EVERY }, newInnerInput)

  constructor(hash: Hash) {
    this.#hash = hash
  }

  isFresh(ref: NodeRef): boolean {
    return ref < 0 ? this.#leaves.isMarked(-ref) : this.#innersOf(ref).isMarked(ref >>> 1)
  }

  #innersOf(inner: NodeRef): TreeMemory {
    return isKeeping(inner) ? this.#keeping : this.#passing
  }

  /** A fresh inner node for a depth. */
  addInner(depth: number, left: NodeRef, right: NodeRef): NodeRef {
    const keeps = depth % KEEPING_EVERY === 0
    const memory = keeps ? this.#keeping : this.#passing
    const number = memory.take()
    memory.mark(number)
    memory.setLink(number, 0, left)
    memory.setLink(number, 1, right)
    return number * 2 + (keeps ? 1 : 0)
  }

  child(inner: NodeRef, bit: 0 | 1): NodeRef {
    return this.#innersOf(inner).link(inner >>> 1, bit)
  }

  setChild(inner: NodeRef, bit: 0 | 1, child: NodeRef): void {
    this.#innersOf(inner).setLink(inner >>> 1, bit, child)
  }

  /** A fresh leaf. */
  addLeaf(k: Uint8Array, v: Uint8Array): NodeRef {
    const number = this.#leaves.take()
    this.#leaves.mark(number)
    this.#leaves.setDigest(number, K, k)
    this.#leaves.setDigest(number, V, v)
    return -number
  }

  hasK(leaf: NodeRef, k: Uint8Array): boolean {
    return this.#leaves.hasDigest(-leaf, K, k)
  }

  hasV(leaf: NodeRef, v: Uint8Array): boolean {
    return this.#leaves.hasDigest(-leaf, V, v)
  }

  setV(leaf: NodeRef, v: Uint8Array): void {
    this.#leaves.setDigest(-leaf, V, v)
  }

  /** Copies of k and v. */
  leaf(ref: NodeRef): { k: Uint8Array; v: Uint8Array } {
    return { k: this.#leaves.digest(-ref, K), v: this.#leaves.digest(-ref, V) }
  }

  /** The path of a leaf: the hash of its k. */
  path(leaf: NodeRef): Uint8Array {
    return this.#hashDigest(leaf, K)
  }

  #hashDigest(leaf: NodeRef, place: number): Uint8Array {
    this.#leaves.copyDigest(-leaf, place, this.#digest)
    return this.#hash(this.#digestInput.bytes)
  }

  /** Gives the memory of a node to the next one. Nothing may refer to it any more. */
  free(ref: NodeRef): void {
    if (ref < 0) this.#leaves.free(-ref)
    else this.#innersOf(ref).free(ref >>> 1)
  }

  /** Seals what is fresh from this node down, and hashes it, children first. Goes as deep as the tree, 256 at most. */
  seal(ref: NodeRef): void {
    if (ref === EMPTY || !this.isFresh(ref)) return
    if (ref < 0) {
      this.#leaves.unmark(-ref)
      return
    }
    this.#innersOf(ref).unmark(ref >>> 1)
    this.seal(this.child(ref, 0))
    this.seal(this.child(ref, 1))
    if (isKeeping(ref)) this.#keeping.setDigest(ref >>> 1, HASH, this.#hashInner(ref, 0))
  }

  /** A copy of the hash of a sealed node: 32 zero bytes for an empty subtree. */
  hashOf(ref: NodeRef): Uint8Array {
    this.#copyHash(ref, this.#hashed, 0)
    return this.#hashed.bytes.slice()
  }

  /** The hash of an inner node from its children. `level`: how many inner nodes above it are being hashed. */
  #hashInner(ref: NodeRef, level: number): Uint8Array {
    const { input, left, right } = this.#innerInputs[level] as InnerInput
    this.#copyHash(this.child(ref, 0), left, level + 1)
    this.#copyHash(this.child(ref, 1), right, level + 1)
    return this.#hash(input.bytes)
  }

  #copyHash(ref: NodeRef, slot: DigestSlot, level: number): void {
    if (ref === EMPTY) slot.words.fill(0)
    else if (ref < EMPTY) slot.bytes.set(this.#hashLeaf(ref))
    else if (isKeeping(ref)) this.#keeping.copyDigest(ref >>> 1, HASH, slot)
    else slot.bytes.set(this.#hashInner(ref, level))
  }

  #hashLeaf(ref: NodeRef): Uint8Array {
    this.#path.bytes.set(this.#hashDigest(ref, K))
    this.#value.bytes.set(this.#hashDigest(ref, V))
    return this.#hash(this.#leafInput.bytes)
  }
}
