/** Runs the vectors of the history tree, history.json. Source: docs/spec/vectors.md. */
import { describe, expect, it } from 'vitest'
import {
  type ConsistencyProof,
  type Hash,
  HistoryTree,
  hashLeaf,
  historyLeaf,
  isConsistent,
  proveConsistency,
  proveInclusion,
  rootAt,
  rootOfInclusion,
  type Tiles,
  type TxId,
  toHex,
  toU64,
} from '../src/index.ts'
import { KeptTiles } from './kept-tiles.ts'
import { readVectors } from './world.ts'

interface HistoryFile {
  readonly about: string
  readonly leaves: readonly {
    readonly name: string
    readonly id: TxId
    readonly bytes: string
    readonly outcome: string
    readonly leaf: string
    readonly hash: string
  }[]
  readonly trees: readonly (Tree & { readonly leaves: readonly string[] })[]
  readonly numbers: Tree & { readonly size: number; readonly tiles: readonly TileHash[] }
  readonly refused: {
    readonly inclusion: readonly RefusedInclusion[]
    readonly consistency: readonly RefusedConsistency[]
  }
}

interface Tree {
  readonly name: string
  readonly roots: readonly { readonly size: number; readonly root: string }[]
  readonly inclusion: readonly { index: number; size: number; hashes: readonly string[] }[]
  readonly consistency: readonly { from: number; to: number; hashes: readonly string[] }[]
}

interface TileHash {
  readonly level: number
  readonly number: number
  readonly width: number
  readonly hash: string
}

interface RefusedInclusion {
  readonly name: string
  readonly leafHash: string
  readonly index: number
  readonly size: number
  readonly root: string
  readonly hashes: readonly string[]
}

interface RefusedConsistency {
  readonly name: string
  readonly from: number
  readonly fromRoot: string
  readonly to: number
  readonly toRoot: string
  readonly hashes: readonly string[]
}

/** Leaves, roots, tiles and proofs to the byte, and proofs that must be refused. */
export function runHistoryVectors(hash: Hash): void {
  const { about, leaves, trees, numbers, refused } = readVectors<HistoryFile>('history.json')
  describe(`history.json: ${about}`, () => {
    it.each(leaves)('writes the leaf of $name', ({ leaf, hash: leafHash, ...decided }) => {
      expect(toHex(historyLeaf(hash, decided))).toBe(leaf)
      expect(toHex(hashLeaf(hash, Uint8Array.fromHex(leaf)))).toBe(leafHash)
    })
    for (const { leaves: hex, ...tree } of trees) {
      const bytes = hex.map((leaf) => Uint8Array.fromHex(leaf))
      describe(tree.name, () => {
        treeVectors(hash, tree, bytes)
      })
    }
    describe(numbers.name, () => {
      const bytes = Array.from({ length: numbers.size }, (_, index) => toU64(index))
      const tiles = treeVectors(hash, numbers, bytes)
      it.each(numbers.tiles)('has tile $level/$number of width $width', (tile) => {
        const content = tiles.tile(tile.level, tile.number)?.slice(0, tile.width * 32)
        expect(content).toHaveLength(tile.width * 32)
        expect(toHex(hash(content ?? new Uint8Array()))).toBe(tile.hash)
      })
    })
    refusedVectors(hash, refused)
  })
}

function treeVectors(hash: Hash, tree: Tree, leaves: readonly Uint8Array[]): Tiles {
  const kept = new KeptTiles()
  const grown = new HistoryTree(hash)
  const hashes = leaves.map((leaf) => new Uint8Array(hashLeaf(hash, leaf)))
  for (const leafHash of hashes) grown.append(leafHash)
  kept.keep(grown.takeChanged())
  const roots = new Map<number, Uint8Array>()
  it.each(tree.roots)('has the root of $size leaves', ({ size, root }) => {
    expect(toHex(rootAt(hash, kept, size))).toBe(root)
    expect(toHex(new HistoryTree(hash, { size, tiles: kept }).root())).toBe(root)
  })
  const rootOf = (size: number): Uint8Array => {
    const root = roots.get(size) ?? rootAt(hash, kept, size)
    roots.set(size, root)
    return root
  }
  it.each(tree.inclusion)('proves leaf $index of $size', ({ index, size, hashes: wanted }) => {
    expect(proveInclusion(hash, kept, { index, size }).map(toHex)).toEqual(wanted)
    const leafHash = hashes[index] ?? new Uint8Array()
    const root = rootOfInclusion(hash, { leafHash, index, size, hashes: fromHexes(wanted) })
    expect(toHex(root ?? new Uint8Array())).toBe(toHex(rootOf(size)))
  })
  it.each(tree.consistency)('proves that $to leaves begin with $from', (proof) => {
    const { from, to, hashes: wanted } = proof
    expect(proveConsistency(hash, kept, { from, to }).map(toHex)).toEqual(wanted)
    const heads = { from: { size: from, root: rootOf(from) }, to: { size: to, root: rootOf(to) } }
    expect(isConsistent(hash, { ...heads, hashes: fromHexes(wanted) })).toBe(true)
  })
  return kept
}

function refusedVectors(hash: Hash, { inclusion, consistency }: HistoryFile['refused']): void {
  it.each(inclusion)('refuses an inclusion: $name', ({ leafHash, root, hashes, ...rest }) => {
    const proof = { ...rest, leafHash: Uint8Array.fromHex(leafHash), hashes: fromHexes(hashes) }
    expect(toHex(rootOfInclusion(hash, proof) ?? new Uint8Array())).not.toBe(root)
  })
  it.each(consistency)('refuses a consistency: $name', (vector) => {
    const proof: ConsistencyProof = {
      from: { size: vector.from, root: Uint8Array.fromHex(vector.fromRoot) },
      to: { size: vector.to, root: Uint8Array.fromHex(vector.toRoot) },
      hashes: fromHexes(vector.hashes),
    }
    expect(isConsistent(hash, proof)).toBe(false)
  })
}

function fromHexes(hexes: readonly string[]): readonly Uint8Array[] {
  return hexes.map((hex) => Uint8Array.fromHex(hex))
}
