/** Rows of the log as the ledger's values. */
import {
  type Amount,
  type AssetId,
  assert,
  type CardId,
  concat,
  decodeRejected,
  fromUuidBytes,
  type Hash,
  type Hex32,
  type ImportedLine,
  LINE_ACTIONS,
  type Line,
  type LineId,
  lineIdOf,
  NO_PARENT,
  type TxId,
  toHex,
  toJws,
  toUtf8,
  toUuidBytes,
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
  /** As `toImportedBytes` wrote it. */
  readonly imported: Uint8Array | null
  /** Of its tx. */
  readonly id: Uint8Array
  /** Of its tx, where its bytes are needed: see `NEEDS_BYTES`. */
  readonly signer: number | null
  readonly json: string | null
  readonly signature: Uint8Array | null
}

/** True for the rows of lines whose id follows from the bytes of their tx. */
export const NEEDS_BYTES =
  'line.imported IS NULL AND (line.action_index > 0 OR line.line_index > 0)'

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
  { signer, json, signature }: Pick<LineRow, 'signer' | 'json' | 'signature'>,
): Uint8Array {
  assert(json !== null, 'the bytes of a tx were read where they are needed')
  if (signer === null || signature === null) return toUtf8(json)
  return toUtf8(toJws(signers.kid(signer), json, signature))
}

/** Id, hash and the line before, as the store keeps them of an imported line. */
export function toImportedBytes({ id, hash, previous }: ImportedLine): Uint8Array {
  return concat(toUuidBytes(id), Uint8Array.fromHex(hash), toUuidBytes(previous))
}

function fromImportedBytes(bytes: Uint8Array): ImportedLine {
  const [id, hash, previous] = [bytes.slice(0, 16), bytes.slice(16, 48), bytes.slice(48)]
  return {
    id: fromUuidBytes(id) as LineId,
    hash: toHex(hash) as Hex32,
    previous: fromUuidBytes(previous) as LineId,
  }
}

const NONE = new Uint8Array()

export function toLine({ names, signers, hash }: Numbers, row: LineRow): Line {
  const tx = fromUuidBytes(row.id) as TxId
  const action = LINE_ACTIONS[row.action]
  if (action === undefined) throw new Error(`line ${row.number} has an unknown action`)
  const position = { actionIndex: row.action_index, lineIndex: row.line_index }
  const imported = row.imported === null ? undefined : fromImportedBytes(row.imported)
  // The first line has the id of its tx: the bytes of the tx are for the others alone.
  const isFirst = row.action_index === 0 && row.line_index === 0
  const bytes = isFirst || imported !== undefined ? NONE : toEntryBytes(signers, row)
  return {
    id: imported?.id ?? lineIdOf(hash, { tx, bytes, ...position }),
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
    ...(imported && { imported }),
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
