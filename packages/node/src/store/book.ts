/**
 * The book of a data folder: the log, and the state that follows from it.
 *
 * Opening recovers: records are complete up to the last seal, and the log is replayed from there by the rules that
 * wrote it. A log that does not give the same lines again is refused.
 */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import {
  applyGenesis,
  assert,
  Block,
  beginBlock,
  type Decided,
  endBlock,
  genesisTxId,
  hashLeaf,
  historyLeaf,
  MemoryState,
  type SignedGenesis,
  type StateProof,
  type SystemEntry,
} from '@fedow/ledger'
import { BOOK_MIGRATIONS } from './book-migrations.ts'
import { inSqlTransaction, isMissing, openDatabase, toOpeningError } from './database.ts'
import { FOLD_AT_LAST_PAGES, FoldThread } from './fold-thread.ts'
import { sha256 } from './hash.ts'
import { type Entry, LogWriter } from './log-writer.ts'
import { Names, Signers } from './names.ts'
import { BookMismatch, Replay } from './replay.ts'
import type { Numbers } from './rows.ts'
import { faultOfSeal } from './seal-check.ts'
import { Sealing, type SealingStart } from './sealing.ts'
import { SqliteBookReader } from './sqlite-book-reader.ts'
import { SqliteState } from './sqlite-state.ts'
import { TileStore } from './tile-store.ts'
import { WalSync } from './wal-sync.ts'

export const BOOK_FILE = 'ledger.db'

export interface BookOptions {
  readonly folder: string
  /** The genesis of the folder: a book of another chain is refused. */
  readonly genesis: SignedGenesis
  /** True to write the genesis into an empty file. An empty file is refused otherwise: its book was lost. */
  readonly isNew?: boolean | undefined
  readonly synchronous?: 'FULL' | 'OFF' | undefined
}

/** The folder has a genesis, and no book. */
export class MissingBookError extends Error {
  constructor(path: string) {
    super(
      `${path} is missing or empty, so the book of this folder is lost. Nothing was changed. Restore the folder from a backup.`,
    )
  }
}

const AT_START = 'Nothing was changed.'
const WHILE_RUNNING =
  'Something else than Fedow changed the file, or the disk lost a part of it. Nothing is sealed over it. Payments answered since the last start are in the log, and may have been decided on wrong balances.'

/** The log and the rules or seals disagree, or the book is of another chain. */
export class BookMismatchError extends Error {
  constructor(path: string, what: string, meaning = AT_START) {
    super(
      `${path} does not follow from its own log: ${what}. ${meaning} Run fedow audit on the folder, and restore it from a backup.`,
    )
  }
}

export class Book implements Disposable {
  readonly genesis: SignedGenesis
  readonly state: SqliteState
  readonly log: LogWriter
  readonly reader: SqliteBookReader
  readonly #path: string
  readonly #db: DatabaseSync
  readonly #sealing: Sealing
  readonly #folding: FoldThread
  readonly #sync: WalSync
  /** Leaf hashes of the running block. */
  #leaves: Uint8Array[] = []
  #interrupted: Block | undefined
  #height = 0
  #timeMs: number

  constructor({ folder, genesis, isNew = false, synchronous }: BookOptions) {
    const path = join(folder, BOOK_FILE)
    if (!isNew && isMissing(path)) throw new MissingBookError(path)
    this.#path = path
    this.genesis = genesis
    this.#timeMs = genesis.genesis.timeMs
    this.#db = openDatabase({
      path,
      migrations: BOOK_MIGRATIONS,
      ...(synchronous && { synchronous }),
    })
    this.#folding = new FoldThread(path)
    this.#sync = new WalSync(path, synchronous)
    try {
      this.#db.exec(`PRAGMA wal_autocheckpoint=${FOLD_AT_LAST_PAGES}`)
      const names = new Names(this.#db)
      const signers = new Signers(this.#db)
      this.state = new SqliteState(this.#db)
      this.log = new LogWriter(this.#db, names, signers)
      const { chain } = genesis
      const numbers = { names, signers, hash: sha256 }
      const tiles = new TileStore(this.#db)
      const parts = { db: this.#db, state: this.state, chain, tiles }
      const log = { log: this.log, sync: this.#sync }
      this.reader = new SqliteBookReader({ ...parts, ...numbers, ...log, genesis: genesis.genesis })
      this.#sealing = new Sealing({ ...parts, path })
      this.#assertChain(path)
      if (isNew && this.log.txs === 0) this.#found()
      this.#recover(numbers)
      if (synchronous !== 'OFF') this.#db.exec('PRAGMA synchronous=NORMAL')
      // A process that was killed has perhaps left commits that are not on disk yet.
      if (!isMissing(`${path}-wal`)) this.commit(() => {})
    } catch (cause) {
      this.#db.close()
      throw toBookError(path, cause)
    }
  }

  #assertChain(path: string): void {
    const row = this.#db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
    if (row === undefined || row['value'] === this.genesis.jws) return
    throw new BookMismatchError(path, 'its genesis is not the one of this folder')
  }

  /** Writes the genesis as block 0, in one SQL transaction. The recovery decides it again, as any other block. */
  #found(): void {
    const { genesis, chain, jws, json, kid, signature } = this.genesis
    const { timeMs } = genesis
    const state = new MemoryState()
    const block = new Block({ chain, height: 0, timeMs }, sha256)
    const index = block.append(jws)
    inSqlTransaction(this.#db, () => {
      const lines = applyGenesis(state, sha256, this.genesis)
      this.#db.prepare(`INSERT INTO mark VALUES ('genesis', ?)`).run(jws)
      this.log.openBlock(block)
      const outcome = { status: 'applied', height: 0, index, timeUs: block.timeUs, lines } as const
      const id = genesisTxId(sha256, chain)
      this.log.append({ id, kid, json, signature, bytes: jws, outcome })
      this.log.closeBlock(block, endBlock(state, block))
    })
  }

  #recover(numbers: Numbers): void {
    const { sealedHeight } = this.state
    const replay = new Replay({
      db: this.#db,
      numbers,
      state: this.state,
      onDecided: (decided) => this.#addLeaf(decided),
    })
    if (sealedHeight < 0) this.#closed(replay.genesis(this.genesis))
    else if (!replay.isClosed(sealedHeight)) {
      throw new BookMismatch(sealedHeight, 'it is sealed, and its list is not fixed')
    }
    this.#checkLastSeal()
    for (const height of replay.heights(Math.max(sealedHeight, 0))) {
      const { block, isOpen } = replay.block(this.genesis.chain, height)
      if (isOpen) this.#interrupted = block
      else this.#closed(block)
    }
    this.state.relieve()
    const tip = this.reader.tip()
    this.#height = tip.height
    this.#timeMs = tip.timeMs
  }

  /** The next seal builds on the last one. */
  #checkLastSeal(): void {
    const last = this.reader.lastSealed()
    const { chain, genesis } = this.genesis
    if (last === undefined) return
    const fault = faultOfSeal(last, { chain, key: genesis.checkpoint })
    if (fault !== undefined) throw new BookMismatch(last.height, fault)
  }

  /** A block is closed in the log: what it changed waits for its seal. */
  #closed(block: Block): void {
    const { height, timeUs } = block
    this.state.closeBlock(height)
    this.#sealing.add({ height, timeUs, txs: block.txsRoot(), leaves: this.#leaves })
    this.#leaves = []
  }

  #addLeaf(decided: Decided): void {
    this.#leaves.push(hashLeaf(sha256, historyLeaf(sha256, decided)))
  }

  /** The block that a crash left open, to be closed first. */
  get interrupted(): Block | undefined {
    return this.#interrupted
  }

  /** Time of the last block, in milliseconds: no later block has an earlier one. */
  get timeMs(): number {
    return this.#timeMs
  }

  /**
   * One SQL transaction, whole after a crash, and durable once `durable` says so: nobody outside may be told of it
   * before. When it throws, the truth is on disk only: stop and open again.
   */
  write<T>(work: () => T): T {
    const result = inSqlTransaction(this.#db, work)
    this.#sync.written()
    this.#folding.committed()
    return result
  }

  /** Resolves when everything that is written by now is durable. When it rejects: stop and open again. */
  durable(): Promise<void> {
    return this.#sync.durable()
  }

  /** `write`, durable when it returns: this thread waits for the disk. */
  commit<T>(work: () => T): T {
    const result = this.write(work)
    this.durableNow()
    return result
  }

  /** Makes durable what is written, holding up this thread. When it throws: stop and open again. */
  durableNow(): void {
    this.#sync.durableNow()
  }

  /** Opens the next block, and executes what is due. Inside `write`. */
  openBlock(timeMs: number): { readonly block: Block; readonly system: readonly SystemEntry[] } {
    this.#height += 1
    this.#timeMs = timeMs
    const { chain } = this.genesis
    const block = new Block({ chain, height: this.#height, timeMs }, sha256)
    this.log.openBlock(block)
    const system = beginBlock(this.state, block)
    for (const entry of system) this.appendSystem(entry)
    return { block, system }
  }

  /** Appends what happened by itself. Inside `write`. */
  appendSystem({ id, json, outcome }: SystemEntry): void {
    this.append({ id, kid: null, json, signature: null, bytes: json, outcome })
  }

  /** Appends what was decided to the running block. Inside `write`. */
  append(entry: Entry): void {
    this.log.append(entry)
    this.#addLeaf(entry)
  }

  /** Fixes the list of a block. Inside `write`. */
  closeBlock(block: Block): void {
    this.log.closeBlock(block, endBlock(this.state, block))
    this.#closed(block)
    this.#interrupted = undefined
  }

  /** Begins to seal closed blocks. Until then they wait. */
  beginSealing(start: SealingStart): void {
    const isOurs = start.key.x === this.genesis.genesis.checkpoint
    assert(isOurs, 'checkpoints are signed by the key that the genesis names')
    const onFailed = (cause: unknown) => {
      start.onFailed(toBookError(this.#path, cause, WHILE_RUNNING))
    }
    this.#sealing.begin({ ...start, onFailed })
  }

  /** True when `seal` would write something. */
  get isSealDue(): boolean {
    return this.#sealing.isDue
  }

  /** Writes the next slice of records, or the next seal. Inside `write`. Answers the height that it sealed. */
  seal(count?: number): number | undefined {
    return this.#sealing.step(count)
  }

  /**
   * Seals all that is owed, step by step, for a stop in good order; `step` writes and answers false to end. What is
   * still owed after `withinMs`, because the book is large and its tree not there yet, the next start seals.
   */
  async sealOwed(step: () => boolean, withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    const until = performance.now() + withinMs
    const isLate = Number.isFinite(withinMs) ? [wait(withinMs, undefined, { ref: false })] : []
    const isOwed = () => this.#sealing.owed > 0 && !this.#sealing.isFailed
    while (isOwed() && performance.now() < until) {
      if (!this.#sealing.isDue) await Promise.race([this.#sealing.progress(), ...isLate])
      else if (!step()) return
    }
  }

  /** The proof of a record, or of its absence, at a recent sealed height. */
  prove(height: number, key: string): Promise<StateProof | undefined> {
    return this.#sealing.prove(height, key)
  }

  /** Closes the file as it is. */
  [Symbol.dispose](): void {
    this.#sealing[Symbol.dispose]()
    this.#folding[Symbol.dispose]()
    if (this.#db.isOpen) this.#db.close()
    this.#sync[Symbol.dispose]()
  }
}

/** What ails a book, in the words of a person. */
function toBookError(path: string, cause: unknown, meaning?: string): unknown {
  if (cause instanceof BookMismatch) {
    return new BookMismatchError(path, `block ${cause.height}, ${cause.what}`, meaning)
  }
  if ((cause as { code?: unknown } | null)?.code === 'ERR_OUT_OF_RANGE') {
    return new BookMismatchError(path, 'it holds a number that no book has', meaning)
  }
  return toOpeningError(path, cause)
}

/** The genesis that the book of a folder was founded with, if there is one. */
export function genesisInBook(folder: string): string | undefined {
  const path = join(folder, BOOK_FILE)
  if (isMissing(path)) return undefined
  using db = openDatabase({ path, migrations: BOOK_MIGRATIONS })
  const row = db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
  return row?.['value'] as string | undefined
}
