/** One route of the contract, answered: schema and statuses from the constant, the rest from a short function. */
import {
  type AnswerOf,
  type BodyOf,
  compileCheck,
  fromTexts,
  type ParamsOf,
  type QueryOf,
  type Route,
  type TSchema,
} from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import type { FastifyRequest, FastifySchemaCompiler, RouteOptions } from 'fastify'
import { type Caller, demandCredential, demandOperator } from '../gateway/caller.ts'
import type { Http } from './parts.ts'
import { MismatchError } from './problem-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; null until a route asks for it. */
    caller: Caller | null
  }
  interface FastifyInstance {
    readonly callerOf: (request: FastifyRequest) => Caller
  }
  interface FastifyContextConfig {
    route?: Route
  }
}

/** A request as a route sees it: what its schema promises, and who sends it. */
export interface Call<R extends Route> {
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  readonly caller: Caller
  /** The Idempotency-Key, which is the tx id; empty on routes that make no tx. */
  readonly id: TxId
}

/** Answers a route. */
export function serve<R extends Route>(
  { scope }: Pick<Http, 'scope'>,
  route: R,
  answer: (call: Call<R>) => AnswerOf<R> | Promise<AnswerOf<R>>,
): void {
  scope.route({
    ...optionsOf(route),
    onRequest: async (request) => {
      request.caller = scope.callerOf(request)
      if (route.access === 'operator') demandOperator(request.caller)
      if (route.access === 'key') demandCredential(request.caller)
    },
    handler: async (request) => answer(toCall<R>(request)),
  })
}

/** What Fastify needs of a route beside its handler. */
export function optionsOf(
  route: Route,
): Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'> {
  const { method, url, schema } = route
  const { consumes, body, ...rest } = schema
  const content = Object.fromEntries(
    (consumes ?? []).map((type) => [type, { schema: type === 'application/json' ? body : TEXT }]),
  )
  return {
    method,
    url,
    config: { route },
    schema: { ...rest, ...(body !== undefined && { body: consumes ? { content } : body }) },
  }
}

const TEXT = { type: 'string' }

function toCall<R extends Route>(request: FastifyRequest): Call<R> {
  const { params, query, body, caller, headers } = request
  const key = headers['idempotency-key']
  return {
    params: params as ParamsOf<R>,
    query: query as QueryOf<R>,
    body: body as BodyOf<R>,
    caller: caller ?? { kind: 'public' },
    id: (typeof key === 'string' ? key.toLowerCase() : '') as TxId,
  }
}

/** Checks each part of a request by its schema; numbers in addresses and queries are read from their text. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = '' }) => {
  const check = compileCheck(schema)
  const isText = httpPart === 'params' || httpPart === 'querystring'
  return (sent: unknown) => {
    const value = isText ? fromTexts(schema, sent) : sent
    // A file is no JSON: its schema is for the description alone.
    if (Buffer.isBuffer(sent)) return { value: sent }
    const mismatch = check(value)
    return mismatch ? { error: new MismatchError(httpPart, mismatch) } : { value }
  }
}
