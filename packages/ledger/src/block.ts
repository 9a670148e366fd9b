/** A block: opened with its time and what was due, appended to, closed. Source: docs/spec/blocks.md. */

import { toHex, toUtf8 } from './bytes.ts'
import { encode } from './codec.ts'
import { ballotStep } from './commons/ballot.ts'
import type { Effects, SystemContext } from './context.ts'
import type { Hash } from './hash.ts'
import {
  type ChainId,
  deriveId,
  type Hex32,
  type HoldId,
  type ProposalId,
  type TxId,
} from './ids.ts'
import { apply } from './ledger.ts'
import { holdExpiry } from './money/hold.ts'
import { assertReserve } from './money/reserve.ts'
import type { Applied } from './outcome.ts'
import { MerkleTree } from './proof/merkle.ts'
import { demandKnownRules } from './rules.ts'
import { DUE_KINDS, type DueKind } from './state/due.ts'
import type { State, StateReader } from './state/reader.ts'

/** Most system entries that one block executes at its opening. */
export const DUE_PER_BLOCK_MAX = 400

/** What is known when a block opens. Units: milliseconds. */
export interface BlockOpening {
  readonly chain: ChainId
  readonly height: number
  readonly timeMs: number
}

/** The running block: its height and time, and the bytes that stand in it so far. */
export class Block {
  readonly chain: ChainId
  readonly height: number
  readonly timeMs: number
  readonly hash: Hash
  readonly #tree: MerkleTree
  #length = 0
  #size = 0

  constructor({ chain, height, timeMs }: BlockOpening, hash: Hash) {
    this.chain = chain
    this.height = height
    this.timeMs = timeMs
    this.hash = hash
    this.#tree = new MerkleTree(hash)
  }

  get timeUs(): number {
    return this.timeMs * 1_000
  }

  /** Entries so far: system entries, txs and void bytes. */
  get length(): number {
    return this.#length
  }

  /** Bytes of all entries so far. */
  get size(): number {
    return this.#size
  }

  /** Puts bytes, or the text of a tx (ASCII), at the next position of the block, and answers that position. */
  append(bytes: Uint8Array | string): number {
    this.#tree.append(bytes)
    this.#size += bytes.length
    this.#length += 1
    return this.#length - 1
  }

  /** The RFC 9162 root over the bytes in order: compact JWS, JSON of system entries, void bytes. */
  txsRoot(): Hex32 {
    return toHex(this.#tree.root()) as Hex32
  }
}

/** Something that state and time alone make happen. Its JSON stands where a tx has its bytes. */
export interface SystemEntry {
  readonly id: TxId
  readonly json: string
  readonly outcome: Applied
}

/** A rule of what happens by itself: state and the time at which it is due are all that it knows. */
export type SystemRule = (ctx: SystemContext, id: string) => Effects

/** What happens to a record whose time has come, and the word for it in its entry. */
const SYSTEM: { readonly [K in DueKind]: SystemStep } = {
  hold: { kind: 'hold-expiry', rule: (ctx, id) => holdExpiry(ctx.state, id as HoldId) },
  ballot: { kind: 'apply', rule: (ctx, id) => ballotStep(ctx, id as ProposalId), recurs: true },
}

interface SystemStep {
  readonly kind: string
  readonly rule: SystemRule
  /** True when its record may be due again at once, at a later time that has come too. */
  readonly recurs?: true
}

/**
 * Executes what is due when a block opens, at most `DUE_PER_BLOCK_MAX` of a kind, in the order (due time, id).
 * What is left is due in the next block.
 */
export function beginBlock(state: State, block: Block): readonly SystemEntry[] {
  demandKnownRules(state, block.height)
  return DUE_KINDS.flatMap((kind) => {
    if (SYSTEM[kind].recurs === true) return oneByOne(state, block, kind)
    const due = state.due(kind, block.timeMs, DUE_PER_BLOCK_MAX)
    return due.map((id) => happen(state, block, { kind, id }))
  })
}

/** Looks for the next after each, so that a block that comes late keeps the order of the times. */
function oneByOne(state: State, block: Block, kind: DueKind): readonly SystemEntry[] {
  const entries: SystemEntry[] = []
  while (entries.length < DUE_PER_BLOCK_MAX) {
    const [id] = state.due(kind, block.timeMs, 1)
    if (id === undefined) break
    entries.push(happen(state, block, { kind, id }))
  }
  return entries
}

function happen(state: State, block: Block, due: { kind: DueKind; id: string }): SystemEntry {
  const { chain, height, hash, timeMs, timeUs } = block
  const { kind, rule } = SYSTEM[due.kind]
  const json = encode({ [due.kind]: due.id, kind })
  const bytes = toUtf8(json)
  const index = block.append(bytes)
  const id = deriveId<TxId>(hash, 'system', Uint8Array.fromHex(chain), height, index)
  const origin = { tx: id, bytes, actionIndex: 0 }
  const effects = rule({ state, hash, height, timeMs }, due.id)
  const lines = apply(state, block, { effects, origin })
  return { id, json, outcome: { status: 'applied', height, index, timeUs, lines } }
}

/** Closes a block: its list is fixed, the reserve adds up. Answers its txs root. */
export function endBlock(state: StateReader, block: Block): Hex32 {
  assertReserve(state, block.hash)
  return block.txsRoot()
}
