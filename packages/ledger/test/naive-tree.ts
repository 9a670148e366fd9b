/** The state tree by its definition: a recursion over the paths of records. Source: docs/spec/state.md. */
import { concat, type Hash, toUtf8 } from '../src/index.ts'
import { PATH_BITS, pathBit } from '../src/proof/state-path.ts'
import { fastHash } from './play.ts'

/** A hash whose paths are alike in their first 240 bits: the deepest trees. */
export const deepHash: Hash = (bytes) => {
  const digest = fastHash(bytes)
  return bytes.length === 32 ? digest.fill(0, 0, 30) : digest
}

interface Leaf {
  readonly path: Uint8Array
  readonly hash: Uint8Array
}

export function naiveRoot(hash: Hash, records: ReadonlyMap<string, string>): Uint8Array {
  const leaves = [...records].map(([key, value]): Leaf => {
    const path = hash(hash(toUtf8(key)))
    const v = hash(toUtf8(value))
    return { path, hash: hash(concat(Uint8Array.of(0), path, hash(v))) }
  })
  return subtree(hash, leaves, 0)
}

function subtree(hash: Hash, leaves: readonly Leaf[], depth: number): Uint8Array {
  const [only] = leaves
  if (only === undefined) return new Uint8Array(32)
  if (leaves.length === 1) return Uint8Array.from(only.hash)
  if (depth === PATH_BITS) throw new Error('two records have one path')
  const [left, right] = [0, 1].map((bit) =>
    subtree(
      hash,
      leaves.filter(({ path }) => pathBit(path, depth) === bit),
      depth + 1,
    ),
  )
  return hash(concat(Uint8Array.of(1), left ?? new Uint8Array(), right ?? new Uint8Array()))
}
