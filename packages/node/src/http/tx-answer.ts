/** How the outcome of a tx is answered. */
import type { Static, TxAnswer } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import type { RefusalCode, Submission } from '../engine/engine.ts'
import type { Caller } from '../gateway/caller.ts'
import type { Intent } from '../gateway/intent.ts'
import type { Http, ServerParts } from './parts.ts'
import { RejectedError, RequestError } from './problem-error.ts'
import { toIso } from './time.ts'
import { lineView } from './views.ts'

export type TxApplied = Static<typeof TxAnswer>

/** Makes a tx of an intent and answers it. */
export async function answerIntent(
  { parts }: Pick<Http, 'parts'>,
  caller: Caller,
  intent: Intent,
): Promise<TxApplied> {
  return toAnswer(parts, await parts.gateway.submit(caller, intent), intent.id)
}

/** The answer of an applied tx. Anything else is thrown as its problem. */
export function toAnswer(
  { book }: Pick<ServerParts, 'book'>,
  submission: Submission,
  txId: TxId,
): TxApplied {
  if (submission.status === 'refused') throw new RequestError(toFound(submission), txId)
  if (submission.status === 'unknown') throw new RequestError({ code: 'outcome_unknown' }, txId)
  const { outcome } = submission
  if (outcome.status === 'rejected') throw new RejectedError(outcome.rejection, txId)
  const { height, index, timeUs, lines } = outcome
  return {
    txId,
    status: 'applied',
    height,
    index,
    time: toIso(timeUs),
    lines: lines.map((line) => lineView(book, line)),
  }
}

function toFound({ code, detail }: { readonly code: RefusalCode; readonly detail: string }) {
  if (code !== 'malformed') return { code }
  return { code, where: '$', expected: detail } as const
}
