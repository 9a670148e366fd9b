/**
 * Tells Lespass of each membership that a till sold, in the background: an outbox that is the book itself.
 *
 *   line of the book -> pending -> told (the answer is below 300)
 *                         |  ^
 *                         v  | later and later, one request a domain at a time
 *                       failed --> given up, three days after the sale
 *
 * A mark keeps the number of the last line before which nothing is pending, so that a restart loses no notice; some
 * may then be sent twice, which Lespass knows to answer. No till ever waits for this.
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Line, LineId } from '@fedow/ledger'
import type { Engine } from '../engine/engine.ts'
import type { BookReader } from '../store/book-reader.ts'
import type { V1Store } from './store/v1-store.ts'

export interface NoticePace {
  /** How long is waited after a failure, twice as long after each. */
  readonly retryMs: number
  readonly retryMaxMs: number
  /** How long one request may take. */
  readonly withinMs: number
  /** How long after its sale a notice is given up. */
  readonly untilMs: number
}

export const NOTICE_PACE_USUAL: NoticePace = {
  retryMs: 5_000,
  retryMaxMs: 3_600_000,
  withinMs: 10_000,
  untilMs: 3 * 86_400_000,
}

export interface NoticeParts {
  readonly book: BookReader
  readonly engine: Pick<Engine, 'blocks'>
  readonly store: Pick<V1Store, 'marks' | 'places'>
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  /** Something in this node itself failed, such as its disk. */
  readonly onFault: (cause: unknown) => void
  readonly fetch?: typeof fetch
  readonly pace?: NoticePace
}

interface Notice {
  readonly id: LineId
  readonly number: number
  readonly soldMs: number
}

const MARK = 'membership-notice'
/** Lines looked through in one go: a few milliseconds. */
const STEP = 20_000
/** A mark that moves over lines without a notice is written this seldom: writing it waits for the disk. */
const MARK_EVERY = 5_000
const REDIRECTS_MAX = 3

export class MembershipNotices implements AsyncDisposable {
  readonly #parts: NoticeParts
  readonly #pace: NoticePace
  readonly #fetch: typeof fetch
  readonly #stop = new AbortController()
  /** What waits for each domain, oldest first. */
  readonly #queues = new Map<string, Notice[]>()
  readonly #senders = new Set<Promise<void>>()
  /** Number of the last line that was looked at. */
  #seen: number
  #marked: number

  constructor(parts: NoticeParts) {
    this.#parts = parts
    this.#pace = parts.pace ?? NOTICE_PACE_USUAL
    this.#fetch = parts.fetch ?? fetch
    this.#marked = Number(parts.store.marks.get(MARK) ?? 0)
    this.#seen = this.#marked
  }

  /** Begins with what was left, and follows the blocks until the engine closes. */
  begin(): void {
    this.#follow().catch((cause) => {
      if (!this.#stop.signal.aborted) this.#parts.onFault(cause)
    })
  }

  /** Ends the requests under way. What was not told yet is told after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#senders)
  }

  async #follow(): Promise<void> {
    const { engine, book } = this.#parts
    await this.#readLines()
    for await (const _ of engine.blocks(book.lastSealed()?.height ?? 0)) {
      if (this.#stop.signal.aborted) return
      await this.#readLines()
    }
  }

  async #readLines(): Promise<void> {
    const { book } = this.#parts
    for (;;) {
      // Lines that a power cut takes back would leave their numbers to others.
      if (!book.isDurable) await book.durable()
      const last = book.tip().lines
      const upTo = Math.min(this.#seen + STEP, last)
      const range = { after: this.#seen, upTo }
      for (const line of book.linesOfAction('SUB', range)) this.#read(line)
      this.#seen = upTo
      this.#mark()
      if (upTo === last || this.#stop.signal.aborted) return
      // Between steps the tills have their turn.
      await new Promise(setImmediate)
    }
  }

  #read(line: Line): void {
    const domain = this.#domainOf(line)
    const soldMs = Math.floor(line.timeUs / 1_000)
    if (domain === undefined || this.#isOver(soldMs)) return
    const waiting = this.#queues.get(domain)
    const notice = { id: line.id, number: line.number, soldMs }
    if (waiting !== undefined) {
      waiting.push(notice)
      return
    }
    this.#queues.set(domain, [notice])
    const sender = this.#send(domain)
      .catch(this.#parts.onFault)
      .finally(() => this.#senders.delete(sender))
    this.#senders.add(sender)
  }

  /**
   * Where a line is to be told: a membership of a place that Lespass knows, sold with a card of the till. One that was
   * imported was told by who sold it.
   */
  #domainOf({ primary, from, imported }: Line): string | undefined {
    if (primary === null || imported !== undefined) return undefined
    const { book, store } = this.#parts
    const place = book.state.get('wallet', from)?.place
    const domain = place && store.places.get(place).lespassDomain
    return domain && isUsableDomain(domain) ? domain.toLowerCase() : undefined
  }

  #isOver(soldMs: number): boolean {
    return this.#parts.now() > soldMs + this.#pace.untilMs
  }

  /** Tells one domain everything that waits for it, in order. */
  async #send(domain: string): Promise<void> {
    const { signal } = this.#stop
    const waiting = this.#queues.get(domain) ?? []
    let failures = 0
    for (let notice = waiting[0]; notice && !signal.aborted; notice = waiting[0]) {
      const isTold = this.#isOver(notice.soldMs) || (await this.#tell(domain, notice.id))
      if (isTold) {
        failures = 0
        waiting.shift()
        // A restart must find what is left: the mark moves as soon as nothing before it waits.
        if (waiting.length === 0) this.#queues.delete(domain)
        this.#mark(true)
      } else if (!signal.aborted) {
        // One notice that Lespass cannot take must not stand before the others.
        waiting.push(...waiting.splice(0, 1))
        await this.#pause(failures)
        failures += 1
      }
    }
  }

  async #pause(failures: number): Promise<void> {
    const { retryMs, retryMaxMs } = this.#pace
    const pauseMs = Math.min(retryMs * 2 ** Math.min(failures, 30), retryMaxMs)
    const { signal } = this.#stop
    await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }

  /** True when Lespass has taken the notice. Any failure is one to try again: it cannot be told from a short one. */
  async #tell(domain: string, id: LineId): Promise<boolean> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#pace.withinMs)])
    let url = new URL(`https://${domain}/fwh/membership/${id}`)
    for (let hops = 0; hops <= REDIRECTS_MAX; hops += 1) {
      const answer = await this.#fetch(url, { redirect: 'manual', signal }).catch(() => undefined)
      await answer?.body?.cancel().catch(() => undefined)
      if (answer === undefined || answer.status < 300) return answer !== undefined
      const next = redirectOf(answer, url)
      if (next === undefined) return false
      url = next
    }
    return false
  }

  /** Moves the mark to before the oldest line that is still to be told. */
  #mark(isTold = false): void {
    const first = [...this.#queues.values()].flat().map(({ number }) => number - 1)
    const mark = Math.min(this.#seen, ...first)
    if (mark <= this.#marked || (!isTold && mark < this.#marked + MARK_EVERY)) return
    this.#parts.store.marks.set(MARK, String(mark))
    this.#marked = mark
  }
}

/** A redirection within the same host, as Lespass does to its address with a final slash. */
function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const to = URL.parse(headers.get('location') ?? '', from)
  const isRedirect = status >= 300 && status < 400 && headers.has('location')
  return isRedirect && to?.origin === from.origin ? to : undefined
}

/**
 * True for a dotted host name of the public kind. No address, no port, no name of an own network: whoever may name
 * the domain of a place must not have this node call what only this node reaches.
 */
export function isUsableDomain(domain: string): boolean {
  const labels = domain.toLowerCase().split('.')
  const last = labels.at(-1) ?? ''
  if (domain.length > 253 || labels.length < 2 || PRIVATE_ENDS.has(last)) return false
  return labels.every((label) => LABEL.test(label)) && /[a-z]/.test(last)
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** `none` is what v1 wrote for a place without a domain. */
const PRIVATE_ENDS = new Set([
  ...['none', 'local', 'localhost', 'internal', 'intranet', 'lan', 'home', 'corp', 'private'],
  ...['arpa', 'onion', 'invalid'],
])
