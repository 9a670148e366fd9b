/** The history tree: RFC 9162 over the leaves of `history-leaf.ts`, stored as tiles. Source: docs/spec/history.md. */

import { assert } from '../assert.ts'
import type { Hash } from '../hash.ts'
import { hashInner } from './merkle.ts'
import { HASH_BYTES, Subtrees, splitOf, TILE_HEIGHT, TILE_WIDTH, type Tiles } from './tiles.ts'

/** The whole content of a tile, as it stands after the last leaf. */
export interface ChangedTile {
  readonly level: number
  readonly number: number
  readonly hashes: Uint8Array
}

/** The last tile of a level, which still fills. */
interface Edge {
  number: number
  hashes: Uint8Array
  width: number
  isChanged: boolean
}

/** A tree that grows one leaf at a time. It keeps its right edge, and full tiles until they are taken. */
export class HistoryTree {
  readonly #hash: Hash
  #size: number
  /** Roots of the perfect subtrees by height: the one of height n stands when bit n of the size is set. */
  readonly #peaks: Uint8Array[] = []
  readonly #edges: Edge[] = []
  #full: ChangedTile[] = []

  /** An empty tree, or the first `size` leaves of the one that the tiles were taken from. Throws when one is missing. */
  constructor(hash: Hash, from?: { readonly size: number; readonly tiles: Tiles }) {
    this.#hash = hash
    this.#size = from?.size ?? 0
    if (from !== undefined) this.#restore(new Subtrees(hash, from.tiles))
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size
  }

  /** Adds the hash of a leaf (`hashLeaf`) and keeps its bytes. About one inner hash on average. */
  append(leafHash: Uint8Array): void {
    assert(leafHash.length === HASH_BYTES, 'a leaf hash has 32 bytes')
    this.#store(0, leafHash)
    let top = leafHash
    let height = 0
    for (let count = this.#size; count % 2 === 1; count = (count - 1) / 2) {
      top = hashInner(this.#hash, this.#peaks[height] as Uint8Array, top)
      height += 1
      if (height % TILE_HEIGHT === 0) this.#store(height / TILE_HEIGHT, top)
    }
    this.#peaks[height] = top
    this.#size += 1
  }

  /** The root over all leaves so far; the hash of nothing when there are none. */
  root(): Uint8Array {
    let root: Uint8Array | undefined
    let height = 0
    for (let count = this.#size; count > 0; count = (count - (count % 2)) / 2) {
      if (count % 2 === 1) {
        const peak = this.#peaks[height] as Uint8Array
        root = root === undefined ? peak : hashInner(this.#hash, peak, root)
      }
      height += 1
    }
    return root === undefined ? this.#hash(new Uint8Array()) : new Uint8Array(root)
  }

  /** The tiles that changed since the last call, full ones first: what a store writes so that proofs can be made. */
  takeChanged(): readonly ChangedTile[] {
    const changed = this.#full
    this.#full = []
    for (const [level, edge] of this.#edges.entries()) {
      if (!edge.isChanged) continue
      const hashes = edge.hashes.slice(0, edge.width * HASH_BYTES)
      changed.push({ level, number: edge.number, hashes })
      edge.isChanged = false
    }
    return changed
  }

  #store(level: number, hash: Uint8Array): void {
    this.#edges[level] ??= newEdge(0)
    const edge = this.#edges[level]
    edge.hashes.set(hash, edge.width * HASH_BYTES)
    edge.width += 1
    edge.isChanged = true
    if (edge.width < TILE_WIDTH) return
    this.#full.push({ level, number: edge.number, hashes: edge.hashes })
    this.#edges[level] = newEdge(edge.number + 1)
  }

  #restore(subtrees: Subtrees): void {
    let height = 0
    for (let count = this.#size; count > 0; count = (count - (count % 2)) / 2) {
      if (count % 2 === 1) this.#peaks[height] = subtrees.complete(height, count - 1)
      if (height % TILE_HEIGHT === 0) this.#restoreEdge(subtrees, count)
      height += 1
    }
  }

  #restoreEdge(subtrees: Subtrees, count: number): void {
    const width = count % TILE_WIDTH
    const edge = newEdge((count - width) / TILE_WIDTH)
    if (width > 0) edge.hashes.set(subtrees.hashes(this.#edges.length, edge.number, width))
    edge.width = width
    this.#edges.push(edge)
  }
}

function newEdge(number: number): Edge {
  const hashes = new Uint8Array(TILE_WIDTH * HASH_BYTES)
  return { number, hashes, width: 0, isChanged: false }
}

/** The root over the first `size` leaves. Throws when a tile is missing. Source: RFC 9162, section 2.1.1. */
export function rootAt(hash: Hash, tiles: Tiles, size: number): Uint8Array {
  return size === 0 ? hash(new Uint8Array()) : new Subtrees(hash, tiles).over(0, size)
}

/**
 * The inclusion proof of a leaf in the first `size` leaves: its sibling first, up to the root.
 *
 * Range: index from 0, below size; throws outside, and when a tile is missing. Source: RFC 9162, section 2.1.3.1.
 */
export function proveInclusion(
  hash: Hash,
  tiles: Tiles,
  { index, size }: { readonly index: number; readonly size: number },
): readonly Uint8Array[] {
  assert(index >= 0 && index < size, `leaf ${index} stands in a tree of ${size}`)
  const subtrees = new Subtrees(hash, tiles)
  const hashes: Uint8Array[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    hashes.push(index < middle ? subtrees.over(middle, end) : subtrees.over(start, middle))
    if (index < middle) end = middle
    else start = middle
  }
  return hashes.reverse()
}

/**
 * The proof that the first `to` leaves begin with the first `from` leaves. Empty when `from` is 0 or `to`.
 *
 * Range: 0 to `to`; throws outside, and when a tile is missing. Source: RFC 9162, section 2.1.4.1.
 */
export function proveConsistency(
  hash: Hash,
  tiles: Tiles,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Uint8Array[] {
  assert(from >= 0 && from <= to, `a tree of ${to} leaves grew from ${from}`)
  if (from === 0) return []
  const subtrees = new Subtrees(hash, tiles)
  const hashes: Uint8Array[] = []
  let [start, end] = [0, to]
  while (from < end) {
    const middle = start + splitOf(end - start)
    hashes.push(from <= middle ? subtrees.over(middle, end) : subtrees.over(start, middle))
    if (from <= middle) end = middle
    else start = middle
  }
  // The verifier already has the root of the first tree when it is a subtree of the second.
  if (start > 0) hashes.push(subtrees.over(start, end))
  return hashes.reverse()
}
