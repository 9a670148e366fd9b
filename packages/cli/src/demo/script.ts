/**
 * How the demonstration asks for things: every request has an id that follows from the chain and from the name of its
 * step. So it can be ended at any moment and started again: what was done is answered again, the rest is done.
 */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type AnswerOf,
  type CallInput,
  type Client,
  getTx,
  ProblemError,
  type Route,
} from '@fedow/api'
import { deriveId, nobleHash, type TxId } from '@fedow/ledger'

/** Steps that run at a time. */
const LANES = 8
const BUSY_STEPS_MAX = 20
const BUSY_MS = 250

/** The demonstration was asked to stop between two steps. */
export class DemoStopped extends Error {}

export interface ScriptOptions {
  readonly client: Client
  readonly chain: string
  readonly stop: AbortSignal
  /** Called after each step. */
  readonly onStep: () => void
}

export class Script {
  readonly client: Client
  readonly #options: ScriptOptions

  constructor(options: ScriptOptions) {
    this.client = options.client
    this.#options = options
  }

  /** The id of the tx of a step. */
  idOf(step: string): TxId {
    return deriveId<TxId>(nobleHash, 'demo', Uint8Array.fromHex(this.#options.chain), step)
  }

  /** True when the book has the tx of a step, applied or refused. */
  async isDone(step: string): Promise<boolean> {
    try {
      await this.client.call(getTx, { params: { tx: this.idOf(step) } })
      return true
    } catch (cause) {
      if (cause instanceof ProblemError && cause.problem.code === 'tx_not_found') return false
      throw cause
    }
  }

  /** Does a step, once in the life of this book. */
  async step<R extends Route>(name: string, route: R, input: CallInput<R>): Promise<AnswerOf<R>> {
    const answer = await this.#patiently(() => {
      if (this.#options.stop.aborted) throw new DemoStopped()
      return this.client.call(route, { ...input, key: this.idOf(name) })
    })
    this.#options.onStep()
    return answer
  }

  /** As `step`; `undefined` when the book refuses it for want of money, as happens on such an evening. */
  async attempt<R extends Route>(
    name: string,
    route: R,
    input: CallInput<R>,
  ): Promise<AnswerOf<R> | undefined> {
    try {
      return await this.step(name, route, input)
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause
      if (cause.problem.code !== 'insufficient_balance') throw cause
      this.#options.onStep()
      return undefined
    }
  }

  /** Works through a list, several at a time. Those of one card keep their order by being one element. */
  async each<T>(list: readonly T[], work: (one: T, index: number) => Promise<void>): Promise<void> {
    const rest = list.entries()
    const lane = async (): Promise<void> => {
      for (const [index, one] of rest) await work(one, index)
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }

  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask()
      } catch (cause) {
        const isBusy = cause instanceof ProblemError && cause.problem.code === 'queue_full'
        if (!isBusy || attempt === BUSY_STEPS_MAX) throw cause
        await wait(BUSY_MS)
      }
    }
  }
}
