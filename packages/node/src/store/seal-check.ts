import { blockHash, type ChainId, encodeCheckpoint } from '@fedow/ledger'
import type { SealedBlock } from './book-reader.ts'
import { sha256 } from './hash.ts'
import { checkpointOf } from './sealed-checkpoint.ts'
import { SignatureCheck } from './signature-check.ts'

/** Why a seal is not that of its block, if so. Its roots are taken as they are. `key`: as in a JWK. */
export function faultOfSeal(
  block: SealedBlock,
  { chain, key }: { readonly chain: ChainId; readonly key: string },
): string | undefined {
  if (blockHash(sha256, { chain, ...block }) !== block.hash) {
    return 'its hash is not that of its header'
  }
  const text = encodeCheckpoint(checkpointOf(chain, block))
  if (new SignatureCheck().isSigned(key, text, block.signature)) return undefined
  return 'its checkpoint is not signed by the key of the genesis'
}
