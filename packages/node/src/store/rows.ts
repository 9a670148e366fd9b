/** Rows of the log as the ledger's values. */
import {
  type Amount,
  type AssetId,
  type CardId,
  decodeRejected,
  fromUuidBytes,
  type Hash,
  type Hex32,
  LINE_ACTIONS,
  type Line,
  lineId,
  NO_PARENT,
  type TxId,
  toHex,
  toJws,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import type { ClosedBlock, SealedBlock, StoredTx } from './book-reader.ts'
import type { Names, Signers } from './names.ts'

/** Integers of the log are below 2^53, so they are read as numbers and amounts widened. */
export interface LineRow {
  readonly number: number
  readonly action_index: number
  readonly line_index: number
  readonly action: number
  readonly asset: number
  readonly seq: number
  readonly sender: number
  readonly receiver: number
  readonly amount: number
  readonly time_us: number
  readonly card: number | null
  readonly primary_card: number | null
  readonly previous_from: number
  readonly previous_to: number
  readonly hash: Uint8Array
  /** Of its tx. */
  readonly id: Uint8Array
  readonly signer: number | null
  readonly json: string
  readonly signature: Uint8Array | null
}

export interface TxRow {
  readonly seq: number
  readonly height: number
  readonly position: number
  readonly id: Uint8Array
  readonly signer: number | null
  readonly json: string
  readonly signature: Uint8Array | null
  readonly rejected: string | null
  readonly line: number
  readonly lines: number
  /** Of its block. */
  readonly time_ms: number
}

export interface BlockRow {
  readonly height: number
  readonly time_ms: number
  readonly count: number
  readonly txs: Uint8Array
}

export interface SealRow {
  readonly height: number
  readonly size: number
  readonly state: Uint8Array
  readonly history: Uint8Array
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

/** A block with its seal. */
export interface SealedBlockRow extends BlockRow, SealRow {
  /** The hash of the block before it, null at height 0. */
  readonly parent: Uint8Array | null
}

export interface Numbers {
  readonly names: Names
  readonly signers: Signers
  readonly hash: Hash
}

/** The bytes that stand in the block for a row: its compact JWS, or the JSON of a system entry. */
export function toEntryBytes(
  signers: Signers,
  row: Pick<TxRow, 'signer' | 'json' | 'signature'>,
): Uint8Array {
  if (row.signer === null || row.signature === null) return toUtf8(row.json)
  return toUtf8(toJws(signers.kid(row.signer), row.json, row.signature))
}

const NONE = new Uint8Array()

export function toLine({ names, signers, hash }: Numbers, row: LineRow): Line {
  const tx = fromUuidBytes(row.id) as TxId
  const action = LINE_ACTIONS[row.action]
  if (action === undefined) throw new Error(`line ${row.number} has an unknown action`)
  const position = { actionIndex: row.action_index, lineIndex: row.line_index }
  // The first line has the id of its tx: the bytes of the tx are for the others alone.
  const isFirst = row.action_index === 0 && row.line_index === 0
  const bytes = isFirst ? NONE : toEntryBytes(signers, row)
  return {
    id: lineId(hash, { tx, bytes, ...position }),
    number: row.number,
    seq: row.seq,
    asset: names.id<AssetId>(row.asset),
    action,
    from: names.id<WalletId>(row.sender),
    to: names.id<WalletId>(row.receiver),
    amount: BigInt(row.amount) as Amount,
    timeUs: row.time_us,
    card: row.card === null ? null : names.id<CardId>(row.card),
    primary: row.primary_card === null ? null : names.id<CardId>(row.primary_card),
    tx,
    ...position,
    hash: toHex(row.hash) as Hex32,
    previousFrom: row.previous_from,
    previousTo: row.previous_to,
  }
}

export function toStoredTx(signers: Signers, row: TxRow, lines: readonly Line[]): StoredTx {
  const position = { height: row.height, index: row.position, timeUs: row.time_ms * 1_000 }
  return {
    seq: row.seq,
    id: fromUuidBytes(row.id) as TxId,
    kid: row.signer === null ? null : signers.kid(row.signer),
    json: row.json,
    signature: row.signature,
    outcome:
      row.rejected === null
        ? { status: 'applied', ...position, lines }
        : decodeRejected(row.rejected),
  }
}

export function toClosedBlock(row: BlockRow): ClosedBlock {
  const { height, count, txs } = row
  return { height, timeUs: row.time_ms * 1_000, count, txs: toHex(txs) as Hex32 }
}

export function toSealedBlock(row: SealedBlockRow): SealedBlock {
  const { size, state, history, hash, signature, parent } = row
  const roots = { state: toHex(state) as Hex32, history: toHex(history) as Hex32 }
  const chained = parent === null ? NO_PARENT : (toHex(parent) as Hex32)
  const { height, timeUs, count, txs } = toClosedBlock(row)
  return {
    height,
    timeUs,
    count,
    txs,
    size,
    ...roots,
    parent: chained,
    hash: toHex(hash) as Hex32,
    signature,
  }
}
