import { Worker } from 'node:worker_threads'
import type { FoldStart } from './fold-worker.ts'

/** Commits between two foldings: half a megabyte at rest, some three in a rush, of a log of some sixteen. */
const COMMITS_EACH = 32
/** The connections of this file fold by themselves at this size, 64 MiB, should the thread not be there. */
export const FOLD_AT_LAST_PAGES = 16_384
/** Longest wait for a folding under way when the file closes. */
const END_WAIT_MS = 5_000

/**
 * Folds the write-ahead log of a file into the file, on a thread of its own: whoever writes a lot would wait for the
 * disk for tens of milliseconds, with all that it serves. The thread begins with the first need.
 */
export class FoldThread implements Disposable {
  readonly #path: string
  /** 1 when the thread has closed the file. */
  readonly #closed = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined
  #commits = 0
  #isOver = false

  constructor(path: string) {
    this.#path = path
  }

  /** Something was written to the file. */
  committed(): void {
    this.#commits += 1
    if (this.#commits < COMMITS_EACH || this.#isOver) return
    this.#commits = 0
    this.#worker ??= this.#begin()
    this.#worker.postMessage('fold')
  }

  #begin(): Worker {
    const start: FoldStart = { path: this.#path, closed: this.#closed }
    const worker = new Worker(new URL('./fold-worker.ts', import.meta.url), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    // Nothing is lost when it fails: the connections of the file fold instead, later.
    const end = () => {
      this.#isOver = true
    }
    worker.on('error', end)
    worker.on('exit', end)
    return worker
  }

  /** Waits until the thread has closed the file: whoever closes it last leaves it whole. */
  [Symbol.dispose](): void {
    if (this.#worker !== undefined && !this.#isOver) {
      this.#worker.postMessage('end')
      Atomics.wait(this.#closed, 0, 0, END_WAIT_MS)
    }
    this.#isOver = true
    void this.#worker?.terminate()
  }
}
