/** Lines as receipts show them, and whether they are those that were decided. */

import type { Hash } from '../hash.ts'
import {
  type AssetId,
  assetId,
  cardId,
  type Hex32,
  hex32,
  lineId,
  type TxId,
  txId,
  walletId,
} from '../ids.ts'
import { type HashedLine, LINE_ACTIONS, lineHash } from '../line.ts'
import { amount, integer, nullable, object, oneOf, optional, type Shape, timeUs } from '../shape.ts'
import { ACTIONS_MAX } from '../tx.ts'
import { type LineMember, prove } from './verdict.ts'

/** A line with what its hash covers. */
export interface ShownLine extends HashedLine {
  /** The hash of the asset's line before; `null` for the first of the asset. */
  readonly previous: Hex32 | null
}

/** The shape of a line in a receipt. */
export const shownLine: Shape<ShownLine> = object({
  previous: nullable(hex32),
  seq: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  asset: assetId,
  action: oneOf(LINE_ACTIONS),
  from: walletId,
  to: walletId,
  amount,
  timeUs,
  card: nullable(cardId),
  primary: nullable(cardId),
  imported: optional(object({ id: lineId, hash: hex32, previous: lineId })),
  tx: txId,
  actionIndex: integer({ min: 0, max: ACTIONS_MAX - 1 }),
  lineIndex: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
})

/** The line as the node has it, with the hash before it. */
export function toShownLine(line: HashedLine, previous: Hex32 | undefined): ShownLine {
  const { seq, asset, action, from, to, amount, timeUs, card, primary, tx } = line
  const { actionIndex, lineIndex, imported } = line
  const facts = { seq, asset, action, from, to, amount, timeUs, card, primary, tx }
  const there = imported && { imported }
  return { ...facts, ...there, actionIndex, lineIndex, previous: previous ?? null }
}

/** Lines beside the outcome that names their hashes. */
export interface ShownLines {
  readonly lines: readonly ShownLine[]
  readonly outcome: { readonly timeUs: number; readonly lines: readonly Hex32[] }
}

/**
 * Proves that the lines are those whose hashes the outcome names, one for one, and that they are what a tx of so many
 * actions (0: a system entry) can write.
 *
 * Refuted with: line_count, line_mismatch.
 */
export function proveLines(
  hash: Hash,
  { lines, outcome }: ShownLines,
  { tx, actions }: { readonly tx: TxId; readonly actions: number },
): void {
  const counts = { lines: lines.length, hashes: outcome.lines.length }
  prove(counts.lines === counts.hashes, () => ({ code: 'line_count', ...counts }))
  const heads = new Map<AssetId, Head>()
  let before: ShownLine | undefined
  let earliestUs = outcome.timeUs
  for (const [at, line] of lines.entries()) {
    const own = lineHash(hash, line.previous ?? undefined, line)
    const member =
      (own === outcome.lines[at] ? undefined : 'hash') ??
      strayInTx(line, { tx, actions, before, earliestUs }) ??
      strayInAsset(line, heads.get(line.asset))
    prove(member === undefined, () => ({
      code: 'line_mismatch',
      line: at,
      member: member ?? 'hash',
    }))
    heads.set(line.asset, { seq: line.seq, hash: own })
    before = line
    if (line.imported === undefined) earliestUs = line.timeUs + 1
  }
}

interface Head {
  readonly seq: number
  readonly hash: Hex32
}

interface Place {
  readonly tx: TxId
  readonly actions: number
  readonly before: ShownLine | undefined
  readonly earliestUs: number
}

/**
 * Lines stand in the order of the actions, numbered from 0 within each, and their times rise: but for those of imported
 * ones, which are of another book.
 */
function strayInTx(
  line: ShownLine,
  { tx, actions, before, earliestUs }: Place,
): LineMember | undefined {
  const { actionIndex, lineIndex, timeUs, imported } = line
  if (line.tx !== tx) return 'tx'
  // A system entry has no action: its lines count as those of a first one.
  if (actionIndex > 0 && actionIndex >= actions) return 'actionIndex'
  if (before !== undefined && actionIndex < before.actionIndex) return 'actionIndex'
  const isSame = before?.actionIndex === actionIndex
  if (lineIndex !== (isSame ? before.lineIndex + 1 : 0)) return 'lineIndex'
  return imported === undefined && timeUs < earliestUs ? 'timeUs' : undefined
}

/** `null` stands before the first line alone, and each line follows on those of its asset above it. */
function strayInAsset(
  { seq, previous }: ShownLine,
  head: Head | undefined,
): LineMember | undefined {
  if ((seq === 1) !== (previous === null)) return 'previous'
  if (head === undefined) return undefined
  if (seq <= head.seq) return 'seq'
  return seq === head.seq + 1 && previous !== head.hash ? 'previous' : undefined
}
