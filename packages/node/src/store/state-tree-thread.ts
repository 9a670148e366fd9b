import { Worker } from 'node:worker_threads'
import type { StateProof } from '@fedow/ledger'
import type { TreeAnswer, TreeRecords, TreeRequest, TreeStart } from './state-tree-worker.ts'

/** The thread of the state tree ended by itself: it lacked memory, or a belief of ours is false. */
export class StateTreeError extends Error {
  constructor(what: string) {
    super(`the thread that hashes the records ended: ${what}`)
  }
}

/** The thread of the state tree, as the book's thread sees it. */
export class StateTreeThread implements Disposable {
  readonly #worker: Worker
  readonly #proofs = new Map<number, (proof: StateProof | undefined) => void>()
  readonly #roots = new Map<number, (root: Uint8Array) => void>()
  /** The records on disk. Stays without answer when the thread fails. */
  readonly ready: Promise<TreeRecords>
  #asked = 0
  #isOver = false

  constructor(start: TreeStart, onFailed: (cause: unknown) => void) {
    const { promise, resolve } = Promise.withResolvers<TreeRecords>()
    this.ready = promise
    this.#worker = new Worker(new URL('./state-tree-worker.ts', import.meta.url), {
      workerData: start,
      // Its nodes are in typed arrays: what it throws away is small and short-lived.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      // It prints nothing; and tying its output to this process's would change how that is written.
      stdout: true,
      stderr: true,
    })
    this.#worker.on('message', (answer: TreeAnswer) => {
      // What was on its way when the book closed comes too late.
      if (this.#isOver) return
      if (answer.kind === 'ready') resolve(answer)
      else if (answer.kind === 'sealed') this.#answerRoot(answer)
      else this.#answerProof(answer)
    })
    const fail = (what: string) => {
      if (!this.#isOver) onFailed(new StateTreeError(what))
      this.#end()
    }
    this.#worker.on('error', (cause) => fail(cause instanceof Error ? cause.message : 'unknown'))
    this.#worker.on('exit', (code) => fail(`code ${code}`))
  }

  /** Tells of records in the order of their writing: key, then canonical JSON or null when it is gone. */
  tell(records: readonly (string | null)[]): void {
    if (records.length > 0) this.#post({ kind: 'records', records })
  }

  /** The state root of what was told so far. */
  seal(height: number): Promise<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>()
    this.#roots.set(height, resolve)
    this.#post({ kind: 'seal', height })
    return promise
  }

  /** The proof of a record, or of its absence, at a recent height; undefined when that is too long ago. */
  prove(height: number, key: string): Promise<StateProof | undefined> {
    const { promise, resolve } = Promise.withResolvers<StateProof | undefined>()
    if (this.#isOver) resolve(undefined)
    this.#asked += 1
    this.#proofs.set(this.#asked, resolve)
    this.#post({ kind: 'prove', number: this.#asked, height, key })
    return promise
  }

  #post(request: TreeRequest): void {
    this.#worker.postMessage(request)
  }

  #answerRoot({ height, root }: Extract<TreeAnswer, { kind: 'sealed' }>): void {
    this.#roots.get(height)?.(root)
    this.#roots.delete(height)
  }

  #answerProof({ number, proof }: Extract<TreeAnswer, { kind: 'proof' }>): void {
    this.#proofs.get(number)?.(proof)
    this.#proofs.delete(number)
  }

  /** Whoever waits for a proof learns that there is none; no root is answered any more. */
  #end(): void {
    this.#isOver = true
    for (const resolve of this.#proofs.values()) resolve(undefined)
    this.#proofs.clear()
  }

  [Symbol.dispose](): void {
    this.#end()
    void this.#worker.terminate()
  }
}
