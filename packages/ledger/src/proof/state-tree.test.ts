import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepHash, naiveRoot } from '../../test/naive-tree.ts'
import { fastHash } from '../../test/play.ts'
import { toHex } from '../bytes.ts'
import type { Hash } from '../hash.ts'
import { isProven } from './state-proof.ts'
import { StateTree, VERSIONS_KEPT } from './state-tree.ts'

const HASHES = [
  ['SHA-256', fastHash],
  ['deep paths', deepHash],
] as const

type Change = { readonly key: string; readonly value: string | undefined } | 'seal'

const ALL_KEYS = Array.from({ length: 41 }, (_, number) => `wallet/${number}`)
const anyKey = fc.constantFrom(...ALL_KEYS)
const anyValue = fc.integer({ min: 0, max: 3 }).map((number) => `{"balance":${number}}`)
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ key: anyKey, value: anyValue }) },
  { weight: 4, arbitrary: fc.record({ key: anyKey, value: fc.constant(undefined) }) },
  { weight: 1, arbitrary: fc.constant('seal' as const) },
)
const anyChanges = fc.array(anyChange, { maxLength: 150 })

/** A tree beside the plain records that it must stand for. */
class Pair {
  readonly tree: StateTree
  readonly records = new Map<string, string>()
  readonly sealed: { height: number; records: ReadonlyMap<string, string>; root: string }[] = []

  constructor(hash: Hash) {
    this.tree = new StateTree(hash)
  }

  play(changes: readonly Change[]): this {
    for (const change of changes) {
      if (change === 'seal') this.seal()
      else if (change.value === undefined) {
        this.tree.remove(change.key)
        this.records.delete(change.key)
      } else {
        this.tree.put(change.key, change.value)
        this.records.set(change.key, change.value)
      }
    }
    return this
  }

  seal(): string {
    const height = this.sealed.length + 1
    const root = toHex(this.tree.seal(height))
    this.sealed.push({ height, records: new Map(this.records), root })
    return root
  }
}

describe.each(HASHES)('the state tree over %s', (_, hash) => {
  it('has the root of its definition after any changes, at every seal', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const pair = new Pair(hash).play([...changes, 'seal'])
        for (const { records, root } of pair.sealed)
          expect(root).toBe(toHex(naiveRoot(hash, records)))
        expect(pair.tree.size).toBe(pair.records.size)
      }),
    )
  })

  it('has one root, whatever the order of the changes and where they are sealed', () => {
    const anySeals = fc.array(fc.boolean(), { minLength: 150, maxLength: 150 })
    fc.assert(
      fc.property(anyChanges, anySeals, fc.func(fc.nat()), (changes, seals, rank) => {
        const pair = new Pair(hash).play(changes)
        const all = [...new Set(changes.flatMap((change) => (change === 'seal' ? [] : change.key)))]
        const last = all
          .toSorted((one, other) => rank(one) - rank(other))
          .map((key) => ({ key, value: pair.records.get(key) }))
        const sliced = last.flatMap((change, at): Change[] =>
          seals[at] ? [change, 'seal'] : [change],
        )
        const strangers = all.map((key) => ({ key, value: '{}' }))
        expect(new Pair(hash).play(sliced).seal()).toBe(pair.seal())
        expect(new Pair(hash).play([...strangers, ...sliced]).seal()).toBe(pair.seal())
      }),
    )
  })

  it('keeps the last versions provable while newer ones are made, and no other', () => {
    const anyBlock = fc.array(anyChange, { minLength: 1, maxLength: 12 })
    const anyBlocks = fc.array(anyBlock, { minLength: VERSIONS_KEPT, maxLength: 30 })
    fc.assert(
      fc.property(anyBlocks, anyKey, (blocks, key) => {
        const pair = new Pair(hash).play(blocks.flatMap((block): Change[] => ['seal', ...block]))
        const oldest = pair.sealed.length - VERSIONS_KEPT + 1
        for (const { height, root, records } of pair.sealed) {
          const sealed = pair.tree.root(height)
          expect(sealed && toHex(sealed)).toBe(height < oldest ? undefined : root)
          for (const one of height === oldest ? ALL_KEYS : [key]) {
            const proof = pair.tree.prove(height, one)
            expect(proof !== undefined).toBe(height >= oldest)
            if (proof === undefined || records.size === 0) continue
            const value = records.get(one)
            const claim = { root: Uint8Array.fromHex(root), key: one, value, proof }
            expect(isProven(hash, claim)).toBe(true)
          }
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('the state tree', () => {
  it('has 32 zero bytes as its root while it is empty, and again when it is', () => {
    const tree = new StateTree(fastHash)
    expect(toHex(tree.seal(0))).toBe('00'.repeat(32))
    tree.put('wallet/a', '{}')
    expect(toHex(tree.seal(1))).not.toBe('00'.repeat(32))
    tree.remove('wallet/a')
    expect(toHex(tree.seal(2))).toBe('00'.repeat(32))
    expect(tree.prove(2, 'wallet/a')).toEqual({ kind: 'absent' })
  })

  it('hashes nothing for records that are as they were', () => {
    let calls = 0
    const tree = new StateTree((bytes) => {
      calls += 1
      return fastHash(bytes)
    })
    const seal = (height: number, balance: number) => {
      for (const key of ALL_KEYS) tree.put(key, `{"balance":${balance}}`)
      tree.remove('wallet/nobody')
      calls = 0
      return { root: toHex(tree.seal(height)), calls }
    }
    const { root } = seal(1, 5)
    expect(seal(2, 5)).toEqual({ root, calls: 0 })
    expect(seal(3, 6).calls).toBeGreaterThan(0)
  })

  it('refuses a height that does not follow', () => {
    const tree = new StateTree(fastHash)
    tree.seal(5)
    expect(() => tree.seal(5)).toThrow('heights of sealed states grow')
    expect(tree.root(4)).toBeUndefined()
    expect(tree.prove(6, 'wallet/a')).toBeUndefined()
  })

  it('gives roots away that the caller may change', () => {
    const tree = new StateTree(fastHash)
    tree.put('wallet/a', '{}')
    const root = toHex(tree.seal(1))
    tree.root(1)?.fill(7)
    expect(toHex(tree.root(1) ?? new Uint8Array())).toBe(root)
  })
})
