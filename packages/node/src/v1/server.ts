/** The HTTP side of v1: its own scope in the server, which reads every body raw and says every error as JSON. */

import { fromUtf8, type TxId } from '@fedow/ledger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Turns } from '../gateway/turns.ts'
import { parseForm } from './codec/form.ts'
import { type Json, JsonError, parseJson, printWire } from './codec/json.ts'
import { notAllowed, notJson, notMediaType } from './codec/messages.ts'
import { GuessLimit } from './guess-limit.ts'
import type { V1Means } from './means.ts'
import { type Asked, Ordering, type Sent } from './ordering.ts'
import { admit, idOf } from './permission.ts'
import { refuseWithDetail, V1Refusal } from './refusal.ts'
import { hasEffect, type V1Route } from './route.ts'
import { toRefusal } from './routes/rejections.ts'

/** Largest body in bytes, that of v1: tills send a whole order as metadata. */
const BODY_MAX = 2_621_440

/** Serves the routes at the root of the address. */
export function registerV1(app: FastifyInstance, means: V1Means, routes: readonly V1Route[]): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      const refusal = refusalFor(error, request)
      if (refusal.retryAfterS !== undefined) reply.header('retry-after', refusal.retryAfterS)
      send(reply, toSent(refusal))
    })
    const ordering = new Ordering(means)
    const guesses = new GuessLimit(
      () => performance.now(),
      (keyPrefix) => scope.log.warn({ keyPrefix }, 'A key asks for many unknown cards: it waits'),
    )
    const turns = new Turns()
    const byPath = Map.groupBy(routes, ({ path }) => path.replace(/:\w+/g, ':x'))
    for (const of of byPath.values()) registerPath(scope, of, { means, ordering, guesses, turns })
  })
}

interface Serving {
  readonly means: V1Means
  readonly ordering: Ordering
  readonly guesses: GuessLimit
  /** Of requests with the same signature. */
  readonly turns: Turns
}

function registerPath(scope: FastifyInstance, routes: readonly V1Route[], serving: Serving): void {
  const [first] = routes
  if (first === undefined) return
  for (const route of routes) {
    scope.route({
      ...optionsOf(route.method, route.path),
      handler: async (request, reply) => {
        const { intake } = serving.means
        return send(reply, await intake.during(() => answer(serving, route, request)))
      },
    })
  }
  const allowed = routes.map(({ method }) => method)
  const others = scope.supportedMethods.filter((method) => !allowed.some((one) => one === method))
  scope.route({
    ...optionsOf(others, first.path),
    handler: async ({ method }, reply) => {
      reply.header('allow', allowed.join(', '))
      return refuseWithDetail(405, notAllowed(method))
    },
  })
  scope.route({
    ...optionsOf(scope.supportedMethods, first.path.slice(0, -1)),
    handler: async ({ url }, reply) => {
      const [path = '', ...query] = url.split('?')
      return reply
        .code(301)
        .header('location', [`${path}/`, ...query].join('?'))
        .send()
    },
  })
}

function optionsOf(method: string | string[], url: string) {
  const schema = { hide: true }
  return { method, url, schema, bodyLimit: BODY_MAX, exposeHeadRoute: false }
}

/** Of the same signature, one request after the other: what the first did decides what the next one gets. */
function answer(serving: Serving, route: V1Route, request: FastifyRequest): Promise<Sent> {
  const { means, turns } = serving
  const id = idOf(means.hash, request.headers)
  const work = () => answerNow(serving, route, { request, id })
  return id === undefined || !hasEffect(route) ? work() : turns.take(id, work)
}

async function answerNow(
  { means, ordering, guesses }: Serving,
  route: V1Route,
  { request, id }: { readonly request: FastifyRequest; readonly id: TxId | undefined },
): Promise<Sent> {
  const params = request.params as Readonly<Record<string, string>>
  if (Object.values(params).some((value) => value.includes('.')))
    refuseWithDetail(404, 'Not found.')
  const { headers, url, ip } = request
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const text = fromUtf8(bytes)
  const bodyText = text ?? bytes.toString()
  let read: Json | undefined
  const body = () => {
    read ??= route.isRaw === true ? EMPTY : readBody(headers['content-type'], { bytes, text })
    return read
  }
  const { access, method } = route
  const incoming = { access, method, hasEffect: hasEffect(route), url, headers, id, bodyText, body }
  const admitted = await admit(means, incoming)
  const guesser = route.isGuessable === true ? admitted.key?.prefix : undefined
  if (guesser !== undefined) guesses.demand(guesser)
  const asked: Asked = {
    ...{ route, admitted, url, params, headers, ip },
    body: body(),
    bodyText,
  }
  const sent = await ordering.answer(asked)
  if (guesser !== undefined && MISSES.has(sent.status)) guesses.miss(guesser)
  return sent
}

/** No such card, as look-ups say it, and as a link says it. */
const MISSES: ReadonlySet<number> = new Set([400, 404])

const EMPTY: Json = new Map()

/** What a body says: as JSON, or as the form that LaBoutik sends once. */
function readBody(
  contentType: string | undefined,
  { bytes, text }: { readonly bytes: Buffer; readonly text: string | undefined },
): Json {
  if (bytes.length === 0) return EMPTY
  const [type = ''] = (contentType ?? '').split(';')
  const mediaType = type.trim().toLowerCase()
  if (mediaType === 'application/x-www-form-urlencoded') return parseForm(bytes)
  if (mediaType !== 'application/json') return refuseWithDetail(415, notMediaType(mediaType))
  try {
    return parseJson(text ?? bytes)
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    return refuseWithDetail(400, notJson(cause.reason))
  }
}

function send(reply: FastifyReply, { status, text }: Sent): FastifyReply {
  reply.code(status).header('cache-control', 'no-store')
  if (text === undefined) return reply.send()
  // The serializer keeps the content type as it is: v1 names no charset.
  return reply.header('content-type', 'application/json').serializer(asIs).send(text)
}

function asIs(text: unknown): string {
  return String(text)
}

function toSent({ status, body }: V1Refusal): Sent {
  return { status, text: printWire(body) }
}

/** Everything thrown, as JSON: what is not foreseen is a fault of ours, 500. */
function refusalFor(error: FastifyError, request: FastifyRequest): V1Refusal {
  const refusal = toRefusal(error)
  if (refusal !== undefined) return refusal
  const { code, statusCode = 500, message } = error
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new V1Refusal(415, { detail: notMediaType(request.headers['content-type'] ?? '') })
  }
  if (code?.startsWith('FST_ERR_') && statusCode < 500) {
    return new V1Refusal(statusCode, { detail: message })
  }
  const { method, url } = request
  request.log.error({ method, path: url.split('?')[0], cause: error }, 'A request of v1 failed')
  return new V1Refusal(500, {
    detail:
      'This node failed while it answered. What was asked happened once or not at all: look at the balance before asking again.',
  })
}
