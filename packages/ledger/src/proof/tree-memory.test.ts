import { describe, expect, it } from 'vitest'
import type { Hash } from '../hash.ts'
import { StateTree, VERSIONS_KEPT } from './state-tree.ts'
import { TreeMemory } from './tree-memory.ts'

describe('the memory of a tree', () => {
  it('keeps digests, links and marks of many nodes apart', () => {
    const memory = new TreeMemory({ digests: 2, links: 2 })
    const nodes = Array.from({ length: 10_000 }, () => memory.take())
    const toDigest = (node: number, place: number) =>
      Uint8Array.from({ length: 32 }, (_, at) => (node * 7 + place * 31 + at * (node >>> 8)) & 255)
    for (const node of nodes) {
      for (const place of [0, 1]) {
        memory.setDigest(node, place, toDigest(node, place))
        memory.setLink(node, place, node * 2 + place - 10_000)
      }
      if (node % 3 === 0) memory.mark(node)
      if (node % 6 === 0) memory.unmark(node)
    }
    expect(new Set(nodes).size).toBe(10_000)
    for (const node of nodes) {
      expect(memory.isMarked(node)).toBe(node % 6 === 3)
      for (const place of [0, 1]) {
        expect(memory.digest(node, place)).toEqual(toDigest(node, place))
        expect(memory.hasDigest(node, place, toDigest(node, place))).toBe(true)
        expect(memory.hasDigest(node, place, toDigest(node + 1, place))).toBe(false)
        expect(memory.link(node, place)).toBe(node * 2 + place - 10_000)
      }
    }
  })

  it('gives out what was freed before it takes more', () => {
    const memory = new TreeMemory({ digests: 1, links: 0 })
    const nodes = Array.from({ length: 9 }, () => memory.take())
    for (const node of nodes.slice(3, 6)) memory.free(node)
    const again = Array.from({ length: 4 }, () => memory.take())
    expect(again.toSorted((one, other) => one - other)).toEqual([...nodes.slice(3, 6), 10])
  })

  it('stays as large as the versions that are kept, however many there were', () => {
    const tree = new StateTree(quickHash())
    const change = (height: number) => {
      for (let n = 0; n < 40; n += 1) {
        const key = `wallet/${(height * 7 + n * 5) % 200}`
        if ((height + n) % 3 === 0) tree.remove(key)
        else tree.put(key, `{"balance":${height}}`)
      }
      tree.seal(height)
    }
    for (let height = 1; height <= 3 * VERSIONS_KEPT; height += 1) change(height)
    const before = process.memoryUsage().arrayBuffers
    for (let height = 100; height < 2_000; height += 1) change(height)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })
})

/** No hash at all, but well spread, and without memory of its own: what grows is the tree. */
function quickHash(): Hash {
  const lent = Array.from({ length: 64 }, () => new Uint8Array(32))
  let calls = 0
  return (bytes) => {
    calls += 1
    const digest = lent[calls % lent.length] ?? new Uint8Array(32)
    let state = 0x811c9dc5
    for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193)
    for (let at = 0; at < 32; at += 1) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + at
      digest[at] = state >>> 13
    }
    return digest
  }
}
