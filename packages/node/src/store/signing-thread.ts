import type { KeyObject } from 'node:crypto'
import type { Kid } from '@fedow/ledger'
import { BatchThreads } from './batch-threads.ts'
import type { SigningKey } from './key-file.ts'
import { SignatureThreadError } from './signature-threads.ts'
import type { SigningRequest } from './signing-worker.ts'

/** A key with a thread of its own: it signs there while the thread of the caller has other work. */
export class SigningThread implements Disposable {
  readonly #near: SigningKey
  readonly #threads: BatchThreads<SigningRequest, string>

  constructor(near: SigningKey, secret: KeyObject, onFailed: (cause: unknown) => void) {
    this.#near = near
    this.#threads = new BatchThreads({
      script: new URL('./signing-worker.ts', import.meta.url),
      workerData: secret,
      onFailed: (what) => onFailed(new SignatureThreadError(what)),
    })
  }

  get kid(): Kid {
    return this.#near.kid
  }

  /** Signs ASCII text here and now: the quickest way for a lone one. Answers base64url. */
  sign(text: string): string {
    return this.#near.sign(text)
  }

  /** Signs ASCII text on the thread, or here when it is not there. Answers base64url. */
  async signSoon(text: string): Promise<string> {
    return (await this.#threads.ask(text)) ?? this.sign(text)
  }

  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]()
  }
}
