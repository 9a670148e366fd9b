/** State proofs as JSON, as statements and the API carry them. Source: docs/spec/state.md. */
import { fromBase64, toBase64 } from '../bytes.ts'
import { array, either, Malformed, object, optional, type Shape } from '../shape.ts'
import { PATH_BITS } from './state-path.ts'
import type { StateLeaf, StateProof } from './state-proof.ts'

/** A leaf with its digests in padded base64. */
export interface StateLeafJson {
  readonly k: string
  readonly v: string
  readonly siblings: readonly string[]
}

/** The JSON of a proof: of the record that is there, or of the neighbours of the one that is not. */
export type StateProofJson =
  | { readonly present: StateLeafJson }
  | { readonly absent: { readonly left?: StateLeafJson; readonly right?: StateLeafJson } }

/** The JSON value of a proof, for `encode`. */
export function encodeStateProof(proof: StateProof): StateProofJson {
  if (proof.kind === 'present') return { present: encodeLeaf(proof.leaf) }
  const { left, right } = proof
  return {
    absent: {
      ...(left && { left: encodeLeaf(left) }),
      ...(right && { right: encodeLeaf(right) }),
    },
  }
}

function encodeLeaf({ k, v, siblings }: StateLeaf): StateLeafJson {
  return { k: toBase64(k), v: toBase64(v), siblings: siblings.map(toBase64) }
}

const digest: Shape<Uint8Array> = (value, path) => {
  const bytes = typeof value === 'string' && value.length === 44 ? fromBase64(value) : undefined
  if (bytes?.length !== 32) throw new Malformed(path, 'base64 of 32 bytes')
  return bytes
}

const leaf = object({
  k: digest,
  v: digest,
  siblings: array(digest, { min: 0, max: PATH_BITS }),
})

const written = either(
  'present',
  object({ present: leaf }),
  object({ absent: object({ left: optional(leaf), right: optional(leaf) }) }),
)

/** The shape of a proof as `encodeStateProof` writes it. It says nothing of what the proof proves: ask `isProven`. */
export const stateProof: Shape<StateProof> = (value, path) => {
  const proof = written(value, path)
  return 'present' in proof
    ? { kind: 'present', leaf: proof.present }
    : { kind: 'absent', ...proof.absent }
}

/** Reads the JSON value of a proof. Answers `Malformed` with the place and what was expected there. */
export function parseStateProof(value: unknown): StateProof | Malformed {
  try {
    return stateProof(value, '')
  } catch (cause) {
    if (cause instanceof Malformed) return cause
    throw cause
  }
}
