import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastHash } from '../../test/play.ts'
import { concat, toHex, toUtf8 } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import { forkOf, pathBit } from './state-path.ts'
import { isProven, type StateLeaf, type StateProof } from './state-proof.ts'
import { StateTree } from './state-tree.ts'

const toKey = (number: number) => `wallet/${number}`
const anyNumbers = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 })

/** A tree of wallets by their numbers, with its root. */
function grow(numbers: readonly number[]) {
  const tree = new StateTree(fastHash)
  for (const number of numbers) tree.put(toKey(number), `{"balance":${number}}`)
  const root = tree.seal(1)
  const ask = (key: string, value: string | undefined, proof: StateProof | undefined) =>
    proof !== undefined && isProven(fastHash, { root, key, value, proof })
  const prove = (number: number): StateProof => {
    const proof = tree.prove(1, toKey(number))
    if (proof === undefined) throw new Error('the version is sealed')
    return proof
  }
  const leaf = (number: number): StateLeaf => {
    const proof = prove(number)
    if (proof.kind === 'absent') throw new Error('the record is there')
    return proof.leaf
  }
  return { root, ask, prove, leaf }
}

describe('a proof of the state', () => {
  it('proves a record, and nothing else under its key', () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(60), (numbers, other) => {
        const { ask, prove } = grow(numbers)
        for (const number of numbers) {
          const proof = prove(number)
          expect(ask(toKey(number), `{"balance":${number}}`, proof)).toBe(true)
          expect(ask(toKey(number), `{"balance":${number + 1}}`, proof)).toBe(false)
          expect(ask(toKey(number), undefined, proof)).toBe(false)
          if (other === number) continue
          expect(ask(toKey(other), `{"balance":${number}}`, proof)).toBe(false)
          expect(ask(toKey(other), undefined, proof)).toBe(false)
        }
      }),
    )
  })

  it('proves that there is no record by the nearest leaves, and by no others', () => {
    fc.assert(
      fc.property(anyNumbers, fc.array(fc.nat(60), { maxLength: 20 }), (numbers, others) => {
        const { ask, prove, leaf } = grow(numbers)
        const leaves = [undefined, ...numbers.map((number) => leaf(number))]
        for (const number of [...others, ...numbers]) {
          const proof = prove(number)
          const isThere = numbers.includes(number)
          expect(ask(toKey(number), undefined, proof)).toBe(!isThere)
          expect(ask(toKey(number), '{}', proof)).toBe(false)
          for (const left of leaves) {
            for (const right of leaves) {
              const claim = absence(left, right)
              const isRight = proof.kind === 'absent' && isSame(claim, proof)
              expect(ask(toKey(number), undefined, claim)).toBe(isRight)
            }
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is refused when any byte of it, or of the root, is another', () => {
    fc.assert(
      fc.property(
        anyNumbers,
        fc.nat(80),
        fc.integer({ min: 1, max: 255 }),
        (numbers, number, by) => {
          const { root, prove } = grow(numbers)
          const key = toKey(number)
          const value = numbers.includes(number) ? `{"balance":${number}}` : undefined
          const proof = structuredClone(prove(number))
          const check = () => isProven(fastHash, { root, key, value, proof })
          expect(check()).toBe(true)
          for (const bytes of [root, ...bytesOf(proof)]) {
            for (const [index, byte] of bytes.entries()) {
              bytes[index] = byte ^ by
              expect(check()).toBe(false)
              bytes[index] = byte
            }
          }
          expect(check()).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is refused when it has one sibling more, less, doubled or in another place', () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(), (numbers, at) => {
        const { ask, prove, leaf } = grow(numbers)
        const number = numbers[0] ?? 0
        const value = `{"balance":${number}}`
        const { siblings, ...digests } = leaf(number)
        const place = at % (siblings.length + 1)
        const zero = new Uint8Array(32)
        const forged = [
          [...siblings.slice(0, place), zero, ...siblings.slice(place)],
          [...siblings, ...Array.from({ length: 257 - siblings.length }, () => zero)],
          [...siblings, new Uint8Array()],
          ...siblings.map((_, index) => siblings.toSpliced(index, 1)),
          ...siblings.map((one, index) => siblings.toSpliced(index, 0, one)),
          ...siblings.map((one, index) => siblings.with(index, Uint8Array.of(...one, 0))),
          ...siblings.map((one, index) => siblings.with(index, one.subarray(1))),
        ]
        if (siblings.length > 1) forged.push(siblings.toReversed())
        expect(ask(toKey(number), value, prove(number))).toBe(true)
        for (const one of forged) {
          const proof: StateProof = { kind: 'present', leaf: { ...digests, siblings: one } }
          expect(ask(toKey(number), value, proof)).toBe(false)
        }
      }),
    )
  })

  it('is refused when it shows a leaf that is not there beside one that suffices', () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(60), (numbers, number) => {
        const { ask, prove } = grow(numbers)
        const proof = prove(number)
        if (proof.kind === 'present') return
        const stranger = grow([100]).leaf(100)
        const { left = stranger, right = stranger } = proof
        const isWhole = proof.left !== undefined && proof.right !== undefined
        expect(ask(toKey(number), undefined, absence(left, right))).toBe(isWhole)
      }),
    )
  })

  it('takes no inner node for a leaf', () => {
    const { ask, leaf } = grow([1, 2])
    const top = [leaf(1), leaf(2)].toSorted((one, other) => (isLeftOf(one, other) ? -1 : 1))
    // Bytes whose hashes are the two children of the root, when both leaves hang from it.
    const [k, v] = top.map((one) => concat(Uint8Array.of(0), fastHash(one.k), fastHash(one.v)))
    if (k === undefined || v === undefined) throw new Error('there are two leaves')
    expect(top.map(({ siblings }) => siblings.length)).toEqual([1, 1])
    expect(top.map(({ siblings }) => siblings[0])).toEqual([fastHash(v), fastHash(k)].map(plain))
    const forged = { k, v, siblings: [] }
    for (const number of [1, 2]) {
      expect(ask(toKey(number), undefined, absence(forged, undefined))).toBe(false)
      expect(ask(toKey(number), undefined, absence(undefined, forged))).toBe(false)
    }
  })

  it('proves nothing of an empty state', () => {
    const tree = new StateTree(fastHash)
    const root = tree.seal(1)
    const [key, value] = [toKey(1), undefined]
    expect(isProven(fastHash, { root, key, value, proof: { kind: 'absent' } })).toBe(false)
  })

  it('takes no text for another one of the same bytes', () => {
    const tree = new StateTree(nobleHash)
    tree.put('wallet/\ufffd', '{"name":"\ufffd"}')
    const root = tree.seal(1)
    const proof = tree.prove(1, 'wallet/\ufffd') ?? { kind: 'absent' }
    const ask = (key: string, value: string) => isProven(nobleHash, { root, key, value, proof })
    expect(toUtf8('wallet/\ud800')).toEqual(toUtf8('wallet/\ufffd'))
    expect(ask('wallet/\ufffd', '{"name":"\ufffd"}')).toBe(true)
    expect(ask('wallet/\ud800', '{"name":"\ufffd"}')).toBe(false)
    expect(ask('wallet/\ufffd', '{"name":"\ud800"}')).toBe(false)
  })
})

function absence(left: StateLeaf | undefined, right: StateLeaf | undefined): StateProof {
  return { kind: 'absent', ...(left && { left }), ...(right && { right }) }
}

function isSame(one: StateProof, other: StateProof): boolean {
  const ks = [one, other].map((proof) =>
    proof.kind === 'present' ? [] : [proof.left, proof.right].map((leaf) => leaf && toHex(leaf.k)),
  )
  return JSON.stringify(ks[0]) === JSON.stringify(ks[1])
}

function bytesOf(proof: StateProof): readonly Uint8Array[] {
  const leaves = proof.kind === 'present' ? [proof.leaf] : [proof.left, proof.right]
  return leaves.flatMap((leaf) => (leaf ? [leaf.k, leaf.v, ...leaf.siblings] : []))
}

function isLeftOf(one: StateLeaf, other: StateLeaf): boolean {
  const [path, beside] = [fastHash(one.k), fastHash(other.k)]
  return pathBit(path, forkOf(path, beside)) === 0
}

/** Without the class of the machine's buffers, which `toEqual` tells apart. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes)
}
