/**
 * A client of the API. It knows no network: a transport carries requests, so that the same client speaks
 * through fetch in pages and through the socket of a data folder on the command line.
 */
import type { TxId } from '@fedow/ledger'
import { newTxId } from './new-id.ts'
import { isProblem, type Problem } from './problem.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from './route.ts'

/** A request as a transport carries it. */
export interface ApiRequest {
  readonly method: string
  /** Path and query, from the root of the server. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
}

/** An answer as a transport brings it. */
export interface ApiResponse {
  readonly status: number
  readonly body: string
}

/** Carries a request to the server. Throws only when no answer came. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>

/** The server answered with a problem. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.title}. ${problem.detail} ${problem.fix}`)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** No answer came, or one that no Fedow gives. For a request that makes a tx, the same key finds the truth. */
export class NoAnswerError extends Error {
  readonly txId: TxId | undefined

  constructor(what: string, txId: TxId | undefined, cause?: unknown) {
    super(
      txId === undefined
        ? what
        : `${what} Ask again with the Idempotency-Key ${txId}: it is never done twice.`,
      { cause },
    )
    this.name = 'NoAnswerError'
    this.txId = txId
  }
}

type Wanted<K extends string, T> = undefined extends T
  ? { readonly [P in K]?: T }
  : { readonly [P in K]: T }

/** What a call of a route needs. */
export type CallInput<R extends Route> = Wanted<'params', ParamsOf<R>> & {
  readonly query?: QueryOf<R>
} & Wanted<'body', BodyOf<R>> & {
    /** The Idempotency-Key: a new one when absent. Keep it to ask again after a lost answer. */
    readonly key?: TxId
  }

/** Calls routes of one server. */
export interface Client {
  /**
   * Answers what the route answers with 200; a file as its text. Throws ProblemError or NoAnswerError. Tiles are
   * bytes, and fetched by their address.
   */
  call<R extends Route>(route: R, input: CallInput<R>): Promise<AnswerOf<R>>
}

/** How a client reaches its server, and as whom. */
export interface ClientOptions {
  readonly transport: Transport
  readonly apiKey?: string | undefined
}

/** A client over any transport. */
export function createClient({ transport, apiKey }: ClientOptions): Client {
  return {
    async call<R extends Route>(route: R, input: CallInput<R>): Promise<AnswerOf<R>> {
      const isKeyed = route.makesTx || route.takesKey === true
      const key = isKeyed ? (input.key ?? newTxId()) : undefined
      const request = toRequest(route, input, { apiKey, key })
      let response: ApiResponse
      try {
        response = await transport(request)
      } catch (cause) {
        throw new NoAnswerError('The node did not answer.', key, cause)
      }
      if (response.status === 200 && route.produces !== undefined) {
        return response.body as AnswerOf<R>
      }
      const value = parseJson(response.body)
      if (response.status === 200 && value !== undefined) return value as AnswerOf<R>
      if (isProblem(value)) throw new ProblemError(value)
      throw new NoAnswerError(
        `The address answered ${response.status}, not as a Fedow node does.`,
        key,
      )
    },
  }
}

/** Carries requests by fetch to a server such as `http://127.0.0.1:8080`. */
export function fetchTransport(origin: string, fetchImpl: typeof fetch = fetch): Transport {
  return async ({ method, path, headers, body }) => {
    const url = new URL(path, origin)
    const response = await fetchImpl(url, { method, headers, ...(body !== undefined && { body }) })
    return { status: response.status, body: await response.text() }
  }
}

interface Credentials {
  readonly apiKey: string | undefined
  readonly key: TxId | undefined
}

function toRequest<R extends Route>(
  { method, url }: R,
  { params, query, body }: CallInput<R>,
  { apiKey, key }: Credentials,
): ApiRequest {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return {
    method,
    path: toPath(url, (params ?? {}) as Readonly<Record<string, unknown>>, query),
    headers: {
      accept: 'application/json',
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(text !== undefined && { body: text }),
  }
}

function toPath(url: string, params: Readonly<Record<string, unknown>>, query: unknown): string {
  const path = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as object)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
