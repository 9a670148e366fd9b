/** Tiles of a Merkle tree: 256 hashes each; a full one never changes. Source: docs/spec/history.md. */

import { assert } from '../assert.ts'
import type { Hash } from '../hash.ts'
import { hashInner, hashPair } from './merkle.ts'

/** Bytes of one hash. */
export const HASH_BYTES = 32
/** Hashes in a full tile. */
export const TILE_WIDTH = 256
/** How many times a full tile halves until one hash is left. */
export const TILE_HEIGHT = 8

/** Where the tiles of a tree are. */
export interface Tiles {
  /**
   * The hashes that a tile has so far, one after the other, 32 to 8,192 bytes; `undefined` when there is no such tile.
   * Level 0 has the leaf hashes; a hash of level n + 1 is the root of a full tile of level n. The bytes are only read,
   * and hashes beyond the size of a proof do no harm.
   */
  tile(level: number, number: number): Uint8Array | undefined
}

/** The hashes of subtrees, from tiles. It fetches each tile once: for one proof, or one start. */
export class Subtrees {
  readonly #hash: Hash
  readonly #tiles: Tiles
  readonly #fetched = new Map<string, Uint8Array>()

  constructor(hash: Hash, tiles: Tiles) {
    this.#hash = hash
    this.#tiles = tiles
  }

  /** The first `width` hashes of a tile. Fewer than that in the store is a bug, or a damaged store. */
  hashes(level: number, number: number, width: number): Uint8Array {
    const name = `${level}/${number}`
    const bytes = this.#fetched.get(name) ?? this.#tiles.tile(level, number)
    assert(
      bytes !== undefined && bytes.length >= width * HASH_BYTES,
      `tile ${name} of the tree has ${width} hashes or more`,
    )
    this.#fetched.set(name, bytes)
    return bytes.subarray(0, width * HASH_BYTES)
  }

  /** The hash of the complete subtree over the leaves `index * 2^height` up to `(index + 1) * 2^height`. */
  complete(height: number, index: number): Uint8Array {
    const inTile = height % TILE_HEIGHT
    const count = 2 ** inTile
    const position = (index * count) % TILE_WIDTH
    const number = (index * count - position) / TILE_WIDTH
    const level = (height - inTile) / TILE_HEIGHT
    const hashes = this.hashes(level, number, position + count).subarray(position * HASH_BYTES)
    // A copy, which `slice` would not be of a Buffer.
    return this.#halve(new Uint8Array(hashes), count)
  }

  /** The hash over the leaves from `start` up to `end`: a subtree of RFC 9162, so `start` is aligned to its size. */
  over(start: number, end: number): Uint8Array {
    const size = end - start
    const split = splitOf(size)
    if (size === 1 || size === split * 2) return this.complete(heightOf(size), start / size)
    return hashInner(this.#hash, this.over(start, start + split), this.over(start + split, end))
  }

  /** Hashes so many hashes (a power of two) pair by pair, in their own place, until one is left. */
  #halve(hashes: Uint8Array, count: number): Uint8Array {
    for (let left = count / 2; left >= 1; left /= 2) {
      for (let at = 0; at < left; at += 1) {
        const pair = hashes.subarray(at * 2 * HASH_BYTES, (at + 1) * 2 * HASH_BYTES)
        hashes.set(hashPair(this.#hash, pair), at * HASH_BYTES)
      }
    }
    return hashes.slice(0, HASH_BYTES)
  }
}

/** The largest power of two below `size`, where RFC 9162 parts a tree; 1 for a single leaf. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** The height of a complete subtree: its size is a power of two. */
function heightOf(size: number): number {
  let height = 0
  for (let rest = size; rest > 1; rest /= 2) height += 1
  return height
}
