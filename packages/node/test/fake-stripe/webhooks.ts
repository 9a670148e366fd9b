/**
 * Tells endpoints what happens, as Stripe does: signed, at least once, in no promised order, again
 * after a failure. Tests decide what is lost, held, doubled and reordered.
 */
import { createHmac } from 'node:crypto'
import { Agent } from 'node:http'
import type Stripe from 'stripe'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './clock.ts'
import { post } from './delivery.ts'
import { addEndpoint, matches, type NewEndpoint } from './objects/event.ts'
import { shuffled } from './shuffle.ts'
import type { World } from './world.ts'

/** What becomes of an event: told as usual, never told, kept for `release`, told several times. */
export type Fate = 'told' | 'lost' | 'held' | { readonly copies: number }

export interface Plan {
  /** Which events: a type, or `charge.*`; all of them unless said. */
  readonly type?: string
  /** How many events it is for; one unless said. */
  readonly times?: number
  readonly fate: Fate
}

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly event: Stripe.Event
  readonly endpoint: string
}

/** What came of a delivery: the status of the answer, or `null` when there was none. */
export interface Attempt extends Delivery {
  readonly status: number | null
}

export interface Release {
  readonly order?: 'as-emitted' | 'reversed' | 'shuffled'
  /** Seed of the shuffle. */
  readonly seed?: number
  readonly copies?: number
  /** All at the same time, or each when the one before is answered. */
  readonly isTogether?: boolean
  /** Only these; the others stay held. */
  readonly type?: string
}

interface Retry extends Delivery {
  readonly tries: number
  readonly dueMs: number
}

/** Pauses between the first tries, then between all others, until Stripe gives up. */
const RETRY_MS: readonly number[] = [
  ...[5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS],
]
const LATER_MS = 12 * HOUR_MS
const GIVE_UP_MS = 3 * DAY_MS

export class Webhooks implements AsyncDisposable {
  readonly attempts: Attempt[] = []
  /** What waits for `release`. */
  held: readonly Delivery[] = []
  /** What becomes of events that no plan names. */
  usual: Fate = 'told'
  readonly #world: World
  readonly #under = new Set<Promise<unknown>>()
  // Connections are kept: thousands of new ones in a storm are more than some machines take.
  readonly #agent = new Agent({ keepAlive: true })
  #plans: { plan: Plan; left: number }[] = []
  #retries: readonly Retry[] = []

  constructor(world: World) {
    this.#world = world
    world.sink = (event, account) => this.#take(event, account)
  }

  /** Adds an address to tell; its `secret` checks the signatures. */
  listen(endpoint: NewEndpoint): Stripe.WebhookEndpoint & { readonly secret: string } {
    const added = addEndpoint(this.#world, endpoint)
    return { ...added, secret: added.secret ?? '' }
  }

  /** The fate of the next events of a type. */
  next(plan: Plan): void {
    this.#plans.push({ plan, left: plan.times ?? 1 })
  }

  /** Delivers what is held. */
  async release(how: Release = {}): Promise<readonly Attempt[]> {
    const { order = 'as-emitted', copies = 1, isTogether = false, seed = 1, type = '*' } = how
    const chosen = this.held.filter(({ event }) => matches(event.type, type))
    this.held = this.held.filter((one) => !chosen.includes(one))
    const all = chosen.flatMap((one) => Array.from({ length: copies }, () => one))
    const ordered =
      order === 'as-emitted' ? all : order === 'reversed' ? all.toReversed() : shuffled(all, seed)
    if (isTogether) return Promise.all(ordered.map((one) => this.#send(one, 0)))
    const attempts: Attempt[] = []
    for (const one of ordered) attempts.push(await this.#send(one, 0))
    return attempts
  }

  /** Tells an event again, to every endpoint that wants it, `copies` times at once. */
  async tellAgain(event: Stripe.Event | string, copies = 1): Promise<readonly Attempt[]> {
    const found = typeof event === 'string' ? this.#world.events.get(event) : event
    const deliveries = this.#deliveries(found, found.account ?? '')
    const all = Array.from({ length: copies }, () => deliveries).flat()
    return Promise.all(all.map((one) => this.#send(one, 0)))
  }

  /** An authentic event with whatever object, as of a product or an account that is not ours. */
  send(type: string, object: object, account = ''): Promise<readonly Attempt[]> {
    const { sink } = this.#world
    this.#world.sink = () => undefined
    const event = this.#world.emit(type, object, { account })
    this.#world.sink = sink
    return this.tellAgain(event)
  }

  /** Resolves once nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.allSettled(this.#under)
  }

  /** Tries again what failed and is due by the clock of the fake. */
  retryDue(): void {
    const now = this.#world.clock.nowMs()
    const due = this.#retries.filter(({ dueMs }) => dueMs <= now)
    this.#retries = this.#retries.filter(({ dueMs }) => dueMs > now)
    for (const retry of due) this.#launch(retry, retry.tries)
  }

  /** How many failed deliveries wait for their next try. */
  get waiting(): number {
    return this.#retries.length
  }

  /** The header that Stripe would send; for forged and old ones, give another secret or time. */
  sign(payload: string, { secret, timeS }: { secret: string; timeS?: number }): string {
    const time = timeS ?? this.#world.clock.now()
    const mac = createHmac('sha256', secret).update(`${time}.${payload}`).digest('hex')
    return `t=${time},v1=${mac},v0=${'0'.repeat(64)}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled()
    this.#agent.destroy()
  }

  #take(event: Stripe.Event, account: string): void {
    const fate = this.#fateOf(event)
    if (fate === 'lost') return
    const deliveries = this.#deliveries(event, account)
    event.pending_webhooks = deliveries.length
    if (fate === 'held') {
      this.held = [...this.held, ...deliveries]
      return
    }
    const copies = fate === 'told' ? 1 : fate.copies
    for (const one of deliveries) {
      for (let copy = 0; copy < copies; copy += 1) this.#launch(one, 0)
    }
  }

  #fateOf({ type }: Stripe.Event): Fate {
    const found = this.#plans.find(({ plan }) => matches(type, plan.type ?? '*'))
    if (!found) return this.usual
    found.left -= 1
    this.#plans = this.#plans.filter(({ left }) => left > 0)
    return found.plan.fate
  }

  #deliveries(event: Stripe.Event, account: string): readonly Delivery[] {
    return this.#world.endpoints
      .where(({ status, application }) => status === 'enabled' && isFor(account, application))
      .filter(({ enabled_events: types }) => types.some((one) => matches(event.type, one)))
      .map(({ id }) => ({ event, endpoint: id }))
  }

  #launch(delivery: Delivery, tries: number): void {
    const sent = this.#send(delivery, tries)
    this.#under.add(sent)
    void sent.finally(() => this.#under.delete(sent))
  }

  async #send(delivery: Delivery, tries: number): Promise<Attempt> {
    const { event } = delivery
    const endpoint = this.#world.endpoints.find(delivery.endpoint)
    const payload = JSON.stringify(event, null, 2)
    const signature = this.sign(payload, { secret: endpoint?.secret ?? '' })
    const url = endpoint?.url
    const status = url ? await post(this.#agent, { url, payload, signature }) : null
    const attempt = { event, endpoint: delivery.endpoint, status }
    this.attempts.push(attempt)
    if (status !== null && status >= 200 && status < 300) {
      event.pending_webhooks = Math.max(0, event.pending_webhooks - 1)
      return attempt
    }
    const dueMs = this.#world.clock.nowMs() + (RETRY_MS[tries] ?? LATER_MS)
    if (endpoint && dueMs <= event.created * 1000 + GIVE_UP_MS) {
      this.#retries = [...this.#retries, { ...delivery, tries: tries + 1, dueMs }]
    }
    return attempt
  }
}

/** Endpoints of the platform hear of the platform, those of accounts of accounts. */
function isFor(account: string, application: string | null): boolean {
  return (account === '') === (application === null)
}
