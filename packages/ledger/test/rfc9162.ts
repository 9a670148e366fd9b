/** The definitions of RFC 9162, sections 2.1.1 to 2.1.4, word by word: slow, and what the rest is held against. */
import { hash as nodeHash } from 'node:crypto'
import { concat, type Hash, HistoryTree, toU64 } from '../src/index.ts'
import { KeptTiles } from './kept-tiles.ts'

export const sha256: Hash = (bytes) => nodeHash('sha256', bytes, 'buffer')

/** Leaf hashes of so many different leaves. */
export function leafHashes(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    sha256(concat(Uint8Array.of(0x00), toU64(index))),
  )
}

/** A tree grown in one go, and its tiles. */
export function grow(leaves: readonly Uint8Array[]): { tree: HistoryTree; tiles: KeptTiles } {
  const tree = new HistoryTree(sha256)
  for (const leaf of leaves) tree.append(leaf)
  const tiles = new KeptTiles()
  tiles.keep(tree.takeChanged())
  return { tree, tiles }
}

/** MTH(D[n]), over leaf hashes. */
export function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return sha256(new Uint8Array())
  if (leaves.length === 1) return only
  const [left, right] = part(leaves)
  return sha256(concat(Uint8Array.of(0x01), definedRoot(left), definedRoot(right)))
}

/** PATH(m, D[n]). */
export function definedPath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return []
  const [left, right] = part(leaves)
  return index < left.length
    ? [...definedPath(index, left), definedRoot(right)]
    : [...definedPath(index - left.length, right), definedRoot(left)]
}

/** PROOF(m, D[n]); nothing from an empty tree. */
export function definedProof(from: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return from === 0 ? [] : subproof(from, leaves, true)
}

function subproof(from: number, leaves: readonly Uint8Array[], isKnown: boolean): Uint8Array[] {
  if (from === leaves.length) return isKnown ? [] : [definedRoot(leaves)]
  const [left, right] = part(leaves)
  return from <= left.length
    ? [...subproof(from, left, isKnown), definedRoot(right)]
    : [...subproof(from - left.length, right, false), definedRoot(left)]
}

function part(leaves: readonly Uint8Array[]): [readonly Uint8Array[], readonly Uint8Array[]] {
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return [leaves.slice(0, split), leaves.slice(split)]
}
