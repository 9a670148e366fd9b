/**
 * What is answered when something cannot be done (RFC 9457): what happened, what it means for the money, what
 * to do. Shared by server, command line and pages.
 */
import type { Rejection, RejectionCode, TxId } from '@fedow/ledger'
import Type, { type Static } from 'typebox'
import { REJECTION_SENTENCES } from './rejection-sentences.ts'
import { REQUEST_PROBLEMS, type RequestCode, type RequestProblems } from './request-problems.ts'
import { closed, idText, named, oneOf } from './schema.ts'
import { type NameOf, type Sentence, toMoment } from './sentence.ts'

/** `none`: nothing reached the book. `rejected`: decided and final. `unknown`: ask again with the same key. */
export const OUTCOMES = ['none', 'rejected', 'unknown'] as const
export type ProblemOutcome = (typeof OUTCOMES)[number]

/** The body of a problem. */
export const ProblemView = named(
  'Problem',
  closed(
    {
      type: Type.String({ description: 'urn:fedow:problem: and the code.' }),
      title: Type.String(),
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      detail: Type.String({ description: 'What happened, and what it means for the money.' }),
      code: Type.String({ description: 'For programs. Never changes.' }),
      outcome: oneOf(OUTCOMES),
      fix: Type.String({ description: 'What to do now.' }),
      requestId: Type.String(),
      with: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'What the sentences are about.',
        }),
      ),
      txId: Type.Optional(idText<TxId>('The tx, when there is one.')),
    },
    { description: 'RFC 9457' },
  ),
)
export type Problem = Static<typeof ProblemView>

/** Every code that a problem may have. */
export type ProblemCode = RejectionCode | RequestCode

const MONEY: Readonly<Record<ProblemOutcome, string>> = {
  none: 'Nothing was written to the book: no money moved.',
  rejected: 'The book keeps the refusal; no money moved.',
  unknown: 'Whether money moved is not known yet.',
}

/** What a problem is about, beside its code. */
export interface ProblemContext {
  readonly requestId: string
  readonly txId?: TxId | undefined
  /** Names for ids in the sentences. */
  readonly nameOf?: NameOf | undefined
  /** What has used up a payment; undefined when nobody knows. */
  readonly usedBy?: ((reference: string) => EvidenceUse | undefined) | undefined
}

/** The tx that has used up a payment, and when, in milliseconds. */
export interface EvidenceUse {
  readonly tx: TxId
  readonly timeMs: number
}

/** The problem of a tx that the book refused. Final: a new try needs a new key. */
export function rejectionProblem(rejection: Rejection, context: ProblemContext): Problem {
  const sentence = REJECTION_SENTENCES[rejection.code] as Sentence<Rejection>
  const more = { ...context, status: 409, outcome: 'rejected' } as const
  const used =
    rejection.code === 'evidence_burnt' ? context.usedBy?.(rejection.reference) : undefined
  if (used === undefined) return toProblem(sentence, rejection, more)
  const time = toMoment(used.timeMs)
  const detail: typeof sentence.detail = (found, nameOf) =>
    `${sentence.detail(found, nameOf)} That was on ${time}, by tx ${used.tx}.`
  return toProblem({ ...sentence, detail }, { ...rejection, tx: used.tx, time }, more)
}

/** The problem of a request that never reached the order, or whose outcome is not known. */
export function requestProblem<C extends RequestCode>(
  found: { readonly code: C } & RequestProblems[C],
  context: ProblemContext,
): Problem {
  const { status, outcome = 'none', money, ...sentence } = REQUEST_PROBLEMS[found.code]
  const more = { status, outcome, money }
  return toProblem(sentence as Sentence<typeof found>, found, { ...context, ...more })
}

/**
 * The problem of something that an address or a request names and that is not there, or of a right that is
 * missing, found before any tx was made: the words of the rejection, with another status and outcome.
 */
export function earlyProblem(
  rejection: Rejection,
  context: ProblemContext & { readonly status: number },
): Problem {
  const sentence = REJECTION_SENTENCES[rejection.code] as Sentence<Rejection>
  return toProblem(sentence, rejection, { ...context, outcome: 'none' })
}

function toProblem<W extends { readonly code: string }>(
  { title, detail, fix }: Sentence<W>,
  found: W,
  context: ProblemContext & {
    readonly status: number
    readonly outcome: ProblemOutcome
    readonly money?: string | undefined
  },
): Problem {
  const { status, outcome, money = MONEY[outcome], requestId, txId, nameOf = (id) => id } = context
  const { code, ...rest } = found
  return {
    type: `urn:fedow:problem:${code}`,
    title,
    status,
    detail: `${detail(found, nameOf)} ${money}`,
    code,
    outcome,
    fix,
    requestId,
    ...(Object.keys(rest).length > 0 && { with: toJson(rest) }),
    ...(txId !== undefined && { txId }),
  }
}

/** Bigints as the integers that JSON knows: every amount is below 2^53. */
function toJson(members: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  )
}

/** Narrows an answer of a server to a problem. */
export function isProblem(value: unknown): value is Problem {
  const found = value as Partial<Problem> | null
  return (
    typeof found?.code === 'string' &&
    typeof found.status === 'number' &&
    typeof found.detail === 'string'
  )
}
