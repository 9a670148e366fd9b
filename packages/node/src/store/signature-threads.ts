import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { SignatureCheck } from './signature-check.ts'
import type { SignatureAnswer, SignatureRequest } from './signature-worker.ts'

/** Most signatures of one message: enough to share its cost, few enough that the first does not wait for the last. */
const BATCH_MAX = 8

/** More threads than this would wait for the one that hands out the work. */
const THREADS_MAX = 8

/** A thread that checks signatures ended by itself: it lacked memory, or a belief of ours is false. */
export class SignatureThreadError extends Error {
  constructor(what: string) {
    super(`a thread that checks signatures ended: ${what}`)
  }
}

/** Told whether a signature is valid; of `undefined` when that cannot be known any more. */
type Answer = (isValid: boolean | undefined) => void

/** Signatures that are handed over in one message. */
interface Batch {
  readonly request: string[]
  readonly answers: Answer[]
}

/**
 * Checks the signatures of many txs at a time. What is asked in one turn of the event loop goes to a thread in one
 * message, and comes back in one. The threads begin with the first need; until one is there, the caller's checks.
 */
export class SignatureThreads implements Disposable {
  readonly #near = new SignatureCheck()
  readonly #spare: number
  readonly #onFailed: (cause: unknown) => void
  #threads: readonly SignatureThread[] = []
  #batch: Batch = { request: [], answers: [] }
  #isScheduled = false

  /** `spare`: processors that are left to others, of those that the machine has. */
  constructor({ spare }: { readonly spare: number }, onFailed: (cause: unknown) => void) {
    this.#spare = spare
    this.#onFailed = onFailed
  }

  /** Whether a compact JWS is signed by a key, found out on this thread: the quickest way for a lone one. */
  isSignedNow(x: string, jws: string): boolean {
    return this.#near.isSignedJws(x, jws)
  }

  /** Whether a compact JWS is signed by a key (`x` of a JWK); undefined when that cannot be known any more. */
  isSigned(x: string, jws: string): boolean | Promise<boolean | undefined> {
    this.#begin()
    if (!this.#threads.some((thread) => thread.isReady)) return this.isSignedNow(x, jws)
    return new Promise((answer) => {
      const { request, answers } = this.#batch
      request.push(x, jws)
      answers.push(answer)
      if (answers.length >= BATCH_MAX) this.#send()
      else this.#schedule()
    })
  }

  /** Begins the threads, and waits until one of them is there, or none will be. */
  async begin(): Promise<void> {
    this.#begin()
    await Promise.race(this.#threads.map((thread) => thread.begun))
  }

  #begin(): void {
    if (this.#threads.length > 0) return
    const length = Math.min(Math.max(availableParallelism() - this.#spare, 1), THREADS_MAX)
    this.#threads = Array.from({ length }, () => new SignatureThread(this.#onFailed))
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#send()
    })
  }

  #send(): void {
    const batch = this.#batch
    if (batch.answers.length === 0) return
    this.#batch = { request: [], answers: [] }
    const ready = this.#threads.filter((thread) => thread.isReady)
    const [idlest] = ready.toSorted((one, other) => one.load - other.load)
    if (idlest === undefined) giveUp(batch)
    else idlest.check(batch)
  }

  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread[Symbol.dispose]()
    giveUp(this.#batch)
  }
}

class SignatureThread implements Disposable {
  readonly #worker: Worker
  readonly #running: Batch[] = []
  readonly #begun = Promise.withResolvers<void>()
  #state: 'beginning' | 'ready' | 'over' = 'beginning'
  /** Signatures that it has yet to check. */
  load = 0

  constructor(onFailed: (cause: unknown) => void) {
    this.#worker = new Worker(new URL('./signature-worker.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    this.#worker.on('message', (answer: SignatureAnswer) => this.#answered(answer))
    const fail = (what: string) => {
      if (this.#state !== 'over') onFailed(new SignatureThreadError(what))
      this.#end()
    }
    this.#worker.on('error', (cause) => fail(cause instanceof Error ? cause.message : 'unknown'))
    this.#worker.on('exit', (code) => fail(`code ${code}`))
  }

  /** Resolves when the thread is ready, or over. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  check(batch: Batch): void {
    this.load += batch.answers.length
    this.#running.push(batch)
    this.#worker.postMessage(batch.request satisfies SignatureRequest)
  }

  #answered(valid: SignatureAnswer): void {
    if (this.#state === 'over') return
    this.#state = 'ready'
    this.#begun.resolve()
    if (valid.length === 0) return
    const answers = this.#running.shift()?.answers ?? []
    this.load -= answers.length
    for (const [index, answer] of answers.entries()) answer(valid[index])
  }

  #end(): void {
    this.#state = 'over'
    this.#begun.resolve()
    for (const batch of this.#running.splice(0)) giveUp(batch)
  }

  [Symbol.dispose](): void {
    this.#end()
    void this.#worker.terminate()
  }
}

function giveUp({ answers }: Batch): void {
  for (const answer of answers) answer(undefined)
}
