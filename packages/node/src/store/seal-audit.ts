/** Checks the seals of a book: roots, headers, signatures of checkpoints, tiles of the history. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Block,
  blockHash,
  type Decided,
  encode,
  encodeCheckpoint,
  fromHex,
  type Hex32,
  HistoryTree,
  hashLeaf,
  historyLeaf,
  MemoryState,
  NO_PARENT,
  type RecordKind,
  RecordMap,
  type RecordOf,
  type SignedGenesis,
  toBase64url,
  toHex,
  toRecordKey,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import { NearStateTree } from './near-state-tree.ts'
import { BookMismatch } from './replay.ts'
import type { SignatureCheck } from './signature-check.ts'
import { lastSealedHeight } from './sqlite-state.ts'
import { StateTreeThread } from './state-tree-thread.ts'
import { tileKey } from './tile-store.ts'

/** Seals whose state root is not known yet: the tree may be this far behind. */
const BEHIND_MAX = 64

/** Entries up to which a book is audited before a thread for its tree would have begun. */
const NEAR_MAX = 2_000

interface SealRow {
  readonly size: number
  readonly state: Uint8Array
  readonly history: Uint8Array
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

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
  readonly #history = new HistoryTree(sha256)
  readonly #seal: StatementSync
  readonly #tile: StatementSync
  /** Height of the last seal; -1 when there is none. */
  readonly lastHeight: number
  #leaves: Uint8Array[] = []
  #parent: Hex32 = NO_PARENT
  #worked: Uint8Array | undefined
  /** The tiles that still fill, by their key: what the file has after the last seal. */
  readonly #edges = new Map<bigint, Uint8Array>()
  #tiles = 0
  #behind = 0
  #problem: BookMismatch | undefined
  #failure: unknown
  #wake: (() => void) | undefined
  /** Checkpoints whose signature was checked. */
  checked = 0

  constructor(parts: SealAuditParts) {
    const { db, entries } = parts
    this.#parts = parts
    this.lastHeight = lastSealedHeight(db)
    this.#tree =
      entries > NEAR_MAX
        ? new StateTreeThread({ sealedHeight: -1 }, (cause) => this.#fail(cause))
        : new NearStateTree()
    this.#seal = db.prepare('SELECT * FROM seal WHERE height = ?')
    this.#tile = db.prepare('SELECT hashes FROM tile WHERE id = ?')
  }

  /** Something has a leaf in the history. */
  decided(decided: Decided): void {
    this.#leaves.push(hashLeaf(sha256, historyLeaf(sha256, decided)))
  }

  /** Leaves of the history so far. */
  get size(): number {
    return this.#history.size
  }

  /** The root of the history so far. */
  historyRoot(): Uint8Array {
    return this.#history.root()
  }

  /** A block is replayed and closed: compares its seal, if it has one. */
  async closed(block: Block): Promise<void> {
    if (block.height > this.lastHeight) return
    const seal = this.#seal.get(BigInt(block.height)) as unknown as SealRow | undefined
    if (seal === undefined) throw new BookMismatch(block.height, 'its seal is missing')
    this.#growHistory(block, seal)
    this.#checkHeader(block, seal)
    this.#askState(block.height, seal)
    await this.#settle(BEHIND_MAX)
  }

  #growHistory({ height }: Block, seal: SealRow): void {
    const leaves = this.#leaves
    this.#leaves = []
    for (const leaf of leaves) this.#history.append(leaf)
    if (leaves.length > 0 && this.#worked !== undefined) {
      this.#history.append(hashLeaf(sha256, this.#worked))
    }
    if (leaves.length > 0) this.#worked = seal.hash
    if (seal.size !== this.#history.size || !isSame(seal.history, this.#history.root())) {
      throw new BookMismatch(height, 'its history root is not that of its leaves')
    }
    for (const { level, number, hashes } of this.#history.takeChanged()) {
      const key = tileKey(level, number)
      if (hashes.length < 256 * 32) this.#edges.set(key, hashes)
      else this.#checkTile(height, key, hashes)
    }
  }

  #checkTile(height: number, key: bigint, hashes: Uint8Array): void {
    const stored = this.#tile.get(key)?.['hashes'] as Uint8Array | undefined
    if (stored === undefined || !isSame(stored, hashes)) {
      throw new BookMismatch(height, `tile ${key} of the history is not that of its leaves`)
    }
    this.#edges.delete(key)
    this.#tiles += 1
  }

  #checkHeader(block: Block, { size, state, history, hash, signature }: SealRow): void {
    const { genesis } = this.#parts
    const { chain, height, timeUs } = block
    const roots = { state: toHex(state) as Hex32, history: toHex(history) as Hex32 }
    const header = { chain, height, timeUs, parent: this.#parent, txs: block.txsRoot(), ...roots }
    const wanted = blockHash(sha256, header)
    if (toHex(hash) !== wanted) throw new BookMismatch(height, 'its hash is not that of its header')
    this.#parent = wanted
    const facts = { chain, size, root: history, state, height, block: fromHex(wanted) ?? hash }
    const text = encodeCheckpoint(facts)
    this.#behind += 1
    const { checkpoint } = genesis.genesis
    void this.#parts.signatures.inPool(checkpoint, text, signature).then((isValid) => {
      if (!isValid) this.#found(height, 'its checkpoint is not signed by the key of the genesis')
      this.checked += 1
      this.#done()
    })
  }

  #askState(height: number, seal: SealRow): void {
    this.#behind += 1
    this.#tree.tell(this.#parts.state.takeChanged())
    void this.#tree.seal(height).then((root) => {
      if (!isSame(root, seal.state))
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
    for (const [key, hashes] of this.#edges) this.#checkTile(this.lastHeight, key, hashes)
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

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return toBase64url(a) === toBase64url(b)
}
