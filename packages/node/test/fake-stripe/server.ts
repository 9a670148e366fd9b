/** The HTTP side: keys, faults, idempotency, and what Stripe says around every answer. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { PLATFORM } from './books.ts'
import { assertExpandable, expanded } from './expand.ts'
import { type Fault, Faults } from './faults.ts'
import { canonicalForm, type Form, parseForm } from './form.ts'
import { type Answer, IdempotencyKeys } from './idempotency.ts'
import { answerPage, isPage, sendPage } from './pages.ts'
import { Params } from './params.ts'
import { Refusal } from './refusal.ts'
import { assertOfPlatform } from './route.ts'
import { type Found, findRoute } from './routes.ts'
import { API_VERSION, type World } from './world.ts'

/** One request as it came, and what it was answered, whether that arrived or not. */
export interface Recorded {
  readonly id: string
  readonly method: string
  readonly path: string
  /** Form-encoded, of the body or of the address. */
  readonly form: string
  readonly route: string | null
  readonly idempotencyKey: string | null
  readonly account: string | null
  status: number | null
  answer: object | null
  isReplay: boolean
}

/** What the server must know of a request before it looks at it. */
interface Asked {
  readonly recorded: Recorded
  readonly form: Form
  readonly authorization: string | undefined
  readonly fault: Fault | undefined
}

export class StripeServer implements AsyncDisposable {
  readonly faults = new Faults()
  readonly requests: Recorded[] = []
  /** Errors of the fake itself: none of them is the node's fault. */
  readonly bugs: unknown[] = []
  /** Secret keys that are accepted. */
  readonly keys = new Set<string>()
  readonly #world: World
  readonly #server: Server
  readonly #idempotency: IdempotencyKeys

  constructor(world: World) {
    this.#world = world
    this.#idempotency = new IdempotencyKeys(world.clock)
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((cause: unknown) => {
        this.bugs.push(cause)
        response.destroy()
      })
    })
    // A connection that times out would be a fault that nobody has asked for.
    this.#server.keepAliveTimeout = 0
  }

  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe.invalid')
    const method = request.method ?? 'GET'
    const body = await text(request)
    if (isPage(pathname)) {
      sendPage(answerPage(this.#world, { method, path: pathname, body }), response)
      return
    }
    const form = method === 'POST' ? body : searchParams.toString()
    const recorded = this.#record(request, { method, path: pathname, form })
    const fault = this.faults.take(method, pathname)
    const { authorization } = request.headers
    const answer = await this.#answer({ recorded, form: parseForm(form), authorization, fault })
    if (answer === 'reset') response.destroy()
    if (typeof answer === 'string') return
    this.#reply(response, recorded, answer)
  }

  #record(
    { headers }: IncomingMessage,
    asked: { readonly method: string; readonly path: string; readonly form: string },
  ): Recorded {
    const [key, account] = [headers['idempotency-key'], headers['stripe-account']]
    const recorded = {
      ...{ id: this.#world.ids.next('req', 14), ...asked },
      route: findRoute(asked.method, asked.path)?.route.path ?? null,
      idempotencyKey: typeof key === 'string' && asked.method === 'POST' ? key : null,
      account: typeof account === 'string' ? account : null,
      ...{ status: null, answer: null, isReplay: false },
    }
    this.requests.push(recorded)
    return recorded
  }

  /** What goes back: an answer, a connection that breaks, or nothing at all. */
  async #answer(asked: Asked): Promise<Answer | 'reset' | 'silence'> {
    const { fault, recorded } = asked
    const how = fault?.plan.how
    if (!how?.endsWith('-after')) fault?.meet()
    if (how === 'reset-before') return 'reset'
    if (how === 'timeout') return 'silence'
    if (how === '500' || how === '429') return toAnswer(FAULT_REFUSALS[how], recorded.id)
    const answer = await this.#carryOut(asked)
    recorded.status = answer.status
    recorded.answer = answer.body
    if (how?.endsWith('-after')) fault?.meet()
    if (how === 'slow-after') await fault?.released
    if (how === '500-after') return toAnswer(FAULT_REFUSALS[how], recorded.id)
    if (how === 'reset-after') return 'reset'
    return how === 'timeout-after' ? 'silence' : answer
  }

  async #carryOut(asked: Asked): Promise<Answer> {
    const { recorded } = asked
    try {
      this.#assertKey(asked.authorization)
      const found = this.#find(recorded)
      this.#assertAccount(recorded, found)
      return await this.#once(asked, found)
    } catch (cause) {
      return toAnswer(this.#toRefusal(cause), recorded.id)
    }
  }

  /** The first call with its key is carried out, the others get its answer. */
  async #once(asked: Asked, found: Found): Promise<Answer> {
    const { recorded, fault } = asked
    const { idempotencyKey, method, path, id } = recorded
    const how = fault?.plan.how
    if (idempotencyKey === null) {
      if (how === 'slow') await fault?.released
      return this.#run(asked, found).answer
    }
    const key = `${recorded.account ?? ''}/${idempotencyKey}`
    const asking = { key, endpoint: `${method} ${path}`, params: canonicalForm(asked.form) }
    const before = this.#idempotency.begin({ ...asking, requestId: id })
    if (before) {
      recorded.isReplay = true
      const { first, headers, ...kept } = before
      const replayed = { 'idempotent-replayed': 'true', 'original-request': first }
      return { ...kept, headers: { ...headers, ...replayed } }
    }
    if (how === 'slow') await fault?.released
    const { answer, isExecuted } = this.#run(asked, found)
    if (how === 'slow-after') {
      fault?.meet()
      await fault?.released
    }
    const kept = how === '500-after' ? toAnswer(FAULT_REFUSALS[how], id) : answer
    if (isExecuted) this.#idempotency.keep(key, kept)
    else this.#idempotency.forget(key)
    return answer
  }

  #run(
    { recorded, form }: Asked,
    { route, id, child }: Found,
  ): { readonly answer: Answer; readonly isExecuted: boolean } {
    const world = this.#world
    const params = new Params(form)
    const account = recorded.account ?? PLATFORM
    try {
      const expand = params.texts('expand') ?? []
      assertExpandable(expand)
      world.cause = { id: recorded.id, idempotency_key: recorded.idempotencyKey }
      const body = route.run({ world, params, id, child, url: recorded.path, account })
      if (!params.isEnded) throw new Error(`${route.path} has not refused unknown parameters.`)
      return { answer: { status: 200, body: expanded(world, body, expand) }, isExecuted: true }
    } catch (cause) {
      const refusal = this.#toRefusal(cause)
      return { answer: toAnswer(refusal, recorded.id), isExecuted: params.isEnded }
    } finally {
      world.cause = null
    }
  }

  #find({ method, path }: Recorded): Found {
    const found = findRoute(method, path)
    if (found) return found
    throw new Refusal(
      `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
      { status: 404 },
    )
  }

  #assertKey(authorization: string | undefined): void {
    const key = keyOf(authorization)
    if (this.keys.has(key)) return
    throw new Refusal(
      key === ''
        ? "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        : `Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`,
      { status: 401 },
    )
  }

  #assertAccount({ account, path }: Recorded, { route }: Found): void {
    if (account === null) return
    if (!this.#world.accounts.find(account)) {
      throw new Refusal(
        `The provided key does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
        { status: 403, code: 'account_invalid' },
      )
    }
    if (!route.isOfAccounts) assertOfPlatform({ account }, path)
  }

  #toRefusal(cause: unknown): Refusal {
    if (cause instanceof Refusal) return cause
    this.bugs.push(cause)
    return new Refusal(`The fake of Stripe has a defect: ${String(cause)}`, {
      ...{ status: 500, type: 'api_error' },
    })
  }

  #reply(response: ServerResponse, recorded: Recorded, answer: Answer): void {
    const { status, body, headers } = answer
    const { id, idempotencyKey, account } = recorded
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': id,
      'stripe-version': API_VERSION,
      ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
      ...(account === null ? {} : { 'stripe-account': account }),
      ...headers,
    })
    response.end(`${JSON.stringify(body, null, 2)}\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.faults.releaseAll()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

const FAULT_REFUSALS = {
  '429': new Refusal(
    'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
    { status: 429, code: 'rate_limit', headers: { 'stripe-rate-limited-reason': 'global-rate' } },
  ),
  '500': new Refusal('An unknown error occurred', { status: 500, type: 'api_error' }),
  '500-after': new Refusal('An unknown error occurred', {
    ...{ status: 500, type: 'api_error', headers: { 'stripe-should-retry': 'false' } },
  }),
}

function toAnswer(refusal: Refusal, requestId: string): Answer {
  const { status, facts } = refusal
  return { status, body: refusal.toBody(requestId), headers: facts.headers ?? {} }
}

/** From `Bearer <key>`, or from the name of `Basic`, as `curl -u` sends it. */
function keyOf(authorization = ''): string {
  const [scheme, rest = ''] = authorization.split(' ')
  if (scheme === 'Bearer') return rest
  if (scheme !== 'Basic') return ''
  return Buffer.from(rest, 'base64').toString().split(':')[0] ?? ''
}
