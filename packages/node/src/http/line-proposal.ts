import type { Line, LineAction, ProposalId } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

/** Codes of lines that are about a proposal. */
const OF_PROPOSALS: ReadonlySet<LineAction> = new Set(['PRP', 'VOT', 'APL', 'GRT'])

/** What the tx or system entry of such a line names. */
interface Naming {
  readonly ballot?: ProposalId
  readonly actions?: readonly { readonly proposal?: ProposalId }[]
}

/** The proposal that a line is about; undefined for any other line. */
export function proposalOfLine(
  book: Pick<BookReader, 'tx'>,
  { action, tx, actionIndex, hash }: Line,
): ProposalId | undefined {
  if (!OF_PROPOSALS.has(action)) return undefined
  const stored = book.tx(tx)
  // Two keys may use one id: the tx of the line is the one that has the line.
  const isThis =
    stored?.outcome.status === 'applied' && stored.outcome.lines.some((line) => line.hash === hash)
  if (!isThis) return undefined
  const { ballot, actions }: Naming = JSON.parse(stored.json)
  return ballot ?? actions?.[actionIndex]?.proposal
}
