import { BatchThreads } from '../../store/batch-threads.ts'
import { SignatureThreadError } from '../../store/signature-threads.ts'
import type { IntakeAnswer, IntakeRequest } from './intake-worker.ts'
import type { V1Noted } from './notes.ts'
import type { V1KeptAnswer } from './requests.ts'
import { isSigned, type V1Signed } from './signed.ts'
import type { V1Store } from './v1-store.ts'

type IntakeStore = Pick<V1Store, 'path' | 'note' | 'written'>

/**
 * Takes signed requests in: checks the signature, and notes what it was for. While there are many, a thread does both,
 * over a connection of its own: what comes in one message is written in one SQL transaction.
 */
export class V1Intake implements Disposable {
  readonly #store: IntakeStore
  readonly #threads: BatchThreads<IntakeRequest, IntakeAnswer>
  #running = 0

  /** A thread that fails is told once; the work goes on without it. */
  constructor(store: IntakeStore, onFault: (cause: unknown) => void) {
    this.#store = store
    this.#threads = new BatchThreads({
      script: new URL('./intake-worker.ts', import.meta.url),
      workerData: store.path,
      holdsFiles: true,
      onFailed: (what) => onFault(new SignatureThreadError(what)),
    })
  }

  /** Checks a signature and writes its note. Throws when the file cannot be written. */
  async take(signed: V1Signed): Promise<V1Noted | 'unsigned'> {
    const taken = await this.#ask(signed)
    if (taken !== undefined && taken !== 'unwritten') return taken
    if (taken === undefined && !isSigned(signed)) return 'unsigned'
    return this.#store.note(signed.note)
  }

  /** Keeps what a request that was noted was answered without a tx. Throws when the file cannot be written. */
  async keep(answer: V1KeptAnswer): Promise<void> {
    const kept = await this.#ask(answer)
    if (kept === undefined || kept === 'unwritten') this.#store.note(answer)
  }

  /** Answers a request; while several are answered, the thread takes them in. */
  async during<T>(answer: () => Promise<T>): Promise<T> {
    this.#running += 1
    try {
      return await answer()
    } finally {
      this.#running -= 1
    }
  }

  async #ask(request: IntakeRequest): Promise<IntakeAnswer | undefined> {
    // A lone request spares itself the way to the thread and back.
    const answer = this.#running > 1 ? await this.#threads.ask(request) : undefined
    if (answer !== undefined) this.#store.written()
    return answer
  }

  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]()
  }
}
