/** Why a witness did not co-sign, in words. One entry a code. */
import { type Sentence, toPrintable } from './sentence.ts'

/** What each problem carries beside its code. Sizes in leaves of the history. */
export interface WitnessProblems {
  unreachable: { readonly why: string }
  redirected: { readonly status: number }
  log_unknown: object
  signature_refused: object
  ahead: { readonly size: number; readonly ours: number }
  conflict: { readonly size: number }
  inconsistent: { readonly size: number; readonly ours: number }
  cosignature_invalid: object
  odd_answer: { readonly status: number; readonly why: string }
}

/** Codes of what may go wrong with a witness. */
export type WitnessProblemCode = keyof WitnessProblems

/** True when the history that a witness has seen is not the one of this book. */
export function isAlarm(code: WitnessProblemCode): boolean {
  return code === 'ahead' || code === 'conflict' || code === 'inconsistent'
}

const REWRITTEN =
  'If nobody restored an old copy of the data folder, and no second node runs from a copy of it, somebody rewrote the book. Take no payments with it before you know. Keep the folder as it is, and run fedow audit --against with a checkpoint or receipt from before.'

/** Sentences of every problem with a witness. */
export const WITNESS_PROBLEMS: {
  readonly [C in WitnessProblemCode]: Sentence<WitnessProblems[C]>
} = {
  unreachable: {
    title: 'The witness does not answer',
    detail: ({ why }) =>
      `No answer came (${toPrintable(why)}). Payments go on; receipts of now lack its co-signature.`,
    fix: 'Nothing, if it is for a while: it is asked again, and catches up with one request. Otherwise check the address.',
  },
  redirected: {
    title: 'The address of the witness leads elsewhere',
    detail: ({ status }) =>
      `It answered ${status}. A node follows no redirect: its checkpoints go only where its operator said.`,
    fix: 'Ask the operator of the witness for its submission prefix, and give it with fedow witness ask.',
  },
  log_unknown: {
    title: 'The witness does not watch this book',
    detail: () => 'It answered that it knows no log of this name.',
    fix: 'Send its operator the log key that fedow witness key shows here, for fedow witness watch there.',
  },
  signature_refused: {
    title: 'The witness knows this book by another key',
    detail: () => 'It answered that the checkpoint is not signed by the key that it knows.',
    fix: 'Send its operator the log key that fedow witness key shows here.',
  },
  ahead: {
    title: 'The witness has seen more than this book has',
    detail: ({ size, ours }) =>
      `It has co-signed a history of ${size} leaves; this book has ${ours}. The end of the history is missing here.`,
    fix: REWRITTEN,
  },
  conflict: {
    title: 'The witness has seen another history',
    detail: ({ size }) =>
      `It has co-signed a history of ${size} leaves, as many as here, with another content.`,
    fix: REWRITTEN,
  },
  inconsistent: {
    title: 'The witness has seen another history',
    detail: ({ size, ours }) =>
      `It has co-signed a history of ${size} leaves, and the ${ours} leaves of this book do not begin with it.`,
    fix: REWRITTEN,
  },
  cosignature_invalid: {
    title: 'The witness answered without its co-signature',
    detail: () => 'No line of its answer is a signature of its key over this checkpoint.',
    fix: 'Compare its key with its operator; give the right one with fedow witness ask.',
  },
  odd_answer: {
    title: 'The address does not answer as a witness does',
    detail: ({ status, why }) => `It answered ${status}: ${toPrintable(why) || 'nothing'}.`,
    fix: 'Check the submission prefix with its operator, /api/v2/witness on a Fedow node.',
  },
}
