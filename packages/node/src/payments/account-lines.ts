/**
 * Reads the account at the provider line by line, once a minute and when an event says that something was taken back,
 * so that the reserve and the provider agree to the cent: fees, refunds that nobody here has asked for, transfers that
 * came back. Reading a line again changes nothing.
 */
import { type Kid, ONLY } from '@fedow/ledger'
import { Rounds } from '../rounds.ts'
import type { Disputes } from './disputes.ts'
import { type LineMeans, lineLater, noteLine, settleLine } from './line-steps.ts'
import type { OffReason } from './payments.ts'
import { type Provider, ProviderError, type ProviderEvent } from './provider.ts'
import type { AccountLineList } from './provider-lines.ts'
import { SharedRuns } from './shared-runs.ts'

export interface AccountLinesMeans extends Omit<LineMeans, 'provider' | 'keeper' | 'suspect'> {
  /** Undefined: nobody keeps an account for us. */
  readonly provider: (Provider & AccountLineList) | OffReason | undefined
  readonly keeper: Kid | undefined
  readonly disputes: LineMeans['disputes']
  /** Who books what is owed, one move at a time. */
  readonly desk: Pick<Disputes, 'reconcile' | 'suspect'>
}

const MINUTE_MS = 60_000
/** Lines show up in the list some time after they were made, and clocks differ. */
const OVERLAP_MS = 10 * MINUTE_MS
const PAUSE_MAX_MS = 30 * MINUTE_MS
/** However many events come. */
const SOONEST_MS = 5_000
/** Pages of one look; the next one goes on where this has ended. */
const PAGES_MAX = 20

const TAKEN_BACK = new Set([
  ...['charge.refunded', 'charge.refund.updated', 'refund.failed', 'transfer.reversed'],
])

interface Sweep {
  readonly beganMs: number
  readonly sinceMs: number
  after: string | undefined
}

export class AccountLines implements AsyncDisposable {
  readonly #means: AccountLinesMeans
  readonly #runs = new SharedRuns<void>()
  readonly #rounds = new Rounds()
  #sweep: Sweep | undefined
  #lastMs = 0
  #nextMs = 0
  #fails = 0

  constructor(means: AccountLinesMeans) {
    this.#means = means
  }

  /** Lines that the book has not answered yet. */
  waiting(): number {
    return this.#means.lines.waiting()
  }

  /** An event is only a hint that there is something to read. */
  hear({ type }: ProviderEvent): void {
    if (!TAKEN_BACK.has(type)) return
    this.#nextMs = Math.min(this.#nextMs, this.#lastMs + SOONEST_MS)
    this.#rounds.wake()
  }

  /** Reads what is new, answers what waits, and books what is owed, once. */
  reconcile(): Promise<void> {
    return this.#runs.after('all', async () => {
      const means = this.#whole()
      if (means === undefined) return
      await this.#read(means)
      for (const line of means.lines.due(means.now())) {
        if (this.#rounds.isStopped) return
        await settle(means, line)
      }
      await this.#means.desk.reconcile()
    })
  }

  /** Looks after the account until this is closed. */
  work(): void {
    this.#rounds.begin({
      round: () => this.reconcile(),
      restMs: () => this.#restMs(),
      onFailed: (cause) => this.#means.warn('The account at the provider was not read', { cause }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
    await this.#runs.idle()
  }

  #restMs(): number | undefined {
    return this.#whole() === undefined ? undefined : Math.max(this.#nextMs - this.#means.now(), 0)
  }

  #whole(): LineMeans | undefined {
    const { provider, keeper, desk } = this.#means
    if (provider === undefined || typeof provider === 'string') return undefined
    if (keeper === undefined) return undefined
    return { ...this.#means, provider, keeper, suspect: (payment) => desk.suspect(payment) }
  }

  async #read(means: LineMeans): Promise<void> {
    const { now, warn } = means
    if (now() < this.#nextMs) return
    this.#lastMs = now()
    this.#nextMs = now() + MINUTE_MS
    try {
      await this.#go(means)
      this.#fails = 0
    } catch (cause) {
      if (!(cause instanceof ProviderError)) throw cause
      const { fault, message } = cause
      if (this.#fails === 0) warn('A provider does not tell its account', { fault, message })
      // The line to go on from may be gone.
      if (fault === 'unknown' || fault === 'refused') this.#sweep = undefined
      this.#fails += 1
      this.#nextMs = now() + Math.min(MINUTE_MS * 2 ** this.#fails, PAUSE_MAX_MS)
    }
  }

  async #go(means: LineMeans): Promise<void> {
    const sweep = this.#begun(means)
    if (sweep === undefined) return
    const { provider, lines } = means
    for (let page = 0; page < PAGES_MAX && !this.#rounds.isStopped; page += 1) {
      const { lines: found, isLast } = await provider.accountLines(sweep)
      for (const line of found) if (line.createdMs >= sweep.sinceMs) noteLine(means, line)
      sweep.after = found.at(-1)?.reference ?? sweep.after
      if (!isLast) continue
      lines.setUntilMs(provider.name, sweep.beganMs)
      this.#sweep = undefined
      return
    }
  }

  /** Undefined: the reserve has nothing there yet. What was before it had is in no book. */
  #begun({ book, provider, lines, now }: LineMeans): Sweep | undefined {
    if (this.#sweep !== undefined) return this.#sweep
    const { accounts = [] } = book.state.get('reserve', ONLY) ?? {}
    const first = accounts.find(({ name }) => name === `provider/${provider.name}`)?.sinceMs
    if (first === undefined) return undefined
    const until = lines.untilMs(provider.name)
    const sinceMs = Math.max(until === undefined ? first : until - OVERLAP_MS, first)
    this.#sweep = { beganMs: now(), sinceMs: sinceMs - (sinceMs % 1_000), after: undefined }
    return this.#sweep
  }
}

async function settle(means: LineMeans, line: Parameters<typeof settleLine>[1]): Promise<void> {
  try {
    await settleLine(means, line)
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    lineLater(means, line, `provider_${cause.fault}`)
  }
}
