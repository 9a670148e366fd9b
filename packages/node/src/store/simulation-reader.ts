import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BOOK_FILE } from './book.ts'
import { FiguresBusyError } from './figures-reader.ts'
import type { SimulationOrder } from './simulation-worker.ts'

/** Orders that wait for the one before; one more is told to come back. */
const WAITING_MAX = 4

/** Has melting simulated, one question at a time, each on a thread that ends with its answer. */
export class SimulationReader implements Disposable {
  readonly #folder: string
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #worker: Worker | undefined
  #isOver = false

  /** The data folder. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Canonical JSON of question, simulation and, when they are wanted, accounts. Throws FiguresBusyError. */
  async ask(order: Omit<SimulationOrder, 'path'>): Promise<string> {
    if (this.#waiting >= WAITING_MAX) throw new FiguresBusyError()
    this.#waiting += 1
    const turn = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    try {
      await turn
      return await this.#simulate({ ...order, path: join(this.#folder, BOOK_FILE) })
    } finally {
      this.#waiting -= 1
      resolve()
    }
  }

  #simulate(workerData: SimulationOrder): Promise<string> {
    if (this.#isOver) return Promise.reject(new FiguresBusyError())
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), {
      workerData,
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    this.#worker = worker
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`the thread that simulates ended: ${code}`)))
    return promise
  }

  /** Nothing is read of the book any more. */
  [Symbol.dispose](): void {
    this.#isOver = true
    void this.#worker?.terminate()
  }
}
