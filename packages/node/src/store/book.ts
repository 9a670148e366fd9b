/**
 * The book of a data folder: the log, and the state that follows from it.
 *
 * Opening recovers: records are complete up to a checkpoint, and the log is replayed from there by the rules that
 * wrote it. A log that does not give the same lines again is refused.
 */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import {
  applyGenesis,
  Block,
  beginBlock,
  endBlock,
  genesisTxId,
  type SignedGenesis,
  type SystemEntry,
} from '@fedow/ledger'
import { BOOK_MIGRATIONS } from './book-migrations.ts'
import { inSqlTransaction, isMissing, openDatabase, toOpeningError } from './database.ts'
import { sha256 } from './hash.ts'
import { LogWriter } from './log-writer.ts'
import { Names, Signers } from './names.ts'
import { BookMismatch, Replay } from './replay.ts'
import { SqliteBookReader } from './sqlite-book-reader.ts'
import { SqliteState } from './sqlite-state.ts'

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

/** The log and the rules disagree, or the book is of another chain. */
export class BookMismatchError extends Error {
  constructor(path: string, what: string) {
    super(
      `${path} does not follow from its own log: ${what}. Nothing was changed. Run fedow audit on the folder, and restore it from a backup.`,
    )
  }
}

export class Book implements Disposable {
  readonly genesis: SignedGenesis
  readonly state: SqliteState
  readonly log: LogWriter
  readonly reader: SqliteBookReader
  readonly #db: DatabaseSync
  #interrupted: Block | undefined
  #height = 0
  #timeMs: number

  constructor({ folder, genesis, isNew = false, synchronous }: BookOptions) {
    const path = join(folder, BOOK_FILE)
    if (!isNew && isMissing(path)) throw new MissingBookError(path)
    this.genesis = genesis
    this.#timeMs = genesis.genesis.timeMs
    this.#db = openDatabase({
      path,
      migrations: BOOK_MIGRATIONS,
      ...(synchronous && { synchronous }),
    })
    try {
      const names = new Names(this.#db)
      const signers = new Signers(this.#db)
      this.state = new SqliteState(this.#db)
      this.log = new LogWriter(this.#db, names, signers)
      const { chain } = genesis
      const numbers = { names, signers, hash: sha256 }
      const parts = { db: this.#db, state: this.state, chain, ...numbers }
      this.reader = new SqliteBookReader({ ...parts, genesis: genesis.genesis })
      this.#assertChain(path)
      if (isNew && this.state.checkpoint < 0) this.#found()
      this.#recover(new Replay(this.#db, numbers, this.state))
    } catch (cause) {
      this.#db.close()
      if (cause instanceof BookMismatch) {
        throw new BookMismatchError(path, `block ${cause.height}, ${cause.what}`)
      }
      throw toOpeningError(path, cause)
    }
  }

  #assertChain(path: string): void {
    const row = this.#db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
    if (row === undefined || row['value'] === this.genesis.jws) return
    throw new BookMismatchError(path, 'its genesis is not the one of this folder')
  }

  /** Writes the genesis: block 0, its lines, the first records, in one SQL transaction. */
  #found(): void {
    const { genesis, chain, jws, json, kid, signature } = this.genesis
    const { timeMs } = genesis
    const block = new Block({ chain, height: 0, timeMs }, sha256)
    const index = block.append(new TextEncoder().encode(jws))
    inSqlTransaction(this.#db, () => {
      const lines = applyGenesis(this.state, sha256, this.genesis)
      this.#db.prepare(`INSERT INTO mark VALUES ('genesis', ?)`).run(jws)
      this.log.openBlock(block)
      const outcome = { status: 'applied', height: 0, index, timeUs: block.timeUs, lines } as const
      this.log.append({ id: genesisTxId(sha256, chain), kid, json, signature, outcome })
      this.log.closeBlock(block, endBlock(this.state, block))
      this.state.writeAll(0)
    })
  }

  #recover(replay: Replay): void {
    const { chain } = this.genesis
    const { checkpoint } = this.state
    if (!replay.isClosed(checkpoint)) {
      throw new BookMismatch(checkpoint, 'its records are there, and not its list')
    }
    for (const height of replay.heights(checkpoint)) {
      const { block, isOpen } = replay.block(chain, height)
      this.#interrupted = isOpen ? block : undefined
    }
    const tip = this.reader.tip()
    this.#height = tip.height
    this.#timeMs = tip.timeMs
  }

  /** The block that a crash left open, to be closed first. */
  get interrupted(): Block | undefined {
    return this.#interrupted
  }

  /** Time of the last block, in milliseconds: no later block has an earlier one. */
  get timeMs(): number {
    return this.#timeMs
  }

  /** One SQL transaction with its fsync. When it throws, the truth is on disk only: stop and open again. */
  commit<T>(work: () => T): T {
    return inSqlTransaction(this.#db, work)
  }

  /** Opens the next block, and executes what is due. Inside `commit`. */
  openBlock(timeMs: number): { readonly block: Block; readonly system: readonly SystemEntry[] } {
    this.#height += 1
    this.#timeMs = timeMs
    const { chain } = this.genesis
    const block = new Block({ chain, height: this.#height, timeMs }, sha256)
    this.log.openBlock(block)
    const system = beginBlock(this.state, block)
    for (const { id, json, outcome } of system) {
      this.log.append({ id, kid: null, json, signature: null, outcome })
    }
    return { block, system }
  }

  /** Fixes the list of a block. Inside `commit`. */
  closeBlock(block: Block): void {
    this.log.closeBlock(block, endBlock(this.state, block))
    this.state.freeze(block.height)
    this.#interrupted = undefined
  }

  /** Writes every record, then closes the file. Every block must be closed. */
  stop(): void {
    if (this.state.checkpoint < this.#height) this.commit(() => this.state.writeAll(this.#height))
    this[Symbol.dispose]()
  }

  /** Closes the file as it is. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close()
  }
}

/** The genesis that the book of a folder was founded with, if there is one. */
export function genesisInBook(folder: string): string | undefined {
  const path = join(folder, BOOK_FILE)
  if (isMissing(path)) return undefined
  using db = openDatabase({ path, migrations: BOOK_MIGRATIONS })
  const row = db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
  return row?.['value'] as string | undefined
}
