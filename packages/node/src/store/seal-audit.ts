/** Checks the seals of a book: roots, headers, signatures of checkpoints, tiles of the history. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Block,
  type ChangedTile,
  type Checkpoint,
  type Decided,
  encode,
  encodeCheckpoint,
  HASH_BYTES,
  hashLeaf,
  historyLeaf,
  isSameBytes,
  MemoryState,
  type RecordKind,
  RecordMap,
  type RecordOf,
  SealChain,
  type SignedGenesis,
  TILE_WIDTH,
  toRecordKey,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import { NearStateTree } from './near-state-tree.ts'
import { BookMismatch } from './replay.ts'
import type { SealRow } from './rows.ts'
import type { SignatureCheck } from './signature-check.ts'
import { lastSealedHeight } from './sqlite-state.ts'
import { StateTreeThread } from './state-tree-thread.ts'
import { TileStore, tileKey } from './tile-store.ts'

/** Seals whose state root is not known yet: the tree may be this far behind. */
const BEHIND_MAX = 64

/** Entries up to which a book is audited before a thread would have begun. */
export const NEAR_MAX = 2_000

/** The state of a replay, which remembers what a block changed. */
export class WatchedState extends MemoryState {
  #changed = new RecordMap<object | null>()

  override put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    super.put(kind, id, record)
    this.#changed.set(kind, id, record)
  }

  override remove(kind: RecordKind, id: string): void {
    super.remove(kind, id)
    this.#changed.set(kind, id, null)
  }

  /** Keys and canonical JSON of what changed since the last call, null for what is gone. */
  takeChanged(): readonly (string | null)[] {
    const changed: (string | null)[] = []
    for (const { kind, id, value } of this.#changed.entries()) {
      changed.push(toRecordKey(kind, id), value === null ? null : encode(value))
    }
    this.#changed = new RecordMap()
    return changed
  }
}

export interface SealAuditParts {
  readonly db: DatabaseSync
  readonly genesis: SignedGenesis
  readonly state: WatchedState
  readonly signatures: SignatureCheck
  /** How many txs and system entries the book has. */
  readonly entries: number
}

export class SealAudit implements Disposable {
  readonly #parts: SealAuditParts
  readonly #tree: StateTreeThread | NearStateTree
  readonly #chain: SealChain
  readonly #seal: StatementSync
  readonly #stored: TileStore
  /** Height of the last seal; -1 when there is none. */
  readonly lastHeight: number
  #leaves: Uint8Array[] = []
  /** The tiles that still fill, by their key: what the file has after the last seal. */
  readonly #edges = new Map<bigint, ChangedTile>()
  #tiles = 0
  #behind = 0
  #problem: BookMismatch | undefined
  #failure: unknown
  #wake: (() => void) | undefined
  /** Checkpoints whose signature was checked. */
  checked = 0

  constructor(parts: SealAuditParts) {
    const { db, entries, genesis } = parts
    this.#parts = parts
    this.#chain = new SealChain(sha256, genesis.chain)
    this.lastHeight = lastSealedHeight(db)
    this.#tree =
      entries > NEAR_MAX
        ? new StateTreeThread({ sealedHeight: -1 }, (cause) => this.#fail(cause))
        : new NearStateTree()
    this.#seal = db.prepare('SELECT * FROM seal WHERE height = ?')
    this.#stored = new TileStore(db)
  }

  /** Something has a leaf in the history. */
  decided(decided: Decided): void {
    this.#leaves.push(hashLeaf(sha256, historyLeaf(sha256, decided)))
  }

  /** A block is replayed and closed: compares its seal, if it has one. */
  async closed(block: Block): Promise<void> {
    if (block.height > this.lastHeight) return
    const seal = this.#seal.get(BigInt(block.height)) as unknown as SealRow | undefined
    if (seal === undefined) throw new BookMismatch(block.height, 'its seal is missing')
    this.#checkRoots(block, seal)
    this.#askState(block.height, seal)
    await this.#settle(BEHIND_MAX)
  }

  /** The history, then the header: with it the hash of the block before, and the txs. The state is looked at later. */
  #checkRoots(block: Block, { size, state, history, hash, signature }: SealRow): void {
    const { height, timeUs } = block
    const closed = { height, timeUs, txs: block.txsRoot(), leaves: this.#leaves }
    this.#leaves = []
    const checkpoint = this.#chain.seal(closed, state)
    if (size !== checkpoint.size || !isSameBytes(history, checkpoint.root)) {
      throw new BookMismatch(height, 'its history root is not that of its leaves')
    }
    this.#checkTiles(height)
    if (!isSameBytes(hash, checkpoint.block)) {
      throw new BookMismatch(height, 'its hash is not that of its header')
    }
    this.#checkSignature(checkpoint, signature)
  }

  #checkTiles(height: number): void {
    for (const tile of this.#chain.history.takeChanged()) {
      const isFull = tile.hashes.length === TILE_WIDTH * HASH_BYTES
      if (isFull) this.#checkTile(height, tile)
      else this.#edges.set(tileKey(tile.level, tile.number), tile)
    }
  }

  #checkTile(height: number, { level, number, hashes }: ChangedTile): void {
    const key = tileKey(level, number)
    const stored = this.#stored.tile(level, number)
    if (stored === undefined || !isSameBytes(stored, hashes)) {
      throw new BookMismatch(height, `tile ${key} of the history is not that of its leaves`)
    }
    this.#edges.delete(key)
    this.#tiles += 1
  }

  #checkSignature(checkpoint: Checkpoint, signature: Uint8Array): void {
    const { height } = checkpoint
    const key = this.#parts.genesis.genesis.checkpoint
    const text = encodeCheckpoint(checkpoint)
    const isValid = this.#parts.signatures.isSigned(key, text, signature)
    if (!isValid) this.#found(height, 'its checkpoint is not signed by the key of the genesis')
    this.checked += 1
  }

  #askState(height: number, seal: SealRow): void {
    this.#behind += 1
    this.#tree.tell(this.#parts.state.takeChanged())
    void this.#tree.seal(height).then((root) => {
      if (!isSameBytes(root, seal.state))
        this.#found(height, 'its state root is not that of its records')
      this.#done()
    })
  }

  #found(height: number, what: string): void {
    if (this.#problem !== undefined && this.#problem.height <= height) return
    this.#problem = new BookMismatch(height, what)
  }

  /** The audit itself cannot go on. */
  #fail(cause: unknown): void {
    this.#failure = cause
    this.#wake?.()
  }

  #done(): void {
    this.#behind -= 1
    this.#wake?.()
  }

  async #settle(most: number): Promise<void> {
    while (this.#behind >= most && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    if (this.#problem !== undefined) throw this.#problem
  }

  /** Waits for the last roots and signatures; nothing stands in the file that no seal leads to. */
  async end(): Promise<void> {
    await this.#settle(1)
    for (const tile of this.#edges.values()) this.#checkTile(this.lastHeight, tile)
    const { db } = this.#parts
    const tiles = Number(db.prepare('SELECT count(*) AS count FROM tile').get()?.['count'])
    const seals = Number(db.prepare('SELECT count(*) AS count FROM seal').get()?.['count'])
    if (tiles !== this.#tiles || seals !== this.lastHeight + 1) {
      throw new BookMismatch(this.lastHeight, 'there are seals or tiles that no block leads to')
    }
  }

  [Symbol.dispose](): void {
    this.#tree[Symbol.dispose]()
  }
}
