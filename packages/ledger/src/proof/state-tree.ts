import { assert } from '../assert.ts'
import { type Hash, hashParts } from '../hash.ts'
import { EMPTY, type NodeRef, StateNodes } from './state-nodes.ts'
import { forkOf, PATH_BITS, pathBit } from './state-path.ts'
import type { StateLeaf, StateProof } from './state-proof.ts'

/** Versions of the state that proofs can be asked of: those of the last seals. */
export const VERSIONS_KEPT = 16

interface Version {
  readonly height: number
  readonly top: NodeRef
  readonly root: Uint8Array
  /** Nodes that only the version before this one, and older ones, still use. */
  readonly retired: readonly NodeRef[]
}

interface Children {
  readonly child: NodeRef
  readonly other: NodeRef
}

/**
 * The sparse Merkle tree over all records, in the layout of ICS-23's SmtSpec: k = H(key), v = H(value), path = H(k),
 * leaf = H(0x00 | H(k) | H(v)), inner = H(0x01 | left | right), an empty subtree is 32 zero bytes, and a lone leaf stands
 * at the top of its subtree. The root depends on the records alone, never on the order of the changes.
 *
 * Versions share what did not change: a change copies the sealed nodes on its path, once for each seal.
 * Source: docs/spec/state.md. Vectors: vectors/state-tree.json.
 */
export class StateTree {
  readonly #hash: Hash
  readonly #nodes: StateNodes
  readonly #versions: Version[] = []
  #top: NodeRef = EMPTY
  #retired: NodeRef[] = []
  #size = 0
  /** The inner nodes from the top to where the last search ended, by depth. */
  readonly #way = new Int32Array(PATH_BITS)
  #depth = 0

  constructor(hash: Hash) {
    this.#hash = hash
    this.#nodes = new StateNodes(hash)
  }

  /** Records under a key now, sealed or not yet. */
  get size(): number {
    return this.#size
  }

  /** Sets the record of a key: the text `kind/id`, and the canonical JSON of the record. */
  put(key: string, value: string): void {
    const k = hashParts(this.#hash, key)
    const v = hashParts(this.#hash, value)
    const path = this.#hash(k)
    const end = this.#search(this.#top, path)
    if (end === EMPTY) {
      this.#size += 1
      this.#link(path, this.#nodes.addLeaf(k, v))
    } else if (!this.#nodes.hasK(end, k)) {
      this.#size += 1
      this.#link(path, this.#split(end, path, this.#nodes.addLeaf(k, v)))
    } else if (this.#nodes.isFresh(end)) this.#nodes.setV(end, v)
    else if (!this.#nodes.hasV(end, v)) {
      this.#link(path, this.#nodes.addLeaf(k, v))
      this.#retired.push(end)
    }
  }

  /** Takes the record of a key out. Without one, nothing changes. */
  remove(key: string): void {
    const k = hashParts(this.#hash, key)
    const path = this.#hash(k)
    const end = this.#search(this.#top, path)
    if (end === EMPTY || !this.#nodes.hasK(end, k)) return
    this.#size -= 1
    this.#drop(end)
    this.#link(path, this.#collapse(path))
  }

  /**
   * Makes a version of what was put and removed so far, and answers its root. The oldest version goes when there are more
   * than `VERSIONS_KEPT`.
   *
   * Range: heights grow from seal to seal (asserts).
   */
  seal(height: number): Uint8Array {
    const last = this.#versions.at(-1)
    assert(last === undefined || height > last.height, 'heights of sealed states grow')
    this.#nodes.seal(this.#top)
    const root = this.#nodes.hashOf(this.#top)
    this.#versions.push({ height, top: this.#top, root, retired: this.#retired })
    this.#retired = []
    if (this.#versions.length > VERSIONS_KEPT) {
      this.#versions.shift()
      for (const ref of this.#versions[0]?.retired ?? []) this.#nodes.free(ref)
    }
    return root.slice()
  }

  /** The root sealed at a height, 32 bytes; `undefined` when that version is gone or not yet there. */
  root(height: number): Uint8Array | undefined {
    return this.#version(height)?.root.slice()
  }

  /**
   * Proves what the version of a height has under a key: its record, or that there is none, by the neighbours of its
   * path; `undefined` when that version is gone or not yet there.
   */
  prove(height: number, key: string): StateProof | undefined {
    const version = this.#version(height)
    if (version === undefined) return undefined
    const k = hashParts(this.#hash, key)
    const path = this.#hash(k)
    const end = this.#search(version.top, path)
    if (end !== EMPTY && this.#nodes.hasK(end, k)) {
      return { kind: 'present', leaf: this.#show(version.top, end) }
    }
    const left = this.#neighbour(end, path, 0)
    const right = this.#neighbour(end, path, 1)
    return {
      kind: 'absent',
      ...(left === EMPTY ? {} : { left: this.#show(version.top, left) }),
      ...(right === EMPTY ? {} : { right: this.#show(version.top, right) }),
    }
  }

  #version(height: number): Version | undefined {
    return this.#versions.find((version) => version.height === height)
  }

  /** The nearest leaf left (0) or right (1) of a path, from the end of the way: `EMPTY` when there is none. */
  #neighbour(end: NodeRef, path: Uint8Array, side: 0 | 1): NodeRef {
    if (end !== EMPTY) {
      const standing = this.#nodes.path(end)
      if (pathBit(standing, forkOf(path, standing)) === side) return end
    }
    for (let depth = this.#depth - 1; depth >= 0; depth -= 1) {
      const subtree = this.#nodes.child(this.#way[depth] as NodeRef, side)
      if (subtree === EMPTY || pathBit(path, depth) === side) continue
      let ref = subtree
      while (ref > EMPTY) {
        const near = this.#nodes.child(ref, side === 0 ? 1 : 0)
        ref = near === EMPTY ? this.#nodes.child(ref, side) : near
      }
      return ref
    }
    return EMPTY
  }

  #show(top: NodeRef, leaf: NodeRef): StateLeaf {
    const path = this.#nodes.path(leaf)
    this.#search(top, path)
    const siblings: Uint8Array[] = []
    for (let depth = this.#depth - 1; depth >= 0; depth -= 1) {
      const other = pathBit(path, depth) === 0 ? 1 : 0
      siblings.push(this.#nodes.hashOf(this.#nodes.child(this.#way[depth] as NodeRef, other)))
    }
    return { ...this.#nodes.leaf(leaf), siblings }
  }

  /** Goes down a path to a leaf or an empty subtree, and remembers the way. */
  #search(top: NodeRef, path: Uint8Array): NodeRef {
    let ref = top
    let depth = 0
    while (ref > EMPTY) {
      this.#way[depth] = ref
      ref = this.#nodes.child(ref, pathBit(path, depth))
      depth += 1
    }
    this.#depth = depth
    return ref
  }

  /** The subtree of two leaves, from the end of the way. */
  #split(standing: NodeRef, path: Uint8Array, leaf: NodeRef): NodeRef {
    const fork = forkOf(path, this.#nodes.path(standing))
    assert(fork < PATH_BITS, 'two keys have two paths')
    let subtree = this.#join(fork, pathBit(path, fork), { child: leaf, other: standing })
    for (let depth = fork - 1; depth >= this.#depth; depth -= 1) {
      subtree = this.#join(depth, pathBit(path, depth), { child: subtree, other: EMPTY })
    }
    return subtree
  }

  /** The inner node of a depth that has a child on the side of a bit. */
  #join(depth: number, bit: 0 | 1, { child, other }: Children): NodeRef {
    return bit === 0
      ? this.#nodes.addInner(depth, child, other)
      : this.#nodes.addInner(depth, other, child)
  }

  /** Takes the end of the way out: what stands there then, with the way up to it. A lone leaf rises. */
  #collapse(path: Uint8Array): NodeRef {
    let ref = EMPTY
    while (this.#depth > 0) {
      const above = this.#way[this.#depth - 1] as NodeRef
      const other = this.#nodes.child(above, pathBit(path, this.#depth - 1) === 0 ? 1 : 0)
      if (ref === EMPTY ? other > EMPTY : other !== EMPTY) break
      if (ref === EMPTY) ref = other
      this.#drop(above)
      this.#depth -= 1
    }
    return ref
  }

  /** Puts a subtree at the end of the way. Sealed nodes above are copied; above a fresh one all are fresh. */
  #link(path: Uint8Array, end: NodeRef): void {
    let ref = end
    for (let depth = this.#depth - 1; depth >= 0; depth -= 1) {
      const above = this.#way[depth] as NodeRef
      const bit = pathBit(path, depth)
      if (this.#nodes.isFresh(above)) {
        this.#nodes.setChild(above, bit, ref)
        return
      }
      const other = this.#nodes.child(above, bit === 0 ? 1 : 0)
      ref = this.#join(depth, bit, { child: ref, other })
      this.#retired.push(above)
    }
    this.#top = ref
  }

  /** A node that the running version does not use any more. */
  #drop(ref: NodeRef): void {
    if (this.#nodes.isFresh(ref)) this.#nodes.free(ref)
    else this.#retired.push(ref)
  }
}
