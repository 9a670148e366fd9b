import { BatchThreads } from '../../store/batch-threads.ts'
import { SignatureThreadError } from '../../store/signature-threads.ts'
import { isSignedBy } from '../codec/signature.ts'
import type { V1SignatureRequest } from './signature-worker.ts'

/** Checks the signatures of requests, on a thread of its own while there are many. */
export class V1Signatures implements Disposable {
  readonly #threads: BatchThreads<V1SignatureRequest, boolean>
  #running = 0

  /** A thread that fails is told once; the checks go on without it. */
  constructor(onFault: (cause: unknown) => void) {
    this.#threads = new BatchThreads({
      script: new URL('./signature-worker.ts', import.meta.url),
      onFailed: (what) => onFault(new SignatureThreadError(what)),
    })
  }

  /** Whether a PEM made a signature over a text. */
  async isSignedBy(pem: string, text: string, signature: string): Promise<boolean> {
    // A lone request spares itself the way to the thread and back.
    const answer = this.#running > 1 ? this.#threads.ask([pem, text, signature]) : undefined
    return (await answer) ?? isSignedBy(pem, text, signature)
  }

  /** Answers a request; while several are answered, their signatures are checked on the thread. */
  async during<T>(answer: () => Promise<T>): Promise<T> {
    this.#running += 1
    try {
      return await answer()
    } finally {
      this.#running -= 1
    }
  }

  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]()
  }
}
