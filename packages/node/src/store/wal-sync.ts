import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const sync = promisify(fdatasync)

/**
 * Makes durable what SQLite wrote to the write-ahead log of a file without waiting for the disk (`synchronous=NORMAL`).
 * A log that a power cut tears is read up to its last whole commit, so whatever was written before what is durable is
 * durable too.
 *
 * One fsync runs at a time, on a thread of Node's pool. Who asks meanwhile waits for the next one: only that covers all
 * that was written before it began. After one has failed nobody knows what the disk holds: everything fails from then on.
 */
export class WalSync implements Disposable {
  readonly #path: string
  readonly #isOff: boolean
  #file: number | undefined
  /** Commits that were written, and how many of them are durable. */
  #written = 0
  #durable = 0
  #running: Promise<void> | undefined
  #failure: { readonly cause: unknown } | undefined

  /** `path`: of the file whose log it is. OFF calls everything durable: for the tests that prove the power-cut harness right. */
  constructor(path: string, synchronous: 'FULL' | 'OFF' = 'FULL') {
    this.#path = `${path}-wal`
    this.#isOff = synchronous === 'OFF'
  }

  /** A commit was written. */
  written(): void {
    this.#written += 1
    if (this.#isOff) this.#durable = this.#written
  }

  /** True when everything that was written is durable. */
  get isDurable(): boolean {
    return this.#durable === this.#written
  }

  /** Resolves when everything that is written by now is durable; rejects when that is not known. */
  async durable(): Promise<void> {
    const upTo = this.#written
    while (this.#durable < upTo) {
      this.#running ??= this.#sync()
      await this.#running
    }
  }

  /** The same, holding up this thread: the quickest way when there is nothing else to do. */
  durableNow(): void {
    this.#demandSound()
    if (this.isDurable) return
    try {
      fdatasyncSync(this.#open())
    } catch (cause) {
      throw this.#failed(cause)
    }
    this.#durable = this.#written
  }

  async #sync(): Promise<void> {
    this.#demandSound()
    const covered = this.#written
    try {
      await sync(this.#open())
    } catch (cause) {
      throw this.#failed(cause)
    } finally {
      this.#running = undefined
    }
    this.#durable = Math.max(this.#durable, covered)
  }

  /** SQLite makes the file with its first commit, and keeps it until the last connection closes. */
  #open(): number {
    this.#file ??= openSync(this.#path, 'r+')
    return this.#file
  }

  #demandSound(): void {
    if (this.#failure !== undefined) throw this.#failure.cause
  }

  #failed(cause: unknown): unknown {
    this.#failure ??= { cause }
    return cause
  }

  /** To be called once the file is closed, which makes everything durable. */
  [Symbol.dispose](): void {
    this.#durable = this.#written
    const file = this.#file
    this.#file = undefined
    if (file === undefined) return
    const close = () => closeSync(file)
    if (this.#running === undefined) close()
    else void this.#running.then(close, close)
  }
}
