import {
  checkpointKey,
  encodeCheckpoint,
  encodeNote,
  fromBase64url,
  keyId,
  type NoteSignature,
} from '@fedow/ledger'
import type { BookReader, SealedBlock } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'
import { checkpointOf } from '../store/sealed-checkpoint.ts'

/** The log whose blocks are sealed. */
export type Log = Pick<BookReader, 'chain' | 'genesis'>

/** The signed note of a sealed block: the signature of the log, then those of its witnesses. */
export function checkpointNote(
  block: SealedBlock,
  { chain, genesis }: Log,
  cosignatures: readonly NoteSignature[] = [],
): string {
  const text = encodeCheckpoint(checkpointOf(chain, block))
  const key = checkpointKey(fromBase64url(genesis.checkpoint) ?? NONE, chain)
  const own = { name: key.name, id: keyId(sha256, key), bytes: block.signature }
  return encodeNote({ text, signatures: [own, ...cosignatures] })
}

const NONE = new Uint8Array()
