/** What is thrown to answer with a problem, and how everything thrown becomes one. */
import {
  earlyProblem,
  type Problem,
  type ProblemContext,
  type RequestCode,
  type RequestProblems,
  rejectionProblem,
  requestProblem,
} from '@fedow/api'
import { Refusal, type Rejection, type TxId } from '@fedow/ledger'
import { Denied } from '../gateway/denial.ts'
import { StrictJsonError } from './strict-json.ts'

type Found = { readonly [C in RequestCode]: { readonly code: C } & RequestProblems[C] }[RequestCode]

/** A request that is not served. */
export class RequestError extends Error {
  readonly found: Found
  readonly txId: TxId | undefined

  constructor(found: Found, txId?: TxId) {
    super(found.code)
    this.found = found
    this.txId = txId
  }
}

/** A tx that the book refused. */
export class RejectedError extends Error {
  readonly rejection: Rejection
  readonly txId: TxId | undefined

  constructor(rejection: Rejection, txId: TxId | undefined) {
    super(rejection.code)
    this.rejection = rejection
    this.txId = txId
  }
}

/** A part of a request does not fit the schema of its route. */
export class MismatchError extends Error {
  readonly found: Found

  constructor(part: string, mismatch: { readonly where: string; readonly expected: string }) {
    super(`${part}${mismatch.where}: ${mismatch.expected}`)
    this.found = toFound(part, mismatch)
  }
}

function toFound(part: string, { where, expected }: { where: string; expected: string }): Found {
  const isKey = part === 'headers' && where === '/'
  if (isKey) return { code: 'idempotency_key_missing' }
  const path = where === '/' ? '' : where
  return { code: 'invalid_request', where: part === 'body' ? where : `${part}${path}`, expected }
}

/** What is known of the request that something went wrong with. */
export interface RequestContext extends ProblemContext {
  /** Largest body of its route, in bytes. */
  readonly bodyMax: number
  /** Media types that its route reads. */
  readonly formats: readonly string[]
}

/** Turns anything thrown into the problem that the caller gets. What is not foreseen is a fault of ours: 500. */
export function problemOf(cause: unknown, context: RequestContext): Problem {
  if (cause instanceof RejectedError) {
    return rejectionProblem(cause.rejection, { ...context, txId: cause.txId })
  }
  if (cause instanceof RequestError)
    return requestProblem(cause.found, { ...context, txId: cause.txId })
  if (cause instanceof MismatchError) return requestProblem(cause.found, context)
  if (cause instanceof Denied) return requestProblem(cause.denial as Found, context)
  if (cause instanceof StrictJsonError) {
    return requestProblem({ code: 'malformed_json', why: cause.why }, context)
  }
  if (cause instanceof Refusal) {
    return earlyProblem(cause.rejection, { ...context, status: earlyStatus(cause.rejection) })
  }
  const found = ofImport(cause) ?? ofFramework(cause, context) ?? { code: 'internal_error' }
  return requestProblem(found, context)
}

function earlyStatus({ code }: Rejection): number {
  if (code.endsWith('_not_found')) return 404
  return code === 'limit_exceeded' ? 403 : 409
}

/** What the slice of the cards refuses, by its code: no route knows its classes. */
function ofImport(cause: unknown): Found | undefined {
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === 'cards_known' ? { code } : undefined
}

/** What Fastify itself refuses. */
function ofFramework(cause: unknown, { bodyMax, formats }: RequestContext): Found | undefined {
  const { code, statusCode } = (cause ?? {}) as { code?: unknown; statusCode?: unknown }
  if (typeof code !== 'string' || !code.startsWith('FST_ERR_')) return undefined
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { code: 'unsupported_media_type', expected: formats.join(' or ') }
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 'body_too_large', max: bodyMax }
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return { code: 'malformed_json', why: 'is empty' }
    default:
      return typeof statusCode === 'number' && statusCode < 500
        ? { code: 'invalid_request', where: 'request', expected: 'a well-formed request' }
        : undefined
  }
}
