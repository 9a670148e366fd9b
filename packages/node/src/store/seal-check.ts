import { blockHash, type Checkpoint, encodeCheckpoint } from '@fedow/ledger'
import type { SealedBlock } from './book-reader.ts'
import { sha256 } from './hash.ts'
import { SignatureCheck } from './signature-check.ts'

/** Why a seal is not that of its block, if so. Its roots are taken as they are. `key`: as in a JWK. */
export function faultOfSeal(
  block: SealedBlock,
  { checkpoint, key }: { readonly checkpoint: Checkpoint; readonly key: string },
): string | undefined {
  const { height, timeUs, parent, txs, state, history, hash } = block
  const header = { chain: checkpoint.chain, height, timeUs, parent, txs, state, history }
  if (blockHash(sha256, header) !== hash) return 'its hash is not that of its header'
  const text = encodeCheckpoint(checkpoint)
  if (new SignatureCheck().now(key, text, block.signature)) return undefined
  return 'its checkpoint is not signed by the key of the genesis'
}
