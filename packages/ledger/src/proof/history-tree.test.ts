import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeptTiles } from '../../test/kept-tiles.ts'
import { definedRoot, grow, leafHashes, sha256 } from '../../test/rfc9162.ts'
import { concat, toHex } from '../bytes.ts'
import { HistoryTree, proveConsistency, proveInclusion, rootAt } from './history-tree.ts'

/** Sizes around which tiles and levels begin. */
const EDGES = [255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792, 65_793]
const LEAVES = leafHashes(66_100)
const MOST = 700
const size = fc.nat(MOST)

describe('a history tree', () => {
  it('has the root of the definition, in one go and from tiles', () => {
    const { tiles } = grow(LEAVES.slice(0, MOST))
    fc.assert(
      fc.property(size, (size) => {
        const root = toHex(definedRoot(LEAVES.slice(0, size)))
        expect(toHex(grow(LEAVES.slice(0, size)).tree.root())).toBe(root)
        expect(toHex(rootAt(sha256, tiles, size))).toBe(root)
      }),
    )
  })

  it('has tiles of 256 hashes, each the root of the leaves below it', () => {
    const { tiles } = grow(LEAVES)
    const widths = [66_100, Math.floor(66_100 / 256), Math.floor(66_100 / 65_536)]
    for (const [level, width] of widths.entries()) {
      for (let number = 0; number * 256 < width; number += 1) {
        const hashes = Array.from({ length: Math.min(256, width - number * 256) }, (_, index) => {
          const start = (number * 256 + index) * 256 ** level
          return definedRoot(LEAVES.slice(start, start + 256 ** level))
        })
        expect(tiles.tile(level, number), `${level}/${number}`).toEqual(concat(...hashes))
      }
    }
    expect(tiles.names).toHaveLength(259 + 2 + 1)
  })

  it('goes on from stored tiles as if it had never stopped', () => {
    const stops = fc.array(size, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(stops, (stops) => {
        const tiles = new KeptTiles()
        let tree = new HistoryTree(sha256)
        for (const stop of stops.toSorted((a, b) => a - b)) {
          for (const leaf of LEAVES.slice(tree.size, stop)) tree.append(leaf)
          tiles.keep(tree.takeChanged())
          tree = new HistoryTree(sha256, { size: stop, tiles })
        }
        expectSame({ tree, tiles }, grow(LEAVES.slice(0, tree.size)))
      }),
    )
  })

  it.each(EDGES)('goes on from %i leaves', (edge) => {
    const { tiles } = grow(LEAVES.slice(0, edge))
    const tree = new HistoryTree(sha256, { size: edge, tiles })
    expect(toHex(tree.root())).toBe(toHex(definedRoot(LEAVES.slice(0, edge))))
    for (const leaf of LEAVES.slice(edge, edge + 300)) tree.append(leaf)
    tiles.keep(tree.takeChanged())
    expectSame({ tree, tiles }, grow(LEAVES.slice(0, edge + 300)))
  })

  it('goes on from a smaller size than the tiles have, as a store that was ahead leaves them', () => {
    const { tiles } = grow(LEAVES.slice(0, 600))
    const tree = new HistoryTree(sha256, { size: 300, tiles })
    for (const leaf of LEAVES.slice(300, 600)) tree.append(leaf)
    tiles.keep(tree.takeChanged())
    expectSame({ tree, tiles }, grow(LEAVES.slice(0, 600)))
  })

  it('gives back the tiles that changed, once, as they were then', () => {
    const tree = new HistoryTree(sha256)
    expect(tree.takeChanged()).toEqual([])
    const [first, second, third] = LEAVES as [Uint8Array, Uint8Array, Uint8Array]
    tree.append(first)
    tree.append(second)
    const changed = tree.takeChanged()
    tree.append(third)
    expect(changed).toEqual([{ level: 0, number: 0, hashes: concat(first, second) }])
    expect(tree.takeChanged()).toEqual([
      { level: 0, number: 0, hashes: concat(first, second, third) },
    ])
    for (const leaf of LEAVES.slice(3, 257)) tree.append(leaf)
    const names = tree.takeChanged().map(({ level, number }) => `${level}/${number}`)
    expect(names).toEqual(['0/0', '0/1', '1/0'])
    expect(tree.takeChanged()).toEqual([])
  })

  it('gives its root away, not the bytes it works on', () => {
    const { tree } = grow(LEAVES.slice(0, 4))
    const root = toHex(tree.root())
    tree.root().fill(0)
    expect(toHex(tree.root())).toBe(root)
  })

  it('refuses a leaf hash of another length', () => {
    expect(() => new HistoryTree(sha256).append(new Uint8Array(31))).toThrow('32 bytes')
  })
})

describe('tiles', () => {
  it('are only read, buffers too', () => {
    const { tiles } = grow(LEAVES.slice(0, MOST))
    const buffers = { tile: (level: number, number: number) => toBuffer(tiles.tile(level, number)) }
    const shown = tiles.names.map((name) => toHex(tileNamed(tiles, name)))
    proveInclusion(sha256, buffers, { index: 130, size: MOST })
    proveConsistency(sha256, buffers, { from: 300, to: MOST })
    const tree = new HistoryTree(sha256, { size: MOST, tiles: buffers })
    for (const leaf of LEAVES.slice(MOST, 1_100)) tree.append(leaf)
    expect(tiles.names.map((name) => toHex(tileNamed(tiles, name)))).toEqual(shown)
  })

  it.each([
    ['missing', undefined],
    ['too short', 32 * 255],
  ])('that are %s stop a proof and a start', (_, length) => {
    const { tiles } = grow(LEAVES.slice(0, 600))
    const torn = {
      tile: (level: number, number: number) =>
        level === 0 && number === 1
          ? length && tiles.tile(0, 1)?.slice(0, length)
          : tiles.tile(level, number),
    } as KeptTiles
    const wanted = 'tile 0/1 of the tree has 256 hashes or more'
    expect(() => proveInclusion(sha256, torn, { index: 256, size: 600 })).toThrow(wanted)
    expect(() => proveConsistency(sha256, torn, { from: 511, to: 512 })).toThrow('tile 0/1')
    const half = { tile: () => new Uint8Array(32 * 127).subarray(0, length ?? 0) }
    expect(() => new HistoryTree(sha256, { size: 128, tiles: half })).toThrow('tile 0/0')
    expect(() => rootAt(sha256, { tile: () => undefined }, 1)).toThrow('tile 0/0')
  })
})

it.each([
  { index: 5, size: 5 },
  { index: -1, size: 5 },
  { index: 0, size: 0 },
])('no proof is made of leaf $index in $size leaves', (wanted) => {
  const { tiles } = grow(LEAVES.slice(0, 8))
  expect(() => proveInclusion(sha256, tiles, wanted)).toThrow('broken invariant: leaf')
})

it.each([
  { from: 6, to: 5 },
  { from: -1, to: 5 },
])('no proof is made that $to leaves begin with $from', (wanted) => {
  const { tiles } = grow(LEAVES.slice(0, 8))
  expect(() => proveConsistency(sha256, tiles, wanted)).toThrow('broken invariant: a tree')
})

type Grown = ReturnType<typeof grow>

function expectSame(actual: Grown, wanted: Grown): void {
  expect(actual.tree.size).toBe(wanted.tree.size)
  expect(toHex(actual.tree.root())).toBe(toHex(wanted.tree.root()))
  expect(actual.tiles.names).toEqual(wanted.tiles.names)
  for (const name of wanted.tiles.names) {
    expect(toHex(tileNamed(actual.tiles, name)), name).toBe(toHex(tileNamed(wanted.tiles, name)))
  }
}

function tileNamed(tiles: KeptTiles, name: string): Uint8Array {
  const [level, number] = name.split('/').map(Number)
  return tiles.tile(level ?? 0, number ?? 0) ?? new Uint8Array()
}

function toBuffer(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
