/** What a person reads in a history: one fact with its action code, sender, receiver, asset, amount. */
import type { Amount } from './amount.ts'
import { toHex } from './bytes.ts'
import { type Hash, hashParts } from './hash.ts'
import {
  type AssetId,
  type CardId,
  deriveId,
  type Hex32,
  type LineId,
  type TxId,
  type WalletId,
} from './ids.ts'

/**
 * Codes of lines. The first row is what v1 clients know, the second is ours and shows nothing to them.
 * The position is the number in the store: append only.
 */
export const LINE_ACTIONS = [
  'FST',
  'CRE',
  'REF',
  'SAL',
  'QRS',
  'SUB',
  'BDG',
  'FUS',
  'RFD',
  'BNK',
  'TRF',
  'COR',
  'HLD',
  'REL',
  'EXP',
  'OPN',
  'MLT',
  'RDS',
  'PRP',
  'VOT',
  'APL',
  'GRT',
  'DVD',
  'EXC',
] as const
export type LineAction = (typeof LINE_ACTIONS)[number]

/** Lines that every genesis writes: the first of FED, and of the reserve's euro. */
export const GENESIS_LINES = 2

/** What another book said of a line that was imported from it: a fact, which moves nothing here. */
export interface ImportedLine {
  readonly id: LineId
  /** As computed there. */
  readonly hash: Hex32
  /** The line that it was chained to there; its own id for a first one. */
  readonly previous: LineId
}

/** A line as a rule asks for it. */
export interface LineDraft {
  readonly action: LineAction
  readonly asset: AssetId
  readonly from: WalletId
  readonly to: WalletId
  readonly amount: Amount
  readonly card?: CardId | undefined
  readonly primary?: CardId | undefined
  /** Of a melt: the end of its period. */
  readonly meltedDay?: number
  /** With the time that it had there. */
  readonly imported?: ImportedLine & { readonly timeUs: number }
}

/** A line as it stands in the book. */
export interface Line {
  readonly id: LineId
  /** Position in the book, from 1. */
  readonly number: number
  /** Position in the chain of its asset, from 1. */
  readonly seq: number
  readonly asset: AssetId
  readonly action: LineAction
  readonly from: WalletId
  readonly to: WalletId
  readonly amount: Amount
  readonly timeUs: number
  readonly card: CardId | null
  readonly primary: CardId | null
  readonly imported?: ImportedLine
  readonly tx: TxId
  readonly actionIndex: number
  readonly lineIndex: number
  readonly hash: Hex32
  /** Number of the line before it on the sender's account, 0 for none. */
  readonly previousFrom: number
  /** Number of the line before it on the receiver's account, 0 for none. */
  readonly previousTo: number
}

/** Where a line stands inside its tx or system entry. */
export interface LineOrigin {
  readonly tx: TxId
  /** The tx's bytes; the JSON of a system entry. */
  readonly bytes: Uint8Array | string
  readonly actionIndex: number
  readonly lineIndex: number
  /** H(bytes), when whoever writes several lines of one tx has it already. */
  readonly bytesHash?: Uint8Array | undefined
}

/** The id of a line that was not imported: the tx id for the first one, which is what v1 clients look up, else derived. */
export function lineIdOf(hash: Hash, origin: LineOrigin): LineId {
  const { tx, bytes, actionIndex, lineIndex } = origin
  if (actionIndex === 0 && lineIndex === 0) return tx as string as LineId
  const { bytesHash = hashParts(hash, bytes) } = origin
  return deriveId<LineId>(hash, 'line', bytesHash, actionIndex, lineIndex)
}

const LINE_PREFIX = Uint8Array.of(0x02)
const FIRST = new Uint8Array(32)

/** What the hash of a line covers beside the hash before it. No balance, nothing personal. */
export type HashedLine = Omit<Line, 'id' | 'number' | 'hash' | 'previousFrom' | 'previousTo'>

/**
 * H(0x02 | hash of the asset's line before, 32 zero bytes for the first | canonical JSON of the line).
 *
 * Source: docs/spec/hashing.md, "Lines". Vectors: vectors/bytes.json.
 */
export function lineHash(hash: Hash, previous: Hex32 | undefined, line: HashedLine): Hex32 {
  const { seq, asset, action, from, to, amount, timeUs, card, primary, tx } = line
  const { actionIndex, lineIndex, imported } = line
  // Canonical JSON by hand: every member is an id, a code or an integer, and their order is fixed.
  const there =
    imported === undefined
      ? ''
      : `"imported":{"hash":"${imported.hash}","id":"${imported.id}","previous":"${imported.previous}"},`
  const json = `{"action":"${action}","actionIndex":${actionIndex},"amount":${amount},"asset":"${asset}","card":${quote(card)},"from":"${from}",${there}"lineIndex":${lineIndex},"primary":${quote(primary)},"seq":${seq},"timeUs":${timeUs},"to":"${to}","tx":"${tx}"}`
  const before = previous === undefined ? FIRST : Uint8Array.fromHex(previous)
  return toHex(hashParts(hash, LINE_PREFIX, before, json)) as Hex32
}

function quote(id: CardId | null): string {
  return id === null ? 'null' : `"${id}"`
}
