import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BOOK_FILE } from './book.ts'
import type { FiguresAnswer, FiguresOrder, ProductSource } from './figures-worker.ts'

/** Orders that wait for the one before; one more is told to come back. */
const WAITING_MAX = 8
/** Answers that are remembered. */
const REMEMBERED_MAX = 256

/** Too many figures are asked for at once. */
export class FiguresBusyError extends Error {
  constructor() {
    super('too many figures are asked for at once')
  }
}

export interface FiguresReaderParts {
  /** The data folder. */
  readonly folder: string
  readonly products?: ProductSource | undefined
}

export interface AskedFigures extends Omit<FiguresOrder, 'path' | 'products'> {
  /** True when no line will ever be dated inside the window: what is counted once holds. */
  readonly isSettled: boolean
}

/** Figures, and the height up to which blocks were counted. */
export interface CountedFigures {
  readonly height: number
  readonly figures: FiguresAnswer
}

/** Has figures counted, one asset at a time, each on a thread that ends with its answer; and remembers them. */
export class FiguresReader implements Disposable {
  readonly #parts: FiguresReaderParts
  /** By what was asked, the oldest first. */
  readonly #remembered = new Map<string, Promise<CountedFigures>>()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #worker: Worker | undefined
  #isOver = false

  constructor(parts: FiguresReaderParts) {
    this.#parts = parts
  }

  /** Throws FiguresBusyError. */
  async ask(asked: AskedFigures): Promise<CountedFigures> {
    const { asset, window, height, isSettled } = asked
    const key = `${asset} ${window.fromUs} ${window.toUs} ${isSettled ? '' : height}`
    const known = this.#remembered.get(key)
    if (known !== undefined) return known
    const counted = this.#inTurn(asked)
    this.#remember(key, counted)
    return counted
  }

  #remember(key: string, counted: Promise<CountedFigures>): void {
    this.#remembered.set(key, counted)
    counted.catch(() => this.#remembered.delete(key))
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > REMEMBERED_MAX && oldest !== undefined) {
      this.#remembered.delete(oldest)
    }
  }

  async #inTurn({ isSettled: _, ...order }: AskedFigures): Promise<CountedFigures> {
    if (this.#waiting >= WAITING_MAX || this.#isOver) throw new FiguresBusyError()
    this.#waiting += 1
    const turn = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    try {
      await turn
      const { folder, products } = this.#parts
      const figures = await this.#count({ ...order, path: join(folder, BOOK_FILE), products })
      return { height: order.height, figures }
    } finally {
      this.#waiting -= 1
      resolve()
    }
  }

  #count(workerData: FiguresOrder): Promise<FiguresAnswer> {
    if (this.#isOver) return Promise.reject(new FiguresBusyError())
    const { promise, resolve, reject } = Promise.withResolvers<FiguresAnswer>()
    const worker = new Worker(new URL('./figures-worker.ts', import.meta.url), {
      workerData,
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    this.#worker = worker
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`the thread that counts figures ended: ${code}`)))
    return promise
  }

  /** Nothing is read of the book any more. */
  [Symbol.dispose](): void {
    this.#isOver = true
    void this.#worker?.terminate()
  }
}
