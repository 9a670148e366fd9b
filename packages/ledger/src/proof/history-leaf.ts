import { concat } from '../bytes.ts'
import { type Hash, hashParts } from '../hash.ts'
import { type TxId, toUuidBytes } from '../ids.ts'
import { encodeOutcome, type Outcome } from '../outcome.ts'

/** Bytes of the history leaf of a decided tx, system entry or genesis. */
export const HISTORY_LEAF_BYTES = 80

/** What was decided, as the history keeps it. */
export interface Decided {
  readonly id: TxId
  /** Compact JWS of a tx or genesis, JSON of a system entry. Text stands for its UTF-8. */
  readonly bytes: Uint8Array | string
  /** The outcome, or its JSON as `encodeOutcome` writes it. */
  readonly outcome: Outcome | string
}

/**
 * The history leaf of what was decided: id (16 bytes) | H(its bytes) | H(JSON of its outcome), 80 bytes.
 *
 * The tree takes its hash: `hashLeaf`.
 */
export function historyLeaf(hash: Hash, { id, bytes, outcome }: Decided): Uint8Array {
  const json = typeof outcome === 'string' ? outcome : encodeOutcome(outcome)
  return concat(toUuidBytes(id), hashParts(hash, bytes), hashParts(hash, json))
}
