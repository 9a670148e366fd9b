/** The description of the API: the same constants that the routes run on, as OpenAPI 3.1. */

import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { getOpenapi, NAMED_SCHEMAS, type Route } from '@fedow/api'
import type { FastifyInstance } from 'fastify'
import { asIs, optionsOf } from './serve.ts'

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'The request is not well-formed, or lacks its Idempotency-Key. Nothing reached the book.',
  401: 'The credential or the signing key is missing, unknown or wrong. Nothing reached the book.',
  403: 'The caller may not do this. Nothing reached the book.',
  404: 'What the request names does not exist. Nothing reached the book.',
  409: 'The book refused the tx, for good (outcome rejected), or the key was used for another request.',
  410: 'The signed tx has expired. Nothing reached the book.',
  413: 'The body is too large.',
  415: 'The body is in a format that is not read here.',
  500: 'A fault of the node. Ask again with the same key.',
  503: 'Not now. Ask again after Retry-After seconds; for a tx, with the same key.',
  504: 'The outcome is not known. Ask again with the same key: nothing is ever done twice.',
}

const SECURITY: Readonly<Record<Route['access'], readonly Record<string, string[]>[] | undefined>> =
  {
    public: undefined,
    key: [{ apiKey: [] }],
    operator: [],
  }

const ACCESS_TEXT: Readonly<Record<Route['access'], string>> = {
  public: '',
  key: 'Needs an API key, or the operator socket.',
  operator: 'For the operator: only through the socket of the data folder.',
}

/** Gathers the routes that are registered after it. */
export function registerOpenapi(app: FastifyInstance, version: string): void {
  const options: FastifyDynamicSwaggerOptions = {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Fedow',
        version,
        description:
          'Federated and open wallet. Amounts are whole minor units, times ISO 8601. Every problem says what happened, what it means for the money, and what to do.',
        license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      },
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key: fedow_<id>_<secret>.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    transform: ({ schema, url, route }) => ({
      // An OpenAPI path has no wildcard: the rest of an address is a parameter with a name.
      url: url.replace(/\*$/, ':path'),
      schema: describe(schema as Described, route.config?.route),
    }),
  }
  app.register(swagger, options)
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema)
}

type Described = Record<string, unknown> & { readonly response?: object; readonly body?: object }

function describe(schema: Described, route: Route | undefined): Described {
  if (route === undefined) return { ...schema, hide: true }
  const { access, problems, texts = [] } = route
  const security = SECURITY[access]
  const description = [schema.description, ACCESS_TEXT[access]].filter(Boolean).join(' ')
  const statuses = [...new Set([400, ...problems, ...texts, 500])].toSorted((a, b) => a - b)
  return {
    ...schema,
    ...(route.schema.params && { params: route.schema.params }),
    ...(description !== '' && { description }),
    ...(security && { security }),
    response: {
      200: doneResponse(route),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          texts.includes(status) ? TEXT_RESPONSE : problemResponse(status),
        ]),
      ),
    },
  }
}

function doneResponse({ makesTx, produces = 'application/json', schema }: Route): object {
  return {
    description: makesTx ? 'Decided and durable.' : 'What was asked for.',
    content: { [produces]: { schema: schema.response[200] } },
  }
}

const TEXT_RESPONSE = {
  description: 'Refused: the text says why.',
  content: { 'text/plain': { schema: { type: 'string' } } },
}

function problemResponse(status: number): object {
  return {
    description: STATUS_TEXT[status] ?? 'A problem.',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  }
}

/** Answers with the description; it is written once. */
export function serveOpenapi(scope: FastifyInstance): void {
  let text: string | undefined
  scope.route({
    ...optionsOf(getOpenapi),
    handler: async (_, reply) => {
      text ??= JSON.stringify(scope.swagger())
      return reply.type('application/json; charset=utf-8').serializer(asIs).send(text)
    },
  })
}
