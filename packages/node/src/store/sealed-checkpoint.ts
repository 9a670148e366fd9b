import type { DatabaseSync } from 'node:sqlite'
import type { ChainId, Checkpoint } from '@fedow/ledger'

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
  return {
    chain,
    size: Number(row['size']),
    root: row['history'] as Uint8Array,
    state: row['state'] as Uint8Array,
    height: Number(row['height']),
    block: row['hash'] as Uint8Array,
  }
}
