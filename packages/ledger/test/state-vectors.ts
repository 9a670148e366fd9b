/** Runs the vectors of the state tree, state-tree.json. Source: docs/spec/vectors.md. */
import { describe, expect, it } from 'vitest'
import {
  encodeStateProof,
  type Hash,
  isProven,
  Malformed,
  parseStateProof,
  type StateProof,
  type StateProofJson,
  StateTree,
  toHex,
  toIcs23,
} from '../src/index.ts'
import { readVectors } from './world.ts'

interface StateFile {
  readonly about: string
  readonly leaves: readonly {
    readonly key: string
    readonly value: string
    readonly k: string
    readonly v: string
    readonly path: string
    readonly leaf: string
  }[]
  readonly trees: readonly {
    readonly name: string
    readonly changes: readonly Change[]
    readonly root: string
    readonly proofs: readonly (Claim & { readonly ics23: string })[]
  }[]
  readonly refused: readonly (Claim & { readonly root: string })[]
}

interface Change {
  readonly key: string
  /** `null`: removed. */
  readonly value: string | null
}

interface Claim extends Change {
  readonly name: string
  readonly proof: StateProofJson
}

/** Roots of small states, and proofs to the byte, with any SHA-256. */
export function runStateVectors(hash: Hash): void {
  const { about, leaves, trees, refused } = readVectors<StateFile>('state-tree.json')
  describe(`state-tree.json: ${about}`, () => {
    it.each(leaves)('makes the leaf of $key', ({ key, value, path, leaf, ...digests }) => {
      const tree = grow(hash, [{ key, value }])
      expect(toHex(tree.root(1) ?? new Uint8Array())).toBe(leaf)
      const proof = tree.prove(1, key)
      if (proof?.kind !== 'present') throw new Error(`${key} is there`)
      const { k, v } = proof.leaf
      expect({ k: toHex(k), v: toHex(v), path: toHex(hash(k)) }).toEqual({ ...digests, path })
    })
    it.each(trees)('$name', ({ changes, root, proofs }) => {
      const tree = grow(hash, changes)
      expect(toHex(tree.root(1) ?? new Uint8Array())).toBe(root)
      for (const { name, ics23, ...claim } of proofs) {
        const proof = read(claim.proof)
        expect({ name, proof: tree.prove(1, claim.key) }).toEqual({ name, proof })
        expect({ name, json: encodeStateProof(proof) }).toEqual({ name, json: claim.proof })
        expect({ name, ics23: toHex(toIcs23(hash, claim.key, proof)) }).toEqual({ name, ics23 })
        expect({ name, isProven: judge(hash, root, claim) }).toEqual({ name, isProven: true })
      }
    })
    it.each(refused)('refuses $name', ({ root, ...claim }) => {
      expect(judge(hash, root, claim)).toBe(false)
    })
  })
}

function grow(hash: Hash, changes: readonly Change[]): StateTree {
  const tree = new StateTree(hash)
  for (const { key, value } of changes) {
    if (value === null) tree.remove(key)
    else tree.put(key, value)
  }
  tree.seal(1)
  return tree
}

function read(json: StateProofJson): StateProof {
  const proof = parseStateProof(json)
  if (proof instanceof Malformed) throw new Error(`${proof.path}: expected ${proof.expected}`)
  return proof
}

function judge(hash: Hash, root: string, { key, value, proof }: Omit<Claim, 'name'>): boolean {
  const claim = { root: Uint8Array.fromHex(root), key, value: value ?? undefined }
  return isProven(hash, { ...claim, proof: read(proof) })
}
