/**
 * A receipt: one file that shows that a tx, or a system entry, was decided, and how. Read strictly; what it proves is
 * said by `verifyReceipt`. Source: docs/spec/receipts.md. Vectors: vectors/receipts.json.
 */
import { toBase64 } from '../bytes.ts'
import { decode, encode, type Json } from '../codec.ts'
import type { Hash } from '../hash.ts'
import { type Hex32, hex32, type TxId, txId } from '../ids.ts'
import { encodeOutcome, type Outcome, rejectionOfNumber } from '../outcome.ts'
import type { RejectionCode } from '../rejection.ts'
import {
  array,
  either,
  integer,
  literal,
  Malformed,
  type Of,
  object,
  type Shape,
  timeUs,
} from '../shape.ts'
import { publicKey } from '../signature.ts'
import { ACTIONS_MAX, TX_MAX } from '../tx.ts'
import { parseRoot } from './checkpoint.ts'
import {
  encodeProofFile,
  fileCheck,
  noteText,
  type ProofFile,
  readProofFile,
  text,
} from './proof-file.ts'
import { shownLine, toShownLine } from './shown-line.ts'

/** Most lines of one receipt: more than any tx can write. */
export const RECEIPT_LINES_MAX = 10_000
/** Longest JSON of a system entry, in characters. */
const ENTRY_MAX = 1_024

/** Longest inclusion proof: the height of a tree of 2^53 leaves. */
export const INCLUSION_MAX = 53

const count = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const actionIndex = integer({ min: 0, max: ACTIONS_MAX - 1 })
const position = { height: count, index: count, timeUs }

const hash32: Shape<Uint8Array> = (value, path) => {
  const bytes = typeof value === 'string' ? parseRoot(value) : undefined
  if (bytes === undefined) throw new Malformed(path, 'base64 of 32 bytes')
  return bytes
}

const anyMembers: Shape<object> = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Malformed(path, 'an object')
}

const rejectionCode: Shape<RejectionCode> = (value, path) => {
  const code = typeof value === 'number' ? rejectionOfNumber(value) : undefined
  if (code === undefined) throw new Malformed(path, 'the number of a rejection')
  return code
}

const appliedShape = object({
  ...position,
  code: literal(0),
  lines: array(hex32, { min: 0, max: RECEIPT_LINES_MAX }),
})
const rejectedShape = object({
  ...position,
  code: rejectionCode,
  action: actionIndex,
  with: anyMembers,
})

/** An outcome as a receipt shows it: its lines are hashes. Times in microseconds since 1970. */
export interface ShownOutcome {
  readonly height: number
  readonly index: number
  readonly timeUs: number
  readonly lines: readonly Hex32[]
  /** Why, and at which action, when it was rejected. */
  readonly rejected?: { readonly code: RejectionCode; readonly action: number }
  /** The canonical JSON, which the history leaf hashes. */
  readonly json: string
}

const outcomeShape: Shape<ShownOutcome> = (value, path) => {
  const outcome = either('lines', appliedShape, rejectedShape)(value, path)
  const { height, index, timeUs } = outcome
  const shown = { height, index, timeUs, json: encode(value as Json) }
  if ('lines' in outcome) return { ...shown, lines: outcome.lines }
  const { code, action } = outcome
  return { ...shown, lines: [], rejected: { code, action } }
}

const shared = {
  v: literal(1),
  kind: literal('receipt'),
  outcome: outcomeShape,
  lines: array(shownLine, { min: 0, max: RECEIPT_LINES_MAX }),
  index: count,
  hashes: array(hash32, { min: 0, max: INCLUSION_MAX }),
  checkpoint: noteText,
  check: fileCheck,
} as const

const txReceipt = object({ ...shared, tx: text(TX_MAX), key: publicKey })
const entryReceipt = object({ ...shared, entry: text(ENTRY_MAX), id: txId })
const receiptShape = either('entry', entryReceipt, txReceipt)

/** The receipt of a tx: read, and not yet verified. */
export type TxReceipt = Of<typeof txReceipt>
/** The receipt of what a node executed by itself: read, and not yet verified. */
export type EntryReceipt = Of<typeof entryReceipt>
export type Receipt = TxReceipt | EntryReceipt

/** Reads a receipt; verifies nothing. */
export function parseReceipt(json: string): ProofFile<Receipt> | Malformed {
  return readProofFile(json, receiptShape)
}

/** What a node puts into a receipt. */
export interface ReceiptParts {
  /** The compact JWS with the public key that signed it, or a system entry with its id. */
  readonly subject:
    | { readonly tx: string; readonly key: string }
    | { readonly entry: string; readonly id: TxId }
  readonly outcome: Outcome
  /** For each line of an applied outcome, the hash of its asset's line before; none for the first. */
  readonly previous: readonly (Hex32 | undefined)[]
  /** Of the leaf in the history, with its inclusion proof, the leaf's sibling first. */
  readonly index: number
  readonly hashes: readonly Uint8Array[]
  /** The signed note, with its co-signatures. */
  readonly checkpoint: string
}

/** Writes a receipt: canonical JSON, nothing before or after it. */
export function encodeReceipt(hash: Hash, parts: ReceiptParts): string {
  const { subject, outcome, previous, index, hashes, checkpoint } = parts
  const lines = outcome.status === 'applied' ? outcome.lines : []
  return encodeProofFile(hash, {
    v: 1,
    kind: 'receipt',
    ...subject,
    outcome: decode(encodeOutcome(outcome)),
    lines: lines.map((line, at) => ({ ...toShownLine(line, previous[at]) })),
    index,
    hashes: hashes.map(toBase64),
    checkpoint,
  })
}
