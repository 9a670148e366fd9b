/** What a workload says of itself, one JSON a line, each written before anything else happens. */
import { encodeOutcome } from '@fedow/ledger'
import type { Submission } from '../../src/engine/engine.ts'

/** What the engine answered, with nothing that another process could not know. */
export interface Answer {
  readonly status: Submission['status']
  /** The outcome's JSON when decided, the code when refused. */
  readonly detail: string
  readonly isRepeat: boolean
}

export interface Failure {
  readonly isInBatch: boolean
}

export type Entry =
  | { readonly sent: number; readonly jws: string }
  | ({ readonly answer: number } & Answer)
  /** `onFatal` was called, while a batch of txs was written or not. */
  | ({ readonly fatal: string } & Failure)
  /** The book would not open. */
  | { readonly refused: string }
  | { readonly end: 'closed' | 'failed' }

export interface Sent {
  readonly jws: string
  readonly answers: readonly Answer[]
}

export interface Journal {
  readonly sent: readonly Sent[]
  readonly fatal: readonly Failure[]
  readonly refused: string | undefined
  readonly end: 'closed' | 'failed' | undefined
}

export function toAnswer(submission: Submission): Answer {
  const { status } = submission
  if (status === 'unknown') return { status, detail: '', isRepeat: false }
  if (status === 'refused') return { status, detail: submission.code, isRepeat: false }
  const { outcome, isRepeat } = submission
  return { status, detail: encodeOutcome(outcome), isRepeat }
}

/** Reads the lines of a workload; a last line that a kill cut short says nothing. */
export function readJournal(lines: readonly string[]): Journal {
  const sent: { jws: string; answers: Answer[] }[] = []
  const fatal: Failure[] = []
  let refused: string | undefined
  let end: Journal['end']
  for (const line of lines) {
    if (!line.endsWith('}')) continue
    const entry = JSON.parse(line) as Entry
    if ('sent' in entry) sent[entry.sent] = { jws: entry.jws, answers: [] }
    else if ('answer' in entry) sent[entry.answer]?.answers.push(entry)
    else if ('fatal' in entry) fatal.push({ isInBatch: entry.isInBatch })
    else if ('refused' in entry) refused = entry.refused
    else end = entry.end
  }
  return { sent, fatal, refused, end }
}
