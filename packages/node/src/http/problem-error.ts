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

/** Turns anything thrown into the problem that the caller gets. What is not foreseen is a fault of ours: 500. */
export function problemOf(cause: unknown, context: ProblemContext): Problem {
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
  return requestProblem(ofFramework(cause) ?? { code: 'internal_error' }, context)
}

function earlyStatus({ code }: Rejection): number {
  if (code.endsWith('_not_found')) return 404
  return code === 'limit_exceeded' ? 403 : 409
}

/** What Fastify itself refuses. */
function ofFramework(cause: unknown): Found | undefined {
  const { code, statusCode } = (cause ?? {}) as { code?: unknown; statusCode?: unknown }
  if (typeof code !== 'string' || !code.startsWith('FST_ERR_')) return undefined
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { code: 'unsupported_media_type', expected: 'application/json' }
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 'body_too_large', max: 1_048_576 }
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return { code: 'malformed_json', why: 'is empty' }
    default:
      return typeof statusCode === 'number' && statusCode < 500
        ? { code: 'invalid_request', where: 'request', expected: 'a well-formed request' }
        : undefined
  }
}
