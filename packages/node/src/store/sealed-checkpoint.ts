import type { DatabaseSync } from 'node:sqlite'
import { type ChainId, type Checkpoint, fromHex, type Hex32 } from '@fedow/ledger'
import type { SealedBlock } from './book-reader.ts'
import type { SealRow } from './rows.ts'

/** The checkpoint of a sealed block, as the file has it; of the last one when no height is named. */
export function sealedCheckpoint(
  db: DatabaseSync,
  chain: ChainId,
  height?: number,
): Checkpoint | undefined {
  const row =
    height === undefined
      ? db.prepare('SELECT * FROM seal ORDER BY height DESC LIMIT 1').get()
      : db.prepare('SELECT * FROM seal WHERE height = ?').get(BigInt(height))
  if (row === undefined) return undefined
  const { size, history: root, state, height: at, hash: block } = row as unknown as SealRow
  return { chain, size, root, state, height: at, block }
}

/** The checkpoint of a sealed block that was read with its seal. */
export function checkpointOf(chain: ChainId, block: SealedBlock): Checkpoint {
  const { size, height, history, state, hash } = block
  const roots = { root: toBytes(history), state: toBytes(state) }
  return { chain, size, ...roots, height, block: toBytes(hash) }
}

function toBytes(hex: Hex32): Uint8Array {
  return fromHex(hex) as Uint8Array
}
