import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  definedPath,
  definedProof,
  definedRoot,
  grow,
  leafHashes,
  sha256,
} from '../../test/rfc9162.ts'
import { toHex } from '../bytes.ts'
import {
  type ConsistencyProof,
  type InclusionProof,
  isConsistent,
  rootOfInclusion,
} from './history-proof.ts'
import { HistoryTree, proveConsistency, proveInclusion, rootAt } from './history-tree.ts'
import { hashInner } from './merkle.ts'
import type { Tiles } from './tiles.ts'

const MOST = 66_100
const LEAVES = leafHashes(MOST)
const { tiles } = grow(LEAVES)
const ROOTS = new Map<number, Uint8Array>()

/** Small sizes, sizes around the start of a tile, and seldom, for they are slow, around that of level 2. */
const anySize = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 1_100 }) },
  { weight: 4, arbitrary: fc.constantFrom(255, 256, 257, 511, 512, 513) },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 65_537, 65_793, MOST) },
)
const leafIn = anySize.chain((size) => fc.record({ size: fc.constant(size), index: below(size) }))
const growth = anySize.chain((to) => fc.record({ to: fc.constant(to), from: below(to + 1) }))

function below(size: number): fc.Arbitrary<number> {
  return fc.oneof(fc.nat(size - 1), fc.integer({ min: Math.max(0, size - 3), max: size - 1 }))
}

describe('an inclusion proof', () => {
  it('is the path of the definition, and leads to the root', () => {
    fc.assert(
      fc.property(leafIn, ({ index, size }) => {
        const proof = inclusionOf(index, size)
        const path = definedPath(index, LEAVES.slice(0, size))
        expect(proof.hashes.map(toHex)).toEqual(path.map(toHex))
        expect(holds(proof)).toBe(true)
      }),
    )
  })

  it('is refused when one bit of the leaf or of a hash is changed', () => {
    fc.assert(
      fc.property(leafIn, fc.nat(), fc.nat(255), ({ index, size }, at, bit) => {
        const proof = inclusionOf(index, size)
        const [leafHash, ...hashes] = flipped([proof.leafHash, ...proof.hashes], at, bit)
        expect(holds({ ...proof, leafHash: leafHash as Uint8Array, hashes })).toBe(false)
      }),
    )
  })

  it('is refused for another index', () => {
    fc.assert(
      fc.property(leafIn, fc.nat(), ({ index, size }, other) => {
        fc.pre(other % size !== index)
        const proof = inclusionOf(index, size)
        expect(holds({ ...proof, index: other % size })).toBe(false)
      }),
    )
  })

  it('is refused against the checkpoint of another size', () => {
    fc.assert(
      fc.property(leafIn, anySize, ({ index, size }, other) => {
        fc.pre(other !== size)
        expect(holds({ ...inclusionOf(index, size), size: other })).toBe(false)
      }),
    )
  })

  it('is refused with a hash more, less, or in another place', () => {
    fc.assert(
      fc.property(leafIn, fc.nat(), fc.nat(), ({ index, size }, a, b) => {
        const proof = inclusionOf(index, size)
        for (const hashes of reshaped(proof.hashes, a, b)) {
          expect(holds({ ...proof, hashes })).toBe(false)
          const hasForm = rootOfInclusion(sha256, { ...proof, hashes }) !== undefined
          expect(hasForm).toBe(hashes.length === proof.hashes.length)
        }
      }),
    )
  })

  it('is refused with an index or a size that is no count', () => {
    const proof = inclusionOf(2, 7)
    for (const index of [-1, 1.5, Number.NaN, 2 ** 53, 7]) {
      expect(rootOfInclusion(sha256, { ...proof, index })).toBeUndefined()
    }
    for (const size of [0, -7, 7.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(rootOfInclusion(sha256, { ...proof, size })).toBeUndefined()
    }
  })

  it('is refused with a hash of another length', () => {
    const proof = inclusionOf(2, 7)
    const [first, ...rest] = proof.hashes as [Uint8Array, ...Uint8Array[]]
    const hashes = [new Uint8Array([...first, 0]), ...rest]
    expect(rootOfInclusion(sha256, { ...proof, hashes })).toBeUndefined()
    const leafHash = proof.leafHash.subarray(1)
    expect(rootOfInclusion(sha256, { ...proof, leafHash })).toBeUndefined()
  })
})

describe('a consistency proof', () => {
  it('is the one of the definition, and holds', () => {
    fc.assert(
      fc.property(growth, ({ from, to }) => {
        const proof = consistencyOf(from, to)
        const defined = definedProof(from, LEAVES.slice(0, to))
        expect(proof.hashes.map(toHex)).toEqual(defined.map(toHex))
        expect(isConsistent(sha256, proof)).toBe(true)
      }),
    )
  })

  it('is refused when one bit of a root or of a hash is changed', () => {
    fc.assert(
      fc.property(growth, fc.nat(), fc.nat(255), ({ from, to }, at, bit) => {
        fc.pre(from > 0)
        const proof = consistencyOf(from, to)
        const all = [proof.from.root, proof.to.root, ...proof.hashes]
        const [older, newer, ...hashes] = flipped(all, at, bit) as [Uint8Array, Uint8Array]
        const heads = { from: { size: from, root: older }, to: { size: to, root: newer } }
        expect(isConsistent(sha256, { ...heads, hashes })).toBe(false)
      }),
    )
  })

  it('is refused for other checkpoints', () => {
    fc.assert(
      fc.property(growth, anySize, ({ from, to }, other) => {
        fc.pre(from > 0 && other !== from && other !== to)
        const proof = consistencyOf(from, to)
        expect(isConsistent(sha256, { ...proof, from: headOf(other) })).toBe(false)
        expect(isConsistent(sha256, { ...proof, to: headOf(other) })).toBe(false)
      }),
    )
  })

  it('is refused with a hash more, less, or in another place', () => {
    fc.assert(
      fc.property(growth, fc.nat(), fc.nat(), ({ from, to }, a, b) => {
        const proof = consistencyOf(from, to)
        for (const hashes of reshaped(proof.hashes, a, b)) {
          expect(isConsistent(sha256, { ...proof, hashes })).toBe(false)
        }
      }),
    )
  })

  it('cannot be made for a history that was rewritten', () => {
    fc.assert(
      fc.property(growth, fc.nat(), ({ from, to }, at) => {
        fc.pre(from > 0 && to <= 1_100)
        const [was] = flipped(LEAVES.slice(at % from), 0, 0)
        const rewritten = LEAVES.slice(0, to).with(at % from, was as Uint8Array)
        const { tree, tiles } = grow(rewritten)
        const hashes = proveConsistency(sha256, tiles, { from, to })
        const heads = { from: headOf(from), to: { size: to, root: tree.root() } }
        expect(isConsistent(sha256, { ...heads, hashes })).toBe(false)
      }),
    )
  })

  it('is refused with a size that is no count, or that shrank', () => {
    const proof = consistencyOf(3, 7)
    for (const size of [-1, 2.5, Number.NaN, 2 ** 53]) {
      const { root } = proof.from
      expect(isConsistent(sha256, { ...proof, from: { size, root } })).toBe(false)
      expect(isConsistent(sha256, { ...proof, to: { size, root } })).toBe(false)
    }
    expect(isConsistent(sha256, { from: proof.to, to: proof.from, hashes: [] })).toBe(false)
    // Hashes that would add up if the sizes were not compared.
    const [left, right] = LEAVES as [Uint8Array, Uint8Array]
    const shrunk = { from: { size: 3, root: left }, to: headOf(2), hashes: [right] }
    expect(isConsistent(sha256, shrunk)).toBe(false)
  })

  it('from the empty tree is empty', () => {
    const empty = headOf(0)
    expect(isConsistent(sha256, { from: empty, to: headOf(7), hashes: [] })).toBe(true)
    expect(isConsistent(sha256, { from: empty, to: empty, hashes: [] })).toBe(true)
    expect(isConsistent(sha256, { from: empty, to: headOf(7), hashes: [sha256(empty.root)] })).toBe(
      false,
    )
  })

  it('is refused with a root or a hash of another length', () => {
    const proof = consistencyOf(4, 7)
    const longer = new Uint8Array([...proof.from.root, ...proof.from.root])
    expect(isConsistent(sha256, { ...proof, from: { size: 4, root: longer } })).toBe(false)
    const cut = proof.hashes.map((hash) => hash.subarray(1))
    expect(isConsistent(sha256, { ...proof, hashes: cut })).toBe(false)
    const none = { size: 7, root: new Uint8Array() }
    expect(isConsistent(sha256, { from: none, to: none, hashes: [] })).toBe(false)
  })
})

describe('a tree of more than 2^32 leaves', () => {
  const sizes = [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 12_345, 2 ** 53 - 1]

  it.each(sizes)('of %i leaves has its root, and proofs', (size) => {
    const root = rootOfEqual(size)
    expect(toHex(rootAt(sha256, EQUAL_LEAVES, size))).toBe(toHex(root))
    for (const index of [0, 1, 2 ** 31, size - 2 ** 31, size - 2, size - 1]) {
      const hashes = proveInclusion(sha256, EQUAL_LEAVES, { index, size })
      const reached = rootOfInclusion(sha256, { leafHash: heightHash(0), index, size, hashes })
      expect(toHex(reached ?? new Uint8Array()), `leaf ${index}`).toBe(toHex(root))
    }
    for (const from of [1, 2 ** 31 + 1, size - 2 ** 31, size - 1, size]) {
      const hashes = proveConsistency(sha256, EQUAL_LEAVES, { from, to: size })
      const heads = { from: { size: from, root: rootOfEqual(from) }, to: { size, root } }
      expect(isConsistent(sha256, { ...heads, hashes }), `from ${from}`).toBe(true)
    }
  })

  it.each(sizes.slice(0, -1))('grows on from %i leaves', (size) => {
    const tree = new HistoryTree(sha256, { size, tiles: EQUAL_LEAVES })
    expect(toHex(tree.root())).toBe(toHex(rootOfEqual(size)))
    for (let count = 0; count < 300; count += 1) tree.append(heightHash(0))
    expect(toHex(tree.root())).toBe(toHex(rootOfEqual(size + 300)))
    const texts = tree.takeChanged().map(({ level, number, hashes }) => {
      expect(toHex(hashes)).toBe(toHex(heightHash(level * 8)).repeat(hashes.length / 32))
      return `${level}/${number} of ${hashes.length / 32}`
    })
    expect(texts.toSorted()).toEqual(tilesBetween(size, size + 300).toSorted())
  })
})

const HEIGHTS: Uint8Array[] = []

/** The root of 2^height equal leaves. */
function heightHash(height: number): Uint8Array {
  const below = height === 0 ? undefined : heightHash(height - 1)
  HEIGHTS[height] ??=
    below === undefined ? sha256(Uint8Array.of(0)) : hashInner(sha256, below, below)
  return HEIGHTS[height]
}

/** A tree so large that only equal leaves let a test have it. */
const EQUAL_LEAVES: Tiles = {
  tile: (level) => new Uint8Array(8_192).map((_, at) => heightHash(level * 8)[at % 32] ?? 0),
}

function rootOfEqual(size: number): Uint8Array {
  let height = 0
  while (2 ** (height + 1) < size) height += 1
  if (size === 1) return heightHash(0)
  return hashInner(sha256, heightHash(height), rootOfEqual(size - 2 ** height))
}

/** The tiles that leaves from one size to the next fill, and how far. */
function tilesBetween(from: number, to: number): readonly string[] {
  const texts: string[] = []
  for (let level = 0; 256 ** level <= to; level += 1) {
    const [before, after] = [from, to].map((size) => Math.floor(size / 256 ** level)) as [
      number,
      number,
    ]
    for (
      let number = Math.floor(before / 256);
      before < after && number * 256 < after;
      number += 1
    ) {
      texts.push(`${level}/${number} of ${Math.min(256, after - number * 256)}`)
    }
  }
  return texts
}

function headOf(size: number): { size: number; root: Uint8Array } {
  const root = ROOTS.get(size) ?? definedRoot(LEAVES.slice(0, size))
  ROOTS.set(size, root)
  return { size, root }
}

function inclusionOf(index: number, size: number): InclusionProof {
  const leafHash = LEAVES[index] as Uint8Array
  return { leafHash, index, size, hashes: proveInclusion(sha256, tiles, { index, size }) }
}

/** Whether the proof leads to the root of its size. */
function holds(proof: InclusionProof): boolean {
  const root = rootOfInclusion(sha256, proof)
  return root !== undefined && toHex(root) === toHex(headOf(proof.size).root)
}

function consistencyOf(from: number, to: number): ConsistencyProof {
  const hashes = proveConsistency(sha256, tiles, { from, to })
  return { from: headOf(from), to: headOf(to), hashes }
}

function flipped(hashes: readonly Uint8Array[], at: number, bit: number): Uint8Array[] {
  return hashes.map((hash, index) => {
    const copy = new Uint8Array(hash)
    const byte = Math.floor(bit / 8)
    if (index === at % hashes.length) copy[byte] = (copy[byte] ?? 0) ^ (1 << (bit % 8))
    return copy
  })
}

/** One hash doubled, one taken out, one strange one put in, two different ones swapped. */
function reshaped(hashes: readonly Uint8Array[], a: number, b: number): Uint8Array[][] {
  const [from, to] = [a % (hashes.length + 1), b % (hashes.length || 1)]
  const shapes = [hashes.toSpliced(from, 0, hashes[to] ?? sha256(new Uint8Array()))]
  shapes.push(hashes.toSpliced(from, 0, sha256(Uint8Array.of(1))))
  const [one, two] = [hashes[from], hashes[to]]
  if (two !== undefined) shapes.push(hashes.toSpliced(to, 1))
  if (one && two && from !== to) shapes.push(hashes.with(from, two).with(to, one))
  return shapes
}
