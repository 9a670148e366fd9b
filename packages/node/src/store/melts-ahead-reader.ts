import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { BOOK_FILE } from './book.ts'
import type { FoundMelt, MeltsAheadOrder, MeltsAheadPage } from './melts-ahead-worker.ts'
import { type LookedDays, STEP_DAYS_MAX } from './reminder-steps.ts'

/** Finds the melts that persons are to be reminded of, on a thread that looks while the caller keeps what it found. */
export class MeltsAheadReader {
  readonly #path: string

  constructor(folder: string) {
    this.#path = join(folder, BOOK_FILE)
  }

  /** Some at a time, until `stop`: the state of the last seal, with no change of after it. */
  async *find(days: LookedDays, stop: AbortSignal): AsyncGenerator<readonly FoundMelt[]> {
    if (!this.#hasEntries(days.today + STEP_DAYS_MAX)) return
    const workerData: MeltsAheadOrder = { path: this.#path, ...days }
    const worker = new Worker(new URL('./melts-ahead-worker.ts', import.meta.url), {
      workerData,
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    try {
      for (let isLast = false; !isLast; ) {
        const answer = once(worker, 'message', { signal: stop })
        worker.postMessage('next')
        const [page] = (await answer) as [MeltsAheadPage]
        isLast = page.isLast
        yield page.found
      }
    } finally {
      await worker.terminate()
    }
  }

  /** Where nothing melts, no thread begins. */
  #hasEntries(untilDay: number): boolean {
    using db = new DatabaseSync(this.#path, { readOnly: true, timeout: 5_000 })
    const first = db.prepare('SELECT 1 FROM melt_due WHERE day <= ? LIMIT 1').get(BigInt(untilDay))
    return first !== undefined
  }
}
