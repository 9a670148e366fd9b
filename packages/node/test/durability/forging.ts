/** What whoever has a key of the folder can do to the seals of its book. */
import type { DatabaseSync } from 'node:sqlite'
import {
  blockHash,
  type ChainId,
  encodeCheckpoint,
  fromBase64url,
  fromHex,
  type Hex32,
  toHex,
} from '@fedow/ledger'
import { sha256 } from '../../src/store/hash.ts'
import type { SigningKey } from '../../src/store/key-file.ts'
import type { TestNetwork } from '../test-network.ts'

export type Height = number | 'last'

interface Row {
  readonly height: number
  readonly time_ms: number
  readonly txs: Uint8Array
  readonly parent: Uint8Array
  readonly size: number
  readonly state: Uint8Array
  readonly history: Uint8Array
  readonly hash: Uint8Array
}

function readSeal(db: DatabaseSync, height: Height): Row {
  const at = height === 'last' ? '(SELECT max(height) FROM seal)' : String(height)
  const row = db
    .prepare(
      `SELECT block.time_ms, block.txs, seal.*,
       (SELECT hash FROM seal WHERE height = ${at} - 1) AS parent
       FROM seal JOIN block USING (height) WHERE height = ${at}`,
    )
    .get()
  if (row === undefined) throw new Error(`block ${height} has no seal`)
  return row as unknown as Row
}

/** Gives the checkpoint of a seal the signature of a key. */
export function sign(
  db: DatabaseSync,
  chain: ChainId,
  { height: at, key }: { readonly height: Height; readonly key: SigningKey },
): void {
  const { height, size, state, history: root, hash: block } = readSeal(db, at)
  const text = encodeCheckpoint({ chain, size, root, state, height, block })
  db.prepare('UPDATE seal SET signature = ? WHERE height = ?').run(
    fromBase64url(key.sign(text)) as Uint8Array,
    BigInt(height),
  )
}

/** Changes a seal, then makes its hash anew, and its signature by the right key. */
export function forge(
  db: DatabaseSync,
  { genesis: { chain }, keys }: TestNetwork,
  { height: at, change }: { readonly height: Height; readonly change: string },
): void {
  const { height } = readSeal(db, at)
  db.exec(`UPDATE seal SET ${change} WHERE height = ${height}`)
  const row = readSeal(db, height)
  const [parent, txs, state, history] = [row.parent, row.txs, row.state, row.history].map(
    toHex,
  ) as [Hex32, Hex32, Hex32, Hex32]
  const timeUs = row.time_ms * 1_000
  const hash = blockHash(sha256, { chain, height, timeUs, parent, txs, state, history })
  const bytes = fromHex(hash) as Uint8Array
  db.prepare('UPDATE seal SET hash = ? WHERE height = ?').run(bytes, BigInt(height))
  sign(db, chain, { height, key: keys.checkpoint })
}
