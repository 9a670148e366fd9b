/** Work that comes round until it is stopped: at once, then after a rest, or when woken. */
import { setTimeout as wait } from 'node:timers/promises'

/** Longest pause, and that after a round that failed, in milliseconds. */
export const ROUND_MS = 60_000

export interface RoundsOf {
  readonly round: () => Promise<void>
  /** How long to rest after a round, in milliseconds, at most `ROUND_MS`, which it is when there is nothing to say. */
  readonly restMs?: () => number | undefined
  /** A round has failed: a belief of ours is false, or the disk is. The next one comes all the same. */
  readonly onFailed: (cause: unknown) => void
}

export class Rounds implements AsyncDisposable {
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #job: Promise<void> | undefined

  /** True once the end was asked for: a round then ends at its next step. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** The first call counts. */
  begin(of: RoundsOf): void {
    this.#job ??= this.#work(of)
  }

  /** Ends the pause: something is due. */
  wake(): void {
    this.#wake.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#job
  }

  async #work({ round, restMs, onFailed }: RoundsOf): Promise<void> {
    while (!this.isStopped) {
      this.#wake = new AbortController()
      try {
        await round()
        await this.#rest(restMs?.() ?? ROUND_MS, this.#wake.signal)
      } catch (cause) {
        if (!this.isStopped) onFailed(cause)
        // What failed has perhaps woken itself: it shall not fail all the time.
        await this.#rest(ROUND_MS)
      }
    }
  }

  async #rest(pauseMs: number, ...wakes: readonly AbortSignal[]): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, ...wakes])
    const options = { signal, ref: false }
    await wait(Math.min(pauseMs, ROUND_MS), undefined, options).catch(() => undefined)
  }
}
