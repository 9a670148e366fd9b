/**
 * The HTTP server of a node: the routes of the contract behind one error door.
 *
 * Whoever comes in by TCP is the public or has an API key; whoever comes through the socket of the data folder is
 * the operator (operator-doors.ts). Nothing here knows a rule of money.
 */
import { randomBytes } from 'node:crypto'
import { type Problem, ROUTES } from '@fedow/api'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { Credentials } from './credentials.ts'
import { dashboardRoutes } from './dashboard.ts'
import { firstPageRoute } from './first-page.ts'
import { loggedCause } from './logged-cause.ts'
import { evidenceUses, namesOf } from './names.ts'
import { registerOpenapi, serveOpenapi } from './openapi.ts'
import { OperatorDoors } from './operator-doors.ts'
import type { Http, ServerParts } from './parts.ts'
import { paymentPageRoutes } from './payment-pages.ts'
import { problemOf, RequestError } from './problem-error.ts'
import { reminderPageRoutes } from './reminder-pages.ts'
import { compileValidator } from './serve.ts'
import { parseStrictJson } from './strict-json.ts'
import { stripeWebhookRoute } from './stripe-webhook.ts'
import { assetRoutes } from './v2/assets.ts'
import { blockRoutes } from './v2/blocks.ts'
import { cardImportRoutes } from './v2/card-import.ts'
import { cardRoutes } from './v2/cards.ts'
import { clearingRoutes } from './v2/clearing.ts'
import { dividendRoutes } from './v2/dividends.ts'
import { federationRoutes } from './v2/federations.ts'
import { figureRoutes } from './v2/figures.ts'
import { fundRoutes } from './v2/funds.ts'
import { historyRoutes } from './v2/history.ts'
import { holdRoutes } from './v2/holds.ts'
import { keyRoutes } from './v2/keys.ts'
import { lineRoutes } from './v2/lines.ts'
import { meltingRoutes } from './v2/melting.ts'
import { moneyRoutes } from './v2/money.ts'
import { offerRoutes } from './v2/offers.ts'
import { payerPayoutRoutes } from './v2/payer-payouts.ts'
import { paymentRoutes } from './v2/payments.ts'
import { placeRoutes } from './v2/places.ts'
import { proposalRoutes } from './v2/proposals.ts'
import { receiptRoutes } from './v2/receipts.ts'
import { reminderRoutes } from './v2/reminders.ts'
import { reserveRoutes } from './v2/reserve.ts'
import { simulationRoutes } from './v2/simulations.ts'
import { stateRoutes } from './v2/state.ts'
import { statusRoutes } from './v2/status.ts'
import { terminalRoutes } from './v2/terminal.ts'
import { textRoutes } from './v2/texts.ts'
import { txRoutes } from './v2/txs.ts'
import { venueRoutes } from './v2/venues.ts'
import { walletRoutes } from './v2/wallets.ts'
import { witnessRoutes } from './v2/witness.ts'

/** Largest body in bytes, card files apart. */
const BODY_MAX = 1_048_576
/** Longest parameter of an address: a card is also named by the address of its QR code. */
const PARAM_MAX = 400
/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 60_000

declare module 'fastify' {
  interface FastifyInstance {
    readonly operatorDoors: OperatorDoors
  }
}

/** How often a server that stops looks for connections that have had their last answer. */
const IDLE_LOOK_MS = 50

/** A connection that was busy when the stop began stays open for a next request: it would hold the stop up for a minute. */
function dropIdleConnections({ server }: FastifyInstance): void {
  const looking = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS)
  server.once('close', () => clearInterval(looking))
}

/** Builds the server; `listen` opens its TCP port, `listenOnSocket` the operator's door. */
export function buildServer(parts: ServerParts): FastifyInstance {
  const app = newApp(parts)
  const doors = new OperatorDoors()
  const credentials = new Credentials(doors, parts.apiKeys, parts.now)
  app.decorate('operatorDoors', doors)
  app.decorate('callerOf', (request: FastifyRequest) => credentials.callerOf(request))
  app.decorateRequest('caller', null)
  app.addHook('onClose', () => doors.close())
  sendOnlyDurable(app, parts)
  app.addHook('preClose', async () => dropIdleConnections(app))
  registerOpenapi(app, parts.version)
  app.register(async (scope) => {
    const { book, directory, node, hash, now } = parts
    registerRoutes({ scope, parts, means: { book, directory, node: node.id, hash, now } })
    serveOpenapi(scope)
  })
  parts.v1?.register(app)
  return app
}

/**
 * Holds every answer until what it may tell of the book is durable. What failed here tells nothing, and need not wait
 * for a disk that may be what failed.
 */
function sendOnlyDurable(app: FastifyInstance, { book }: ServerParts): void {
  app.addHook('onSend', (_, { statusCode }, payload, done) => {
    if (book.isDurable || statusCode >= 500) done(null, payload)
    else {
      book.durable().then(
        () => done(null, payload),
        () => done(new RequestError({ code: 'outcome_unknown' })),
      )
    }
  })
}

/** Opens the operator's door at a path, and only for the owner of the file. */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  await app.ready()
  await app.operatorDoors.open(path, (request, response) => app.routing(request, response))
}

function newApp(parts: ServerParts): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds(),
    // While it stops, the engine itself says so, as a problem.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAM_MAX },
    logger:
      parts.logLevel === 'silent'
        ? false
        : {
            level: parts.logLevel,
            redact: SECRETS,
            serializers: { cause: loggedCause },
            stream: process.stderr,
          },
    frameworkErrors: (error, request, reply) => sendError(parts, error, { request, reply }),
  })
  // A logger for each request costs more than it tells: what is logged carries the request id.
  app.setChildLoggerFactory((logger) => logger)
  app.setValidatorCompiler(compileValidator)
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendError(parts, error, { request, reply }),
  )
  app.setNotFoundHandler((request, reply) =>
    sendError(parts, notFound(request, reply), { request, reply }),
  )
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => parseStrictJson(body),
  )
  return app
}

const SECRETS = ['authorization', 'req.headers.authorization', 'headers.authorization', 'key']

function requestIds(): () => string {
  const prefix = randomBytes(4).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}

function registerRoutes(http: Http): void {
  firstPageRoute(http)
  dashboardRoutes(http)
  statusRoutes(http)
  txRoutes(http)
  receiptRoutes(http)
  placeRoutes(http)
  assetRoutes(http)
  figureRoutes(http)
  simulationRoutes(http)
  dividendRoutes(http)
  meltingRoutes(http)
  federationRoutes(http)
  cardRoutes(http)
  cardImportRoutes(http)
  walletRoutes(http)
  reminderRoutes(http)
  reminderPageRoutes(http)
  moneyRoutes(http)
  paymentRoutes(http)
  terminalRoutes(http)
  payerPayoutRoutes(http)
  paymentPageRoutes(http)
  stripeWebhookRoute(http)
  reserveRoutes(http)
  venueRoutes(http)
  clearingRoutes(http)
  holdRoutes(http)
  offerRoutes(http)
  proposalRoutes(http)
  textRoutes(http)
  fundRoutes(http)
  lineRoutes(http)
  blockRoutes(http)
  historyRoutes(http)
  stateRoutes(http)
  witnessRoutes(http)
  keyRoutes(http)
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** The one error handler. */
function sendError({ book }: ServerParts, cause: unknown, { request, reply }: Exchange): void {
  const { bodyLimit = BODY_MAX, config } = request.routeOptions
  const context = {
    requestId: request.id,
    nameOf: namesOf(book.state),
    usedBy: evidenceUses(book),
    bodyMax: bodyLimit,
    formats: config?.route?.schema.consumes ?? ['application/json'],
  }
  const problem = problemOf(cause, context)
  const { method, url } = request
  const told = { requestId: request.id, method, path: url.split('?')[0], code: problem.code }
  if (problem.status >= 500) request.log.error({ ...told, cause }, problem.title)
  else request.log.debug(told, problem.title)
  sendProblem(reply, problem)
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { status } = problem
  if (status === 503) reply.header('retry-after', '1')
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((text: unknown) => String(text))
    .send(JSON.stringify(problem))
}

const PATHS = ROUTES.map(({ method, url }) => ({
  method,
  pattern: new RegExp(`^${url.replace(/:\w+/g, '[^/]+').replace(/\*$/, '.*')}$`),
}))

/** An address that answers other methods says which. */
function notFound({ method, url }: FastifyRequest, reply: FastifyReply): RequestError {
  const [path = ''] = url.split('?')
  const allowed = PATHS.filter(({ pattern }) => pattern.test(path)).map((route) => route.method)
  if (allowed.length === 0) return new RequestError({ code: 'route_not_found', method, path })
  const list = [...new Set(allowed)].join(', ')
  reply.header('allow', list)
  return new RequestError({ code: 'method_not_allowed', method, allowed: list })
}
