import { concat } from '../bytes.ts'
import { type Hash, hashParts } from '../hash.ts'
import { pathBit } from './state-path.ts'
import type { StateLeaf, StateProof } from './state-proof.ts'

const LEAF = Uint8Array.of(0x00)
const INNER = Uint8Array.of(0x01)
/** HashOp SHA256. A length of NO_PREFIX is 0, which protobuf leaves out. */
const SHA256 = 1

/**
 * A state proof as IBC light clients take it: the protobuf bytes of a `cosmos.ics23.v1.CommitmentProof` that holds against
 * `SmtSpec`, for the key k = H(key) and the value v = H(record), and the same root.
 *
 * Range: an absence has a neighbour at least; nothing is absent from an empty state there.
 * Source: docs/spec/state.md; github.com/cosmos/ics23, proofs.proto. Vectors: vectors/state-tree.json.
 */
export function toIcs23(hash: Hash, key: string, proof: StateProof): Uint8Array {
  if (proof.kind === 'present') return bytesField(1, existence(hash, proof.leaf))
  const { left, right } = proof
  const parts = [bytesField(1, hashParts(hash, key))]
  if (left !== undefined) parts.push(bytesField(2, existence(hash, left)))
  if (right !== undefined) parts.push(bytesField(3, existence(hash, right)))
  return bytesField(2, concat(...parts))
}

/** ExistenceProof: key 1, value 2, leaf 3, path 4, the deepest step first. */
function existence(hash: Hash, { k, v, siblings }: StateLeaf): Uint8Array {
  const path = hash(k)
  const steps = siblings.map((sibling, index) => {
    const isLeft = pathBit(path, siblings.length - 1 - index) === 0
    return bytesField(4, isLeft ? innerOp(INNER, sibling) : innerOp(concat(INNER, sibling)))
  })
  return concat(bytesField(1, k), bytesField(2, v), bytesField(3, LEAF_OP), ...steps)
}

/** InnerOp: hash 1, prefix 2 (what stands before the child), suffix 3 (what stands behind it). */
function innerOp(prefix: Uint8Array, suffix?: Uint8Array): Uint8Array {
  const step = concat(numberField(1, SHA256), bytesField(2, prefix))
  return suffix === undefined ? step : concat(step, bytesField(3, suffix))
}

/** LeafOp: hash 1, prehash_key 2, prehash_value 3, prefix 5. */
const LEAF_OP = concat(...[1, 2, 3].map((field) => numberField(field, SHA256)), bytesField(5, LEAF))

/** A field of protobuf whose number is below 16 and whose value is below 128. */
function numberField(field: number, value: number): Uint8Array {
  return Uint8Array.of(field << 3, value)
}

/** A field of bytes or of a message: its length as a varint, then what it holds. */
function bytesField(field: number, content: Uint8Array): Uint8Array {
  const head = [(field << 3) | 2]
  let length = content.length
  for (; length >= 128; length >>>= 7) head.push((length & 127) | 128)
  return concat(Uint8Array.of(...head, length), content)
}
