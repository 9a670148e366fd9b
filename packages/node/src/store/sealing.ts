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
  blockHash,
  type ChainId,
  encodeCheckpoint,
  fromBase64url,
  fromHex,
  type Hex32,
  HistoryTree,
  hashLeaf,
  NO_PARENT,
  type StateProof,
  toHex,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import type { SigningKey } from './key-file.ts'
import { BookMismatch } from './replay.ts'
import type { SqliteState } from './sqlite-state.ts'
import { StateTreeThread } from './state-tree-thread.ts'
import type { TreeRecords } from './state-tree-worker.ts'
import type { TileStore } from './tile-store.ts'

/** A block whose list is fixed, as its seal needs it. */
export interface Unsealed {
  readonly height: number
  readonly timeUs: number
  readonly txs: Hex32
  /** Hashes of the history leaves of its txs and system entries, in order. */
  readonly leaves: readonly Uint8Array[]
}

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

interface LastSeal {
  readonly height: number
  readonly size: number
  readonly state: Uint8Array
  readonly history: Uint8Array
  readonly hash: Uint8Array
}

export class Sealing implements Disposable {
  readonly #parts: SealingParts
  readonly #history: HistoryTree
  readonly #insert: StatementSync
  readonly #unsealed: Unsealed[] = []
  #parent: Hex32
  /** The hash of the last block with leaves: it is the last leaf of the next one. */
  #worked: Uint8Array | undefined
  #start: SealingStart | undefined
  #thread: StateTreeThread | undefined
  #isFailed = false
  #asked = -1
  #root: Uint8Array | undefined
  #waiting: (() => void)[] = []

  constructor(parts: SealingParts) {
    const { db, tiles } = parts
    this.#parts = parts
    this.#insert = db.prepare('INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?)')
    const last = lastSeal(db)
    this.#history = openHistory(tiles, last)
    this.#parent = last === undefined ? NO_PARENT : (toHex(last.hash) as Hex32)
    this.#worked = lastWorked(db)
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
    const { db, state } = this.#parts
    const { sealedHeight: height } = state
    const last = lastSeal(db)?.state
    if (last === undefined ? root !== undefined : root === undefined || !isSame(root, last)) {
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
    return this.#parts.state.isWriting || this.#root !== undefined
  }

  /** Writes the next slice of records, or the next seal. Inside the caller's SQL transaction. Answers what it sealed. */
  step(count?: number): number | undefined {
    if (this.#start === undefined) return undefined
    const { state } = this.#parts
    const records: (string | null)[] = []
    state.writeSlice((key, json) => records.push(key, json), count)
    this.#thread?.tell(records)
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

  #seal(block: Unsealed, state: Uint8Array): number {
    const { height, timeUs, txs, leaves } = block
    const { chain, tiles } = this.#parts
    for (const leaf of leaves) this.#history.append(leaf)
    if (leaves.length > 0 && this.#worked !== undefined) {
      this.#history.append(hashLeaf(sha256, this.#worked))
    }
    const size = this.#history.size
    const root = this.#history.root()
    const roots = { txs, state: toHex(state) as Hex32, history: toHex(root) as Hex32 }
    const hash = blockHash(sha256, { chain, height, timeUs, parent: this.#parent, ...roots })
    const bytes = fromHex(hash) as Uint8Array
    const text = encodeCheckpoint({ chain, size, root, state, height, block: bytes })
    const signature = fromBase64url(this.#start?.key.sign(text) ?? '') as Uint8Array
    this.#insert.run(BigInt(height), BigInt(size), state, root, bytes, signature)
    tiles.write(this.#history.takeChanged())
    this.#parts.state.seal(height)
    this.#parent = hash
    if (leaves.length > 0) this.#worked = bytes
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

function lastSeal(db: DatabaseSync): LastSeal | undefined {
  const row = db.prepare('SELECT * FROM seal ORDER BY height DESC LIMIT 1').get()
  return row as unknown as LastSeal | undefined
}

/** The history as its tiles have it. Throws BookMismatch when that is not what the last seal says. */
function openHistory(tiles: TileStore, last: LastSeal | undefined): HistoryTree {
  if (last === undefined) return new HistoryTree(sha256)
  let history: HistoryTree | undefined
  try {
    history = new HistoryTree(sha256, { size: last.size, tiles })
  } catch (cause) {
    // A tile that is missing breaks a belief of the tree.
    if (!(cause instanceof Error) || 'errcode' in cause) throw cause
  }
  if (history !== undefined && isSame(history.root(), last.history)) return history
  throw new BookMismatch(last.height, 'the tiles of its history do not give its history root')
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return toHex(a) === toHex(b)
}

function lastWorked(db: DatabaseSync): Uint8Array | undefined {
  const sql = 'SELECT hash FROM seal WHERE size = (SELECT max(size) FROM seal) ORDER BY height'
  return db.prepare(`${sql} LIMIT 1`).get()?.['hash'] as Uint8Array | undefined
}
