/** A block: opened with its time and what was due, appended to, closed. Source: docs/spec/blocks.md. */
import { encode } from './codec.ts'
import { toHex, toUtf8 } from './bytes.ts'
import type { Hash } from './hash.ts'
import { type ChainId, deriveId, type Hex32, type HoldId, type TxId } from './ids.ts'
import { apply } from './ledger.ts'
import { assertReserve } from './money/reserve.ts'
import { holdExpiry } from './money/hold.ts'
import type { Applied } from './outcome.ts'
import { merkleRoot } from './proof/merkle.ts'
import type { State, StateReader } from './state/reader.ts'

/** Most system entries that one block executes at its opening. */
export const DUE_PER_BLOCK_MAX = 400

/** What is known when a block opens. Units: milliseconds. */
export interface BlockOpening {
  readonly chain: ChainId
  readonly height: number
  readonly timeMs: number
}

/** The running block: its height, its time, and the next free position in it. */
export class Block {
  readonly chain: ChainId
  readonly height: number
  readonly timeMs: number
  readonly hash: Hash
  #next: number

  /** `next` is above zero when a block that a crash interrupted goes on. */
  constructor(opening: BlockOpening, hash: Hash, next = 0) {
    this.chain = opening.chain
    this.height = opening.height
    this.timeMs = opening.timeMs
    this.hash = hash
    this.#next = next
  }

  get timeUs(): number {
    return this.timeMs * 1_000
  }

  /** Positions taken so far. */
  get length(): number {
    return this.#next
  }

  /** Takes the next position. */
  take(): number {
    this.#next += 1
    return this.#next - 1
  }
}

/** Something that state and time alone make happen. Its JSON stands where a tx has its bytes. */
export interface SystemEntry {
  readonly id: TxId
  readonly json: string
  readonly outcome: Applied
}

/**
 * Executes what is due when a block opens, at most `DUE_PER_BLOCK_MAX`, in the order (due time, id).
 * What is left is due in the next block.
 */
export function beginBlock(state: State, block: Block): readonly SystemEntry[] {
  const due = state.holdsDue(block.timeMs, DUE_PER_BLOCK_MAX)
  return due.map((id) => expireHold(state, block, id as HoldId))
}

function expireHold(state: State, block: Block, hold: HoldId): SystemEntry {
  const index = block.take()
  const { chain, height, hash, timeUs } = block
  const json = encode({ hold, kind: 'hold-expiry' })
  const id = deriveId<TxId>(hash, 'system', Uint8Array.fromHex(chain), height, index)
  const origin = { tx: id, txHash: hash(toUtf8(json)), actionIndex: 0 }
  const lines = apply(state, block, { effects: holdExpiry(state, hold), origin })
  return { id, json, outcome: { status: 'applied', height, index, timeUs, lines } }
}

/**
 * Closes a block: its list of bytes is fixed, the reserve adds up.
 *
 * Answers the RFC 9162 root over the bytes of the block in order: compact JWS, JSON of system entries, void bytes.
 */
export function endBlock(state: StateReader, hash: Hash, entries: readonly Uint8Array[]): Hex32 {
  assertReserve(state, hash)
  return toHex(merkleRoot(hash, entries)) as Hex32
}
