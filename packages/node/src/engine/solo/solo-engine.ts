/**
 * The embedded engine: one sequencer, one writer, group commit.
 *
 *   submit -> admit -> check signature (threads) -> queue -> batch: decide each on the state, append to the log,
 *   COMMIT -> fsync (thread) -> answers. What arrives meanwhile is the next batch, so its size follows the load
 *   and a lone payment waits for nobody.
 */
import { admit, applyTx, type Block, type SignedTx } from '@fedow/ledger'
import type { Book } from '../../store/book.ts'
import type { SealedBlock } from '../../store/book-reader.ts'
import type { SigningKey } from '../../store/key-file.ts'
import { SignatureThreads } from '../../store/signature-threads.ts'
import type { Engine, RefusalCode, Submission, SubmitOptions } from '../engine.ts'
import { REFUSAL_DETAIL } from '../refusal.ts'
import { Clock, type Clocks, MACHINE_CLOCKS } from './clock.ts'
import { SealedBlocks } from './sealed-blocks.ts'

/** Most txs being checked or waiting; one more is refused with `queue_full`. */
export const QUEUE_MAX = 4_096
/** Most txs of one batch: bounds the time that the thread is busy. */
export const BATCH_MAX = 256
/** A block closes after this time, or this many entries, or this many bytes. */
export const BLOCK_MAX = { ageMs: 1_000, entries: 5_000, bytes: 1_048_576 } as const
/**
 * While more is due than one block may do, it closes sooner: after ten times as long as its opening took, so that most of
 * the time is for those who pay, whatever the machine is; never sooner than this.
 */
export const UNSETTLED = { ageMinMs: 50, share: 10 } as const
/** Longest sleep before looking again at what is due. */
const DUE_SLEEP_MAX_MS = 3_600_000

/** Where the crash tests stop the process. */
export type CrashPoint =
  | 'batch_begun'
  | 'batch_appended'
  | 'batch_committed'
  | 'batch_answered'
  | 'close_begun'
  | 'closed'
  | 'seal_begun'
  | 'sealed'

export interface SoloOptions {
  readonly book: Book
  /** Signs the checkpoints of sealed blocks. */
  readonly checkpointKey: SigningKey
  readonly clocks?: Clocks | undefined
  /** Longest that a stop goes on sealing; as long as it takes when absent. */
  readonly sealWithinMs?: number
  /** Called once when a write failed: what is in memory may not be on disk, so the process must end. */
  readonly onFatal: (cause: unknown) => void
  /** Called at the marked points, for tests. */
  readonly onPoint?: ((point: CrashPoint) => void) | undefined
}

interface Waiting {
  readonly tx: SignedTx
  readonly answer: (submission: Submission) => void
}

export class SoloEngine implements Engine {
  readonly #book: Book
  readonly #clock: Clock
  readonly #signatures: SignatureThreads
  readonly #sealed: SealedBlocks
  readonly #onFatal: (cause: unknown) => void
  readonly #onPoint: (point: CrashPoint) => void
  readonly #sealWithinMs: number | undefined
  #phase: 'running' | 'stopping' | 'failed' = 'running'
  #queue: Waiting[] = []
  /** Txs that have no answer yet. */
  #pending = 0
  #isScheduled = false
  /** A batch is being written, and is not durable yet: the next one waits. */
  #isWriting = false
  #isSealScheduled = false
  /** A seal was written and is not durable yet. */
  #isSealFresh = false
  #block: Block | undefined
  /** How old the running block may become. */
  #ageMaxMs: number = BLOCK_MAX.ageMs
  #closeTimer: NodeJS.Timeout | undefined
  #dueTimer: NodeJS.Timeout | undefined
  #onDrained: (() => void) | undefined

  constructor(options: SoloOptions) {
    const { book, checkpointKey, clocks = MACHINE_CLOCKS, onFatal, onPoint = () => {} } = options
    this.#book = book
    this.#clock = new Clock(clocks)
    this.#sealed = new SealedBlocks(book.reader)
    this.#onFatal = onFatal
    this.#onPoint = onPoint
    this.#sealWithinMs = options.sealWithinMs
    this.#signatures = new SignatureThreads({ spare: 1 }, (cause) => this.#fail(cause))
    this.#block = book.interrupted
    if (this.#block !== undefined) this.#closeBlock()
    book.beginSealing({
      key: checkpointKey,
      onProgress: () => this.#sealBehind(),
      onFailed: (cause) => this.#fail(cause),
    })
    this.#sealBehind()
    this.#watchDue()
  }

  async submit(tx: SignedTx, options?: SubmitOptions): Promise<Submission> {
    if (this.#phase !== 'running') return refused('stopping')
    if (this.#pending >= QUEUE_MAX) return refused('queue_full')
    const key = this.#book.state.get('key', tx.kid)
    if (key === undefined) return refused('unknown_key')
    this.#pending += 1
    try {
      const isSigned = options?.isOwn === true || (await this.#isSigned(tx, key.x))
      if (isSigned !== true) return refused(isSigned === false ? 'bad_signature' : 'stopping')
      return await new Promise((answer) => {
        this.#queue.push({ tx, answer })
        this.#schedule()
      })
    } finally {
      this.#pending -= 1
      if (this.#pending === 0) this.#idle()
    }
  }

  #idle(): void {
    this.#onDrained?.()
    this.#sealBehind()
  }

  #isSigned({ jws }: SignedTx, x: string): boolean | Promise<boolean | undefined> {
    return this.#pending === 1
      ? this.#signatures.isSignedNow(x, jws)
      : this.#signatures.isSigned(x, jws)
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isWriting || this.#queue.length === 0) return
    this.#isScheduled = true
    setImmediate(async () => {
      this.#isScheduled = false
      this.#isWriting = true
      await this.#runBatch()
      this.#isWriting = false
      this.#schedule()
    })
  }

  async #runBatch(): Promise<void> {
    if (this.#isBlockOver()) this.#closeBlock()
    const batch = this.#takeBatch()
    if (this.#phase === 'failed') {
      for (const { answer } of batch) answer(refused('stopping'))
      return
    }
    const submissions = this.#write(() => {
      this.#onPoint('batch_begun')
      const decided = batch.map(({ tx }) => this.#decide(tx))
      this.#sealStep()
      this.#onPoint('batch_appended')
      return decided
    })
    // A lone payment spares itself the way to the thread and back.
    const isDurable = await this.#settle({ isLone: this.#pending === 1 })
    this.#onPoint('batch_committed')
    const answers = isDurable ? submissions : undefined
    for (const [index, { answer }] of batch.entries()) answer(answers?.[index] ?? UNKNOWN)
    this.#onPoint('batch_answered')
    if (this.#isBlockOver()) this.#closeBlock()
  }

  /** What waits, up to the size of a batch and to what the running block still holds; one tx always fits. */
  #takeBatch(): readonly Waiting[] {
    let left = BLOCK_MAX.bytes - (this.#block?.size ?? 0)
    let count = 0
    for (const { tx } of this.#queue) {
      if (count === BATCH_MAX || (count > 0 && left < tx.jws.length)) break
      left -= tx.jws.length
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  /** Decides one tx, or answers what became of its bytes before. Inside the batch's SQL transaction. */
  #decide(tx: SignedTx): Submission {
    const known = this.#book.reader.txOf(tx.kid, tx.payload.id)
    if (known !== undefined) {
      const isSame =
        known.json === tx.json &&
        known.signature !== null &&
        Buffer.compare(known.signature, tx.signature) === 0
      if (!isSame) return refused('id_used')
      return { status: 'decided', outcome: known.outcome, isRepeat: true }
    }
    const now = this.#clock.now()
    if (now === undefined) return refused('clock_jumped')
    const timeMs = this.#block?.timeMs ?? Math.max(now, this.#book.timeMs)
    const { state } = this.#book
    // The block may be a second old: what has expired since is not ordered either.
    if (now >= tx.payload.notAfter) return refused('expired')
    const code = admit(state, tx, { timeMs, isUsed: () => false })
    if (code !== undefined) return refused(code)
    const block = this.#block ?? this.#openBlock(timeMs)
    const { kid, payload, json, signature } = tx
    const { before, outcome } = applyTx(state, block, { kid, payload, bytes: tx.jws })
    if (before !== undefined) this.#book.appendSystem(before)
    this.#book.append({ id: payload.id, kid, json, signature, bytes: tx.jws, outcome })
    return { status: 'decided', outcome, isRepeat: false }
  }

  #openBlock(timeMs: number): Block {
    const start = performance.now()
    const { block } = this.#book.openBlock(timeMs)
    this.#block = block
    this.#ageMaxMs = ageMaxOf(block, performance.now() - start)
    this.#closeTimer = setTimeout(() => this.#closeBlock(), this.#ageMaxMs)
    return block
  }

  /** True when the running block is full, or old by the clock of this engine, which may run ahead of the timer. */
  #isBlockOver(): boolean {
    const block = this.#block
    if (block === undefined) return false
    const isFull = block.length >= BLOCK_MAX.entries || block.size >= BLOCK_MAX.bytes
    return isFull || (this.#clock.now() ?? 0) >= block.timeMs + this.#ageMaxMs
  }

  #closeBlock(): void {
    const block = this.#block
    clearTimeout(this.#closeTimer)
    if (block === undefined || this.#phase === 'failed') return
    this.#onPoint('close_begun')
    const isClosed = this.#write(() => {
      this.#book.closeBlock(block)
      return true
    })
    if (isClosed !== true) return
    void this.#settle()
    this.#block = undefined
    this.#onPoint('closed')
    this.#sealBehind()
    // Between two lots of melts there is time for seals, and for whoever pays.
    this.#watchDue(block.isSettled ? 0 : this.#ageMaxMs)
  }

  /** Writes records of closed blocks, and their seals, while there is nothing else to do; else the batches do. */
  #sealBehind(): void {
    if (this.#isSealScheduled || !this.#book.isSealDue || this.#phase !== 'running') return
    this.#isSealScheduled = true
    setImmediate(() => {
      this.#isSealScheduled = false
      if (this.#pending > 0 || this.#phase !== 'running' || !this.#book.isSealDue) return
      this.#writeSeal()
      this.#sealBehind()
    })
  }

  /** Answers false when the engine failed. */
  #writeSeal(): boolean {
    this.#write(() => this.#sealStep())
    void this.#settle()
    return this.#phase !== 'failed'
  }

  #sealStep(): void {
    if (!this.#book.isSealDue) return
    this.#onPoint('seal_begun')
    if (this.#book.seal() !== undefined) this.#isSealFresh = true
  }

  /** Waits until what is written is durable; then whoever follows the book may see its seals. False: the engine failed. */
  async #settle({ isLone } = { isLone: false }): Promise<boolean> {
    if (this.#phase === 'failed') return false
    const isSealFresh = this.#isSealFresh
    this.#isSealFresh = false
    try {
      if (isLone) this.#book.durableNow()
      else await this.#book.durable()
    } catch (cause) {
      this.#fail(cause)
      return false
    }
    if (isSealFresh) {
      this.#onPoint('sealed')
      this.#sealed.added()
    }
    return true
  }

  /** Opens a block by itself when something is due, but not at once when it was just at it. */
  #watchDue(restMs = 0): void {
    clearTimeout(this.#dueTimer)
    const dueMs = this.#book.state.nextDueMs()
    const now = this.#clock.now()
    if (dueMs === undefined || this.#phase !== 'running') return
    // A clock that jumped may be set right again.
    const waitMs = now === undefined ? DUE_SLEEP_MAX_MS : Math.max(dueMs - now, restMs)
    const sleepMs = Math.min(waitMs, DUE_SLEEP_MAX_MS)
    this.#dueTimer = setTimeout(() => this.#openDue(), sleepMs)
  }

  #openDue(): void {
    const now = this.#clock.now()
    const timeMs = Math.max(now ?? 0, this.#book.timeMs)
    const isDue = (this.#book.state.nextDueMs() ?? Number.POSITIVE_INFINITY) <= timeMs
    if (this.#block === undefined && isDue && now !== undefined) {
      this.#write(() => this.#openBlock(timeMs))
      this.#closeBlock()
    } else if (this.#block === undefined) this.#watchDue()
  }

  /** One SQL transaction, to be settled. After a failure nothing in memory can be trusted: the engine stops for good. */
  #write<T>(work: () => T): T | undefined {
    if (this.#phase === 'failed') return undefined
    try {
      return this.#book.write(work)
    } catch (cause) {
      this.#fail(cause)
      return undefined
    }
  }

  #fail(cause: unknown): void {
    if (this.#phase === 'failed') return
    this.#phase = 'failed'
    clearTimeout(this.#closeTimer)
    clearTimeout(this.#dueTimer)
    this.#sealed.end()
    this.#onFatal(cause)
  }

  blocks(fromHeight: number): AsyncIterable<SealedBlock> {
    return this.#sealed.from(fromHeight)
  }

  async close(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'stopping'
    clearTimeout(this.#dueTimer)
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve
      })
    }
    this.#closeBlock()
    if (this.#phase !== 'failed') {
      await this.#book.sealOwed(() => this.#writeSeal(), this.#sealWithinMs)
      await this.#settle()
    }
    this.#sealed.end()
    this.#signatures[Symbol.dispose]()
    this.#book[Symbol.dispose]()
  }
}

function ageMaxOf({ isSettled }: Block, openingMs: number): number {
  if (isSettled) return BLOCK_MAX.ageMs
  const ageMs = Math.max(UNSETTLED.share * openingMs, UNSETTLED.ageMinMs)
  return Math.min(ageMs, BLOCK_MAX.ageMs)
}

const UNKNOWN: Submission = {
  status: 'unknown',
  detail:
    'The disk failed while this tx was written. Ask again with the same bytes once the node runs again: it was applied once or not at all.',
}

function refused(code: RefusalCode): Submission {
  return { status: 'refused', code, detail: REFUSAL_DETAIL[code] }
}
