/** Proofs of what was decided. A tx has them once its block is sealed. */
import {
  assert,
  encodeReceipt,
  encodeTlogProof,
  type Hex32,
  type Line,
  proveInclusion,
  type ReceiptParts,
  toJws,
} from '@fedow/ledger'
import type { BookReader, SealedBlock, StoredTx } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'

/** Where the proofs of a book come from. */
export interface ReceiptMeans {
  readonly book: BookReader
  /** The checkpoint to prove against: of a sealed block at this height or later. */
  readonly anchorOf: (height: number) => SealedBlock | undefined
  readonly noteOf: (block: SealedBlock) => string
}

type Inclusion = Pick<ReceiptParts, 'index' | 'hashes' | 'checkpoint'>

/** The receipt; `undefined` while the tx is not sealed. The genesis has none. */
export function receiptOf(means: ReceiptMeans, stored: StoredTx): string | undefined {
  const inclusion = includedAt(means, stored)
  if (inclusion === undefined) return undefined
  const { book } = means
  const { outcome } = stored
  const lines = outcome.status === 'applied' ? outcome.lines : []
  const previous = lines.map((line, at) => previousOf(book, { line, before: lines.slice(0, at) }))
  const subject = subjectOf(book, stored)
  return encodeReceipt(sha256, { subject, outcome, previous, ...inclusion })
}

/** The place of a tx in the history and nothing else; `undefined` while it is not sealed. */
export function tlogProofOf(means: ReceiptMeans, stored: StoredTx): string | undefined {
  const inclusion = includedAt(means, stored)
  return inclusion && encodeTlogProof(inclusion)
}

function includedAt(means: ReceiptMeans, { seq, outcome }: StoredTx): Inclusion | undefined {
  const { book, anchorOf, noteOf } = means
  const index = book.leafIndex(seq)
  const anchor = anchorOf(outcome.height)
  if (index === undefined || anchor === undefined) return undefined
  const hashes = proveInclusion(sha256, book.tiles, { index, size: anchor.size })
  return { index, hashes, checkpoint: noteOf(anchor) }
}

function subjectOf({ state }: BookReader, stored: StoredTx): ReceiptParts['subject'] {
  const { id, kid, json, signature } = stored
  if (kid === null || signature === null) return { entry: json, id }
  const key = state.get('key', kid)
  assert(key !== undefined, 'the key of a decided tx stays in the book')
  return { tx: toJws(kid, json, signature), key: key.x }
}

interface Following {
  readonly line: Line
  /** Lines of the same tx before it. */
  readonly before: readonly Line[]
}

/** The hash of the line before it in its asset's chain. */
function previousOf(book: BookReader, { line, before }: Following): Hex32 | undefined {
  const { asset, seq } = line
  if (seq === 1) return undefined
  const own = before.findLast((one) => one.asset === asset)
  return own?.hash ?? book.linesOfAsset(asset, { before: seq, limit: 1 })[0]?.hash
}
