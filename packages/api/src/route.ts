/** What a route is, and what its two sides may know of it: server and client read the same constant. */
import Type, { type Static, type TSchema } from 'typebox'
import { closed } from './schema.ts'

/** Who may call: anyone, the holder of an API key, or only who can reach the socket of the data folder. */
export type Access = 'public' | 'key' | 'operator'

/** One route of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `:name` for each parameter; `*` at its end is the parameter `path`: the rest, slashes included. */
  readonly url: string
  readonly access: Access
  /** True when the request becomes a tx: it then carries an Idempotency-Key, which is the tx id. */
  readonly makesTx: boolean
  /** True when it carries an Idempotency-Key although it becomes no tx: the id of what it opens. */
  readonly takesKey?: true
  /** Statuses of the problems that it may answer, beside those that any route may (400, 429, 500). */
  readonly problems: readonly number[]
  /** Statuses that it answers with a text instead, where another specification says so. */
  readonly texts?: readonly number[]
  /**
   * Media type of an answer that is a file, kept to the byte by server and client: its hashes and signatures cover
   * bytes. The answer is a JSON value when absent.
   */
  readonly produces?: 'application/json' | 'application/octet-stream' | 'text/plain'
  readonly schema: {
    readonly operationId: string
    readonly summary: string
    readonly description?: string
    readonly tags: readonly string[]
    readonly params?: TSchema
    readonly querystring?: TSchema
    readonly headers?: TSchema
    readonly body?: TSchema
    readonly consumes?: readonly string[]
    readonly response: { readonly 200: TSchema }
  }
}

/** Where every resource is. */
export const PREFIX = '/api/v2'

/** The header of a request that becomes a tx. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.String({
    format: 'uuid',
    pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
    description:
      'A new UUID for each gesture: it is the id of the tx. The same key with the same request gives the same answer, whatever happened in between.',
  }),
})

/** What reading with a credential may be refused with. */
export const READ_PROBLEMS = [401, 403, 404] as const
/** What a request that becomes a tx may be refused with. */
export const TX_PROBLEMS = [401, 403, 404, 409, 410, 415, 503, 504] as const

/** Parameters of one id. */
export function idParams<const P extends Record<string, TSchema>>(members: P) {
  return closed(members)
}

type Part<R extends Route, K extends 'params' | 'querystring' | 'body'> = R['schema'] extends {
  readonly [P in K]: infer S extends TSchema
}
  ? Static<S>
  : undefined

/** The parameters of the address of a route. */
export type ParamsOf<R extends Route> = Part<R, 'params'>
/** The query of a route. */
export type QueryOf<R extends Route> = Part<R, 'querystring'>
/** The body of a route. */
export type BodyOf<R extends Route> = Part<R, 'body'>
/** The answer of a route when it does what was asked; of a file, its text. */
export type AnswerOf<R extends Route> = Static<R['schema']['response'][200]>
