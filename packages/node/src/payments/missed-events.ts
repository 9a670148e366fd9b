/**
 * Asks the provider for what it may have told while nobody listened: a payment at a terminal is in no file of ours
 * until its event comes, and an event can be lost for good. What is found goes where events go, which believe nothing
 * of it, and to which it may come as often as it likes.
 */

import { Rounds } from '../rounds.ts'
import type { EventCursor } from '../store/event-cursor.ts'
import type { ProviderName } from '../store/payment-store.ts'
import { ProviderError, type ProviderEvent } from './provider.ts'
import type { EventList, KeptEvent } from './provider-events.ts'

export interface MissedMeans {
  /** Undefined: nobody keeps events for us. */
  readonly list: (EventList & { readonly name: ProviderName }) | undefined
  readonly cursor: EventCursor
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  readonly warn: (what: string, facts: object) => void
}

/** Acts on an event. False: it has to come again. */
export type Hear = (event: ProviderEvent) => Promise<boolean>

const MINUTE_MS = 60_000
/** Events show up in the list some time after they were made, and clocks differ. */
const OVERLAP_MS = 10 * MINUTE_MS
/** How long Stripe tells an event again by itself. */
const GIVE_UP_MS = 3 * 24 * 60 * MINUTE_MS
/** How long Stripe keeps its events. */
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS
const PAUSE_MAX_MS = 30 * MINUTE_MS
/** Pages of one look; the next one goes on where this has ended. */
const PAGES_MAX = 10

/** The events between the cursor and the moment when the sweep began, newest first. */
interface Sweep {
  readonly beganMs: number
  readonly sinceMs: number
  after: string | undefined
  /** The oldest one that has to come again. */
  unheardMs: number | undefined
}

export class MissedEvents implements AsyncDisposable {
  readonly #means: MissedMeans
  readonly #rounds = new Rounds()
  /** Events that are done with, by when they were made: the next sweep meets some of them again. */
  readonly #heard = new Map<string, number>()
  #sweep: Sweep | undefined
  #nextMs = 0
  #fails = 0

  constructor(means: MissedMeans) {
    this.#means = means
  }

  /** Looks once a minute until this is closed. */
  begin(hear: Hear): void {
    if (this.#means.list === undefined) return
    this.#rounds.begin({
      round: () => this.look(hear),
      onFailed: (cause) =>
        this.#means.warn('Events that a provider has kept could not be read', { cause }),
    })
  }

  /** Asks for what is new, unless that was less than a minute ago, or the provider is away. */
  async look(hear: Hear): Promise<void> {
    const { list, now, warn } = this.#means
    if (list === undefined || now() < this.#nextMs) return
    this.#nextMs = now() + MINUTE_MS
    try {
      await this.#go(list, hear)
      this.#fails = 0
    } catch (cause) {
      if (!(cause instanceof ProviderError)) throw cause
      const { fault, message } = cause
      if (this.#fails === 0) warn('A provider does not answer its events', { fault, message })
      // The event to go on from may be gone.
      if (fault === 'unknown' || fault === 'refused') this.#sweep = undefined
      this.#fails += 1
      this.#nextMs = now() + Math.min(MINUTE_MS * 2 ** this.#fails, PAUSE_MAX_MS)
    }
  }

  /** Each event before has been heard, in milliseconds; undefined: nobody keeps any, or none was asked for yet. */
  get heardUntilMs(): number | undefined {
    const { list, cursor } = this.#means
    return list && cursor.untilMs(list.name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
  }

  async #go(list: NonNullable<MissedMeans['list']>, hear: Hear): Promise<void> {
    const sweep = this.#begun(list.name)
    for (let page = 0; page < PAGES_MAX && !this.#rounds.isStopped; page += 1) {
      const { events, isLast } = await list.keptEvents(sweep)
      for (const event of events) await this.#tell(event, hear, sweep)
      sweep.after = events.at(-1)?.id ?? sweep.after
      if (isLast) return this.#end(list.name, sweep)
    }
  }

  #begun(name: ProviderName): Sweep {
    if (this.#sweep !== undefined) return this.#sweep
    const { cursor, now } = this.#means
    const beganMs = now()
    const untilMs = cursor.untilMs(name)
    if (untilMs === undefined) cursor.setUntilMs(name, beganMs)
    const sinceMs = Math.max(untilMs ?? beganMs, beganMs - KEPT_MS) - OVERLAP_MS
    this.#sweep = { beganMs, sinceMs, after: undefined, unheardMs: undefined }
    return this.#sweep
  }

  async #tell(event: KeptEvent, hear: Hear, sweep: Sweep): Promise<void> {
    const { id, createdMs } = event
    if (this.#heard.has(id) || this.#rounds.isStopped) return
    const isDone = await hear(event).catch((cause: unknown) => {
      this.#means.warn('An event of a provider could not be acted on', { event: id, cause })
      return false
    })
    if (isDone) this.#heard.set(id, createdMs)
    else sweep.unheardMs = Math.min(sweep.unheardMs ?? createdMs, createdMs)
  }

  #end(name: ProviderName, { beganMs, unheardMs = beganMs }: Sweep): void {
    if (this.#rounds.isStopped) return
    // What cannot be heard for days is not asked about for ever.
    const untilMs = Math.max(Math.min(beganMs, unheardMs), beganMs - GIVE_UP_MS)
    this.#means.cursor.setUntilMs(name, untilMs)
    for (const [id, createdMs] of this.#heard) {
      if (createdMs < untilMs - 2 * OVERLAP_MS) this.#heard.delete(id)
    }
    this.#sweep = undefined
  }
}
