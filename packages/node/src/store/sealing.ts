/**
 * Seals closed blocks, oldest first: writes the records that a block changed, asks the state tree for its root, adds the
 * block's leaves to the history, signs the checkpoint. Every step runs in a SQL transaction of the book's writer, in
 * slices between the payments; a seal and the records that it covers become durable together.
 *
 *   closed -> records written, slice by slice -> state root asked -> root known -> sealed
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  assert,
  type ChainId,
  type Checkpoint,
  encodeCheckpoint,
  fromBase64url,
  HistoryTree,
  isSameBytes,
  SealChain,
  type StateProof,
  type Unsealed,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import type { SigningKey } from './key-file.ts'
import { BookMismatch } from './replay.ts'
import { sealedCheckpoint } from './sealed-checkpoint.ts'
import type { SqliteState } from './sqlite-state.ts'
import { StateTreeThread } from './state-tree-thread.ts'
import type { TreeRecords } from './state-tree-worker.ts'
import type { TileStore } from './tile-store.ts'

export interface SealingParts {
  readonly db: DatabaseSync
  readonly state: SqliteState
  readonly tiles: TileStore
  readonly chain: ChainId
  readonly path: string
}

export interface SealingStart {
  /** Signs checkpoints. */
  readonly key: SigningKey
  /** There is something to write again. */
  readonly onProgress: () => void
  /** The tree ended, or the records on disk are not those of the last seal: nothing more may be written. */
  readonly onFailed: (cause: unknown) => void
}

export class Sealing implements Disposable {
  readonly #parts: SealingParts
  readonly #chain: SealChain
  readonly #insert: StatementSync
  readonly #unsealed: Unsealed[] = []
  #start: SealingStart | undefined
  #thread: StateTreeThread | undefined
  #isFailed = false
  #asked = -1
  #root: Uint8Array | undefined
  #waiting: (() => void)[] = []

  constructor(parts: SealingParts) {
    this.#parts = parts
    this.#insert = parts.db.prepare('INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?)')
    this.#chain = openChain(parts)
  }

  /** Begins to seal. The tree is made from the records on disk meanwhile, and must agree with the last seal. */
  begin(start: SealingStart): void {
    assert(this.#start === undefined, 'sealing begins once')
    const { path, state } = this.#parts
    this.#start = start
    const fail = (cause: unknown) => this.#fail(cause)
    this.#thread = new StateTreeThread({ path, sealedHeight: state.sealedHeight }, fail)
    void this.#thread.ready.then((records) => {
      const mismatch = this.#mismatchOf(records)
      if (mismatch !== undefined) this.#fail(mismatch)
    })
  }

  #mismatchOf({ root, ahead }: TreeRecords): BookMismatch | undefined {
    const { db, state, chain } = this.#parts
    const { sealedHeight: height } = state
    const last = sealedCheckpoint(db, chain)?.state
    if (last === undefined ? root !== undefined : root === undefined || !isSameBytes(root, last)) {
      return new BookMismatch(height, 'its records do not give its state root')
    }
    const stray = state.strayAhead(ahead)
    if (stray === undefined) return undefined
    return new BookMismatch(height, `the record ${stray} is ahead of it, and no block changed it`)
  }

  #fail(cause: unknown): void {
    this.#isFailed = true
    this.#start?.onFailed(cause)
    this.#progressed()
  }

  #progressed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
    this.#start?.onProgress()
  }

  /** Resolves when there may be something to write again. */
  progress(): Promise<void> {
    return new Promise((wake) => this.#waiting.push(wake))
  }

  /** A block closed: it will be sealed after those before it. */
  add(block: Unsealed): void {
    this.#unsealed.push(block)
  }

  /** Closed blocks without a seal. */
  get owed(): number {
    return this.#unsealed.length
  }

  /** True when the tree failed: nothing more will be sealed. */
  get isFailed(): boolean {
    return this.#isFailed
  }

  /** True when a step would write something. */
  get isDue(): boolean {
    if (this.#start === undefined || this.#isFailed) return false
    const { isWriting, isSurveying } = this.#parts.state
    return isWriting || isSurveying || this.#root !== undefined
  }

  /** Writes the next slice of records, or the next seal. Inside the caller's SQL transaction. Answers what it sealed. */
  step(count?: number): number | undefined {
    if (this.#start === undefined) return undefined
    const { state } = this.#parts
    const records: (string | null)[] = []
    state.writeSlice((key, json) => records.push(key, json), count)
    this.#thread?.tell(records)
    if (!state.isWriting && state.isSurveying) state.survey()
    const [block] = this.#unsealed
    if (block === undefined || state.isWriting) return undefined
    if (this.#root !== undefined) return this.#seal(block, this.#root)
    if (this.#asked < block.height) this.#ask(block.height)
    return undefined
  }

  #ask(height: number): void {
    this.#asked = height
    void this.#thread?.seal(height).then((root) => {
      this.#root = root
      this.#progressed()
    })
  }

  #seal(closed: Unsealed, stateRoot: Uint8Array): number {
    const { state: records, tiles } = this.#parts
    const checkpoint = this.#chain.seal(closed, stateRoot)
    const { height, size, root, state, block } = checkpoint
    const text = encodeCheckpoint(checkpoint)
    const signature = fromBase64url(this.#start?.key.sign(text) ?? '') as Uint8Array
    this.#insert.run(BigInt(height), BigInt(size), state, root, block, signature)
    tiles.write(this.#chain.history.takeChanged())
    records.seal(height)
    this.#root = undefined
    this.#unsealed.shift()
    return height
  }

  /** The proof of a record at a recent sealed height. */
  async prove(height: number, key: string): Promise<StateProof | undefined> {
    return await this.#thread?.prove(height, key)
  }

  [Symbol.dispose](): void {
    this.#thread?.[Symbol.dispose]()
  }
}

/** The chain as the file has it. Throws BookMismatch when its tiles are not what the last seal says. */
function openChain({ db, tiles, chain }: SealingParts): SealChain {
  const last = sealedCheckpoint(db, chain)
  if (last === undefined) return new SealChain(sha256, chain)
  const history = openHistory(tiles, last)
  return new SealChain(sha256, chain, { history, parent: last.block, worked: lastWorked(db) })
}

function openHistory(tiles: TileStore, { size, root, height }: Checkpoint): HistoryTree {
  let history: HistoryTree | undefined
  try {
    history = new HistoryTree(sha256, { size, tiles })
  } catch (cause) {
    // A tile that is missing breaks a belief of the tree.
    if (!(cause instanceof Error) || 'errcode' in cause) throw cause
  }
  if (history !== undefined && isSameBytes(history.root(), root)) return history
  throw new BookMismatch(height, 'the tiles of its history do not give its history root')
}

/** The hash of the last block with leaves. There is one: the genesis has a leaf. */
function lastWorked(db: DatabaseSync): Uint8Array {
  const sql = 'SELECT hash FROM seal WHERE size = (SELECT max(size) FROM seal) ORDER BY height'
  return db.prepare(`${sql} LIMIT 1`).get()?.['hash'] as Uint8Array
}
