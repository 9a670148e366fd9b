/** Proofs of single records at one of the last sealed heights. */
import {
  encodeStateProof,
  hashParts,
  isSameBytes,
  type StateProof,
  type StateProofJson,
  toBase64,
  toIcs23,
} from '@fedow/ledger'
import type { BookReader, SealedBlock } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'
import type { StatementMeans } from './statements.ts'

export interface RecordProofMeans extends Pick<StatementMeans, 'noteOf' | 'sealed' | 'prove'> {
  readonly book: Pick<BookReader, 'lastSealed' | 'sealedBlock'>
}

/** Which record, at which height: the last sealed one when absent. */
export interface RecordOrder {
  readonly key: string
  readonly height?: number | undefined
}

export interface RecordProof {
  readonly height: number
  readonly key: string
  readonly value?: string | null
  readonly proof: StateProofJson
  readonly ics23: string
  readonly checkpoint: string
}

/** The proof; `undefined` when the height is not one of the last sealed ones. */
export async function recordProofOf(
  { book, noteOf, sealed, prove }: RecordProofMeans,
  { key, height }: RecordOrder,
): Promise<RecordProof | undefined> {
  const block: SealedBlock | undefined =
    height === undefined ? book.lastSealed() : book.sealedBlock(height)
  if (block === undefined) return undefined
  const value = sealed(key)
  const proof = await prove(block.height, key)
  if (proof === undefined) return undefined
  return {
    height: block.height,
    key,
    ...(isOf(proof, value) && { value: value ?? null }),
    proof: encodeStateProof(proof),
    ics23: toBase64(toIcs23(sha256, key, proof)),
    checkpoint: noteOf(block),
  }
}

/** True when the record of today is the one that the proof is of. */
function isOf(proof: StateProof, value: string | undefined): boolean {
  if (proof.kind === 'absent') return value === undefined
  return value !== undefined && isSameBytes(hashParts(sha256, value), proof.leaf.v)
}
