/** What a seal says of a block. Source: docs/spec/blocks.md, "Seal"; docs/spec/history.md, "Leaves". */
import { fromHex, toHex } from '../bytes.ts'
import type { Hash } from '../hash.ts'
import type { ChainId, Hex32 } from '../ids.ts'
import { blockHash, type Checkpoint, NO_PARENT } from './checkpoint.ts'
import { HistoryTree } from './history-tree.ts'
import { hashLeaf } from './merkle.ts'

/** A closed block, as its seal needs it. */
export interface Unsealed {
  readonly height: number
  readonly timeUs: number
  /** Its txs root. */
  readonly txs: Hex32
  /** Hashes of the history leaves of its system entries and txs, in order. */
  readonly leaves: readonly Uint8Array[]
}

/** Where a chain of seals goes on. Hashes have 32 bytes. */
export interface SealChainStart {
  /** The history after the last seal. */
  readonly history: HistoryTree
  /** The block hash of the last seal. */
  readonly parent: Uint8Array
  /** The block hash of the last block with leaves. */
  readonly worked: Uint8Array
}

/** Seals the blocks of a book, each on the one before it. */
export class SealChain {
  /** It grows with the seals alone. */
  readonly history: HistoryTree
  readonly #hash: Hash
  readonly #chain: ChainId
  #parent: Hex32
  /** It is the last leaf of the next block with leaves. */
  #worked: Uint8Array | undefined

  /** A chain before its genesis, or one that goes on. */
  constructor(hash: Hash, chain: ChainId, from?: SealChainStart) {
    this.#hash = hash
    this.#chain = chain
    this.history = from?.history ?? new HistoryTree(hash)
    this.#parent = from === undefined ? NO_PARENT : (toHex(from.parent) as Hex32)
    this.#worked = from?.worked
  }

  /**
   * Adds the leaves of the next block to the history, and answers the checkpoint to sign. Each block once, in the order
   * of the heights. `state`: the root of the records after it, 32 bytes.
   */
  seal({ height, timeUs, txs, leaves }: Unsealed, state: Uint8Array): Checkpoint {
    const [chain, parent, history] = [this.#chain, this.#parent, this.history]
    for (const leaf of leaves) history.append(leaf)
    if (leaves.length > 0 && this.#worked !== undefined) {
      history.append(hashLeaf(this.#hash, this.#worked))
    }
    const root = history.root()
    const roots = { txs, state: toHex(state) as Hex32, history: toHex(root) as Hex32 }
    this.#parent = blockHash(this.#hash, { chain, height, timeUs, parent, ...roots })
    const block = fromHex(this.#parent) as Uint8Array
    if (leaves.length > 0) this.#worked = block
    return { chain, size: history.size, root, state, height, block }
  }
}
