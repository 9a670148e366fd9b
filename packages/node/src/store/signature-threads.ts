import { availableParallelism } from 'node:os'
import { BatchThreads } from './batch-threads.ts'
import { SignatureCheck } from './signature-check.ts'
import type { SignatureRequest } from './signature-worker.ts'

/** More threads than this would wait for the one that hands out the work. */
const THREADS_MAX = 8

/** A thread that checks or makes signatures ended by itself: it lacked memory, or a belief of ours is false. */
export class SignatureThreadError extends Error {
  constructor(what: string) {
    super(`a thread that works on signatures ended: ${what}`)
  }
}

/** Checks the signatures of many txs at a time. Until a thread is there, the caller's checks. */
export class SignatureThreads implements Disposable {
  readonly #near = new SignatureCheck()
  readonly #threads: BatchThreads<SignatureRequest, boolean>

  /** `spare`: processors that are left to others, of those that the machine has. */
  constructor({ spare }: { readonly spare: number }, onFailed: (cause: unknown) => void) {
    this.#threads = new BatchThreads({
      script: new URL('./signature-worker.ts', import.meta.url),
      count: Math.min(Math.max(availableParallelism() - spare, 1), THREADS_MAX),
      onFailed: (what) => onFailed(new SignatureThreadError(what)),
    })
  }

  /** Whether a compact JWS is signed by a key, found out on this thread: the quickest way for a lone one. */
  isSignedNow(x: string, jws: string): boolean {
    return this.#near.isSignedJws(x, jws)
  }

  /** Whether a compact JWS is signed by a key (`x` of a JWK); undefined when that cannot be known any more. */
  isSigned(x: string, jws: string): boolean | Promise<boolean | undefined> {
    return this.#threads.ask([x, jws]) ?? this.isSignedNow(x, jws)
  }

  /** Begins the threads, and waits until one of them is there, or none will be. */
  begin(): Promise<void> {
    return this.#threads.begin()
  }

  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]()
  }
}
