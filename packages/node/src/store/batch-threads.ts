import { Worker } from 'node:worker_threads'
import type { BatchEnd } from './batch-worker.ts'

/** Most requests of one message: enough to share its cost, few enough that the first does not wait for the last. */
const BATCH_MAX = 8
/** Longest wait for a thread that lets go of its files. */
const END_WAIT_MS = 5_000

export interface BatchThreadsOptions {
  /** The module that the threads run; it calls `answerBatches`. */
  readonly script: URL
  /** Handed to each thread when it begins. */
  readonly workerData?: unknown
  /** True when the end waits until the threads have let go of their files: who closes one last leaves it whole. */
  readonly holdsFiles?: boolean
  /** How many threads there are; 1 when absent. */
  readonly count?: number
  /** Told when a thread has ended by itself: it lacked memory, or a belief of ours is false. */
  readonly onFailed: (what: string) => void
}

/** Requests that are handed over in one message. */
interface Batch<Request, Answer> {
  readonly requests: Request[]
  /** Told `undefined` when there will be no answer any more. */
  readonly answers: ((answer: Answer | undefined) => void)[]
}

/**
 * Has many small pieces of work done on threads of our own. What is asked in one turn of the event loop goes to a
 * thread in one message, and comes back in one; while all threads are at work, more is waited for, up to a full message:
 * it would lie there anyway, and each message costs both sides. The threads begin with the first need.
 */
export class BatchThreads<Request, Answer> implements Disposable {
  readonly #options: BatchThreadsOptions
  #threads: readonly BatchThread<Request, Answer>[] = []
  #batch: Batch<Request, Answer> = { requests: [], answers: [] }
  #isScheduled = false
  #isOver = false

  constructor(options: BatchThreadsOptions) {
    this.#options = options
  }

  /**
   * Asks a thread: its answer is undefined when it will not come any more. Undefined at once when no thread is there:
   * the caller does the work.
   */
  ask(request: Request): Promise<Answer | undefined> | undefined {
    this.#begin()
    if (!this.#threads.some((thread) => thread.isReady)) return undefined
    return new Promise((answer) => {
      const { requests, answers } = this.#batch
      requests.push(request)
      answers.push(answer)
      if (this.#isFull) this.#send()
      else this.#schedule()
    })
  }

  /** Begins the threads, and waits until one of them is there, or none will be. */
  async begin(): Promise<void> {
    this.#begin()
    await Promise.race(this.#threads.map((thread) => thread.begun))
  }

  #begin(): void {
    if (this.#threads.length > 0 || this.#isOver) return
    const { count: length = 1 } = this.#options
    const onAnswered = () => this.#send()
    this.#threads = Array.from({ length }, () => new BatchThread(this.#options, onAnswered))
  }

  get #isFull(): boolean {
    return this.#batch.answers.length >= BATCH_MAX
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
    const ready = this.#threads.filter((thread) => thread.isReady)
    const [idlest] = ready.toSorted((one, other) => one.load - other.load)
    if (idlest !== undefined && idlest.load > 0 && !this.#isFull) return
    this.#batch = { requests: [], answers: [] }
    if (idlest === undefined) giveUp(batch)
    else idlest.hand(batch)
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    for (const thread of this.#threads) thread[Symbol.dispose]()
    giveUp(this.#batch)
  }
}

class BatchThread<Request, Answer> implements Disposable {
  readonly #worker: Worker
  readonly #running: Batch<Request, Answer>[] = []
  readonly #begun = Promise.withResolvers<void>()
  #state: 'beginning' | 'ready' | 'over' = 'beginning'
  readonly #holdsFiles: boolean
  readonly #onAnswered: () => void
  /** Requests that it has yet to answer. */
  load = 0

  /** `onAnswered`: it has answered, or will not any more. */
  constructor(options: BatchThreadsOptions, onAnswered: () => void) {
    const { script, workerData, holdsFiles = false, onFailed } = options
    this.#holdsFiles = holdsFiles
    this.#onAnswered = onAnswered
    this.#worker = new Worker(script, {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    this.#worker.on('message', (answers: readonly Answer[]) => this.#answered(answers))
    const fail = (what: string) => {
      if (this.#state !== 'over') onFailed(what)
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

  hand(batch: Batch<Request, Answer>): void {
    this.load += batch.answers.length
    this.#running.push(batch)
    this.#worker.postMessage(batch.requests)
  }

  #answered(found: readonly Answer[]): void {
    if (this.#state === 'over') return
    this.#state = 'ready'
    this.#begun.resolve()
    if (found.length === 0) return
    const answers = this.#running.shift()?.answers ?? []
    this.load -= answers.length
    for (const [index, answer] of answers.entries()) answer(found[index])
    this.#onAnswered()
  }

  #end(): void {
    this.#state = 'over'
    this.#begun.resolve()
    for (const batch of this.#running.splice(0)) giveUp(batch)
    this.#onAnswered()
  }

  [Symbol.dispose](): void {
    if (this.#holdsFiles && this.#state !== 'over') this.#letGo()
    this.#end()
    void this.#worker.terminate()
  }

  #letGo(): void {
    const end: BatchEnd = { ended: new Int32Array(new SharedArrayBuffer(4)) }
    this.#worker.postMessage(end)
    Atomics.wait(end.ended, 0, 0, END_WAIT_MS)
  }
}

function giveUp<Request, Answer>({ answers }: Batch<Request, Answer>): void {
  for (const answer of answers) answer(undefined)
}
