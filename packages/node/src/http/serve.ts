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
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler, RouteOptions } from 'fastify'
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
    onRequest: async (request) => admit(scope, route, request),
    handler: async (request) => answer(toCall<R>(request)),
  })
}

/** A file, and how long others may keep it; nobody may when nothing is said. */
export interface FileAnswer {
  readonly file: string | Uint8Array
  readonly cacheControl?: string
}

/** Answers a route with a file, byte for byte. */
export function serveFile<R extends Route>(
  { scope }: Pick<Http, 'scope'>,
  route: R & Required<Pick<Route, 'produces'>>,
  answer: (call: Call<R>) => FileAnswer | Promise<FileAnswer>,
): void {
  const type = CONTENT_TYPES[route.produces]
  scope.route({
    ...optionsOf(route),
    onRequest: async (request) => admit(scope, route, request),
    handler: async (request, reply) => {
      const { file, cacheControl = 'no-store' } = await answer(toCall<R>(request))
      const body =
        typeof file === 'string' ? file : Buffer.from(file.buffer, file.byteOffset, file.length)
      return reply.type(type).header('cache-control', cacheControl).serializer(asIs).send(body)
    },
  })
}

const CONTENT_TYPES: Readonly<Record<Required<Route>['produces'], string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/octet-stream': 'application/octet-stream',
  'text/plain': 'text/plain; charset=utf-8',
}

/** For answers that are texts already. */
export function asIs(text: unknown): string {
  return String(text)
}

/** Finds out who calls, and refuses who may not. */
function admit(scope: FastifyInstance, { access }: Route, request: FastifyRequest): void {
  request.caller = scope.callerOf(request)
  if (access === 'operator') demandOperator(request.caller)
  if (access === 'key') demandCredential(request.caller)
}

/** What Fastify needs of a route beside its handler. */
export function optionsOf(
  route: Route,
): Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'> {
  const { method, url, schema, produces } = route
  const { consumes, body, params, response, ...rest } = schema
  const content = Object.fromEntries(
    (consumes ?? []).map((type) => [type, { schema: type === 'application/json' ? body : TEXT }]),
  )
  return {
    method,
    url,
    config: { route },
    schema: {
      ...rest,
      // The rest of an address may be anything, and a file is written by nobody here.
      ...(params !== undefined && !url.endsWith('*') && { params }),
      ...(produces === undefined && { response }),
      ...(body !== undefined && { body: consumes ? { content } : body }),
    },
  }
}

const TEXT = { type: 'string' }

function toCall<R extends Route>(request: FastifyRequest): Call<R> {
  const { query, body, caller, headers } = request
  const params = request.params as Readonly<Record<string, string>>
  const key = headers['idempotency-key']
  return {
    params: ('*' in params ? { path: params['*'] } : params) as ParamsOf<R>,
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
