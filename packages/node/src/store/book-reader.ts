import type {
  AssetId,
  ChainId,
  Genesis,
  Hex32,
  Kid,
  Line,
  LineAction,
  LineId,
  Outcome,
  RecordKind,
  RecordOf,
  StateReader,
  Tiles,
  TxId,
  WalletId,
} from '@fedow/ledger'

/** A decided tx, the genesis (signed by the operator), or a system entry (kid null), as the book keeps it. */
export interface StoredTx {
  /** Position in the book, from 1 (the genesis). */
  readonly seq: number
  readonly id: TxId
  readonly kid: Kid | null
  /** Canonical JSON of the payload, of the system entry or of the genesis. */
  readonly json: string
  /** Null for system entries. */
  readonly signature: Uint8Array | null
  readonly outcome: Outcome
}

export interface Tip {
  /** Height of the last block, open or closed; 0 when there is only the genesis. */
  readonly height: number
  readonly timeMs: number
  readonly isOpen: boolean
  /** Decided txs and system entries, genesis included. */
  readonly txs: number
  readonly lines: number
}

/** A block whose list is fixed. */
export interface ClosedBlock {
  readonly height: number
  readonly timeUs: number
  /** Entries in the block: system entries, txs, void bytes. */
  readonly count: number
  /** RFC 9162 root over the bytes of the block in order. */
  readonly txs: Hex32
}

/** A closed block with its roots, and the signature of its checkpoint. */
export interface SealedBlock extends ClosedBlock {
  /** Leaves of the history up to this block. */
  readonly size: number
  /** Root of the records after this block. */
  readonly state: Hex32
  /** Root of the history up to this block. */
  readonly history: Hex32
  readonly parent: Hex32
  /** Of its header: parent of the next block. */
  readonly hash: Hex32
  readonly signature: Uint8Array
}

/** Pages go from the newest to the oldest: rows below `before`, at most `limit`. */
export interface Page {
  readonly before?: number | undefined
  readonly limit: number
}

/** Lines above one number, up to another. */
export interface NumberRange {
  readonly after: number
  readonly upTo: number
}

/** A page of a wallet's history; the cursor is what the page before answered. */
export interface WalletPage {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** What one account gave or received by lines of one action. */
export interface AccountFlow {
  readonly action: LineAction
  readonly isReceived: boolean
  readonly amount: bigint
}

/** A stretch of the lines of one account, summed up: from its newest line back to one that is counted already. */
export interface AccountFlows {
  readonly flows: readonly AccountFlow[]
  /** The next line that is not counted; 0 when all are. */
  readonly next: number
}

export interface WalletLines {
  readonly lines: readonly Line[]
  /** Where the next page starts; absent after the last line. */
  readonly next?: string
}

/** A cursor that no page of this book answered. */
export class CursorError extends Error {}

/**
 * What everybody but the engine may see of the book. It shows what was decided a moment before that is durable: nothing
 * that was read here leaves this process, or is written down elsewhere, before `durable`. What becomes another tx may go
 * on at once, for that is durable only after what it was made from.
 */
export interface BookReader {
  readonly chain: ChainId
  readonly genesis: Genesis
  readonly state: StateReader
  /** True when everything that can be read is durable. */
  readonly isDurable: boolean
  /** Resolves when everything that can be read by now is durable; rejects when the disk fails, and the node with it. */
  durable(): Promise<void>
  tip(): Tip
  /** The first tx in the order with this id. */
  tx(id: TxId): StoredTx | undefined
  /** The JSON of a system entry alone, without reading its lines; undefined for a tx that somebody signed. */
  entryJson(id: TxId): string | undefined
  /** The tx or system entry at a position in the book, from 1. */
  txAt(seq: number): StoredTx | undefined
  line(number: number): Line | undefined
  lineById(id: LineId): Line | undefined
  /** Lines in which the wallet sends or receives, newest first. */
  linesOfWallet(wallet: WalletId, page: WalletPage): WalletLines
  /** What moved on an account by its lines from one back to another, exclusive; at most `limit` of them at a time. */
  flowsOfAccount(
    account: { readonly wallet: WalletId; readonly asset: AssetId },
    range: { readonly from: number; readonly after: number; readonly limit: number },
  ): AccountFlows
  /** Lines of an asset, by their seq in its chain. */
  linesOfAsset(asset: AssetId, page: Page): readonly Line[]
  /** All lines of the book, by line number. */
  lines(page: Page): readonly Line[]
  /** Lines above a number, oldest first, at most `limit`: the whole book in bounded steps. */
  linesAfter(number: number, limit: number): readonly Line[]
  /** Lines of one action above a number and up to another, oldest first: what is rare is found without reading the rest. */
  linesOfAction(action: LineAction, range: NumberRange): readonly Line[]
  block(height: number): ClosedBlock | undefined
  sealedBlock(height: number): SealedBlock | undefined
  /** The last sealed block; undefined until the genesis is sealed. */
  lastSealed(): SealedBlock | undefined
  /** The tiles of the history, up to the last sealed block. */
  readonly tiles: Tiles
  /** The position in the history of what was decided, once its block is sealed. */
  leafIndex(seq: number): number | undefined
  /** The bytes of a leaf of the history. */
  leafAt(index: number): Uint8Array | undefined
  blocks(page: Page): readonly ClosedBlock[]
  /** Records of one kind in the order of their ids, after an id. */
  records<K extends RecordKind>(
    kind: K,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): readonly { readonly id: string; readonly record: RecordOf<K> }[]
}
