/**
 * Has one witness co-sign the newest checkpoint of this node, again and again: one request at a time, spaced, later and
 * later while there is a problem. Payments never wait for it.
 *
 *   newest block sealed -> proof from what the witness has seen -> co-signed and kept -> pause
 *                            ^ the witness names another size: once more from there
 */
import { setTimeout as wait } from 'node:timers/promises'
import { proveConsistency } from '@fedow/ledger'
import type { BookReader, SealedBlock } from '../store/book-reader.ts'
import type { Witness, WitnessProblem, WitnessStore } from '../store/witness-store.ts'
import { type Asked, type AskMeans, askWitness } from './ask-witness.ts'

/** How long is waited: after an answer, and after a problem, twice as long each time. */
export interface Pace {
  readonly spacingMs: number
  readonly retryMs: number
  readonly retryMaxMs: number
}

export const PACE_USUAL: Pace = { spacingMs: 1_000, retryMs: 2_000, retryMaxMs: 300_000 }

export interface AskerParts {
  readonly store: WitnessStore
  readonly book: Pick<BookReader, 'lastSealed' | 'tiles' | 'durable'>
  /** The checkpoint of a block, signed by this node. */
  readonly noteOf: (block: SealedBlock) => string
  readonly means: Omit<AskMeans, 'stop'>
  readonly pace: Pace
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  /** Something in this node itself failed, such as its disk: told, and tried again later. */
  readonly onFault: (cause: unknown) => void
}

export class Asker implements AsyncDisposable {
  readonly #parts: AskerParts
  readonly #witness: Witness
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>
  /** Leaves that the witness is known to have seen. */
  #seen: number
  /** The newest block that it co-signed since the start: a book may have changed while its node stood still. */
  #height = -1
  #problems = 0
  #wake: (() => void) | undefined

  constructor(parts: AskerParts, witness: Witness) {
    this.#parts = parts
    this.#witness = witness
    this.#seen = witness.size
    this.#ended = this.#run()
  }

  /** Another block is sealed. */
  sealed(): void {
    this.#wake?.()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const block = this.#parts.book.lastSealed()
      if (block === undefined || block.height <= this.#height) await this.#nextBlock()
      else {
        await this.#tryAsking(block)
        await this.#pause()
      }
    }
  }

  #nextBlock(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake
    })
  }

  async #pause(): Promise<void> {
    const { spacingMs, retryMs, retryMaxMs } = this.#parts.pace
    const delay =
      this.#problems === 0 ? spacingMs : Math.min(retryMs * 2 ** (this.#problems - 1), retryMaxMs)
    // Ends early, and without a word, when the node stops.
    await wait(delay, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined)
  }

  async #tryAsking(block: SealedBlock): Promise<void> {
    try {
      await this.#ask(block)
    } catch (cause) {
      this.#problems += 1
      this.#parts.onFault(cause)
    }
  }

  /** Asks for a block, and once more when the witness has seen another size than this node knew. */
  async #ask(block: SealedBlock): Promise<void> {
    // A witness remembers for ever: it sees nothing that a power cut could take back.
    await this.#parts.book.durable()
    const first = await this.#submit(block, Math.min(this.#seen, block.size))
    if (first.kind !== 'seen' || first.size > block.size) return this.#settle(block, first)
    this.#settle(block, await this.#submit(block, first.size))
  }

  async #submit(block: SealedBlock, old: number): Promise<Asked> {
    const { means, book, noteOf } = this.#parts
    const { size } = block
    const proof = proveConsistency(means.hash, book.tiles, { from: old, to: size })
    const submission = { old, proof, note: noteOf(block) }
    const { url, key } = this.#witness
    return await askWitness({ ...means, stop: this.#stop.signal }, { url, key, submission, size })
  }

  #settle({ height, size }: SealedBlock, asked: Asked): void {
    if (this.#stop.signal.aborted) return
    const { store, now } = this.#parts
    const { number } = this.#witness
    if (asked.kind === 'cosigned') {
      const { timeS, signature } = asked
      store.keep(number, { height, size, timeS, signature }, now())
      this.#seen = size
      this.#height = height
      this.#problems = 0
      return
    }
    store.fail(number, toProblem(asked, size), now())
    this.#problems += 1
  }

  /** Ends when nothing of it is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake?.()
    await this.#ended
  }
}

/** A size that this book does not have, or one that changes from one answer to the next. */
function toProblem(asked: Exclude<Asked, { kind: 'cosigned' }>, ours: number): WitnessProblem {
  if (asked.kind === 'problem') return asked.problem
  const { size } = asked
  if (size > ours) return { code: 'ahead', size, ours }
  return { code: 'odd_answer', status: 409, why: `it has seen ${size}, and something else before` }
}
