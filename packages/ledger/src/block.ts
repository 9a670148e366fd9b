/** A block: opened with its time and what was due, appended to, closed. Source: docs/spec/blocks.md. */

import { assert } from './assert.ts'
import { toHex, toUtf8 } from './bytes.ts'
import { ballotStep } from './commons/ballot.ts'
import { dayOf } from './commons/calendar.ts'
import { sleeperOf } from './commons/melt.ts'
import { isSleeper, nextMelt } from './commons/melting.ts'
import { redistribute } from './commons/redistribute.ts'
import { meltEntry, runSettled } from './commons/settle.ts'
import type { Effects, SystemContext } from './context.ts'
import type { Hash } from './hash.ts'
import type { ChainId, Hex32, HoldId, ProposalId } from './ids.ts'
import { holdExpiry } from './money/hold.ts'
import { assertReserve } from './money/reserve.ts'
import { MerkleTree } from './proof/merkle.ts'
import { demandKnownRules } from './rules.ts'
import { DUE_KINDS, type DueKind, dueMsOf } from './state/due.ts'
import type { MeltDue, State, StateReader } from './state/reader.ts'
import { execute, type SystemEntry } from './system-entry.ts'

/** Most holds that end, and most steps of ballots and pools, at the opening of one block. */
export const DUE_PER_BLOCK_MAX = 400

/** Most melts at the opening of one block: no payment waits for more. */
export const MELTS_PER_BLOCK_MAX = 50

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
  /** True once nothing is left that was due at its opening. */
  isSettled = true
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

/** A rule of what happens by itself: state and the time at which it is due are all that it knows. */
export type SystemRule = (ctx: SystemContext, id: string) => Effects

/** What happens to a record whose time has come, and the word for it in its entry. */
const SYSTEM: { readonly [K in DueKind]: { readonly kind: string; readonly rule: SystemRule } } = {
  hold: { kind: 'hold-expiry', rule: (ctx, id) => holdExpiry(ctx.state, id as HoldId) },
  ballot: { kind: 'apply', rule: (ctx, id) => ballotStep(ctx, id as ProposalId) },
  pool: { kind: 'redistribute', rule: redistribute },
}

/**
 * Executes what is due when a block opens: holds that expire, then melts and what waits for them, both together in the
 * order of their times; at most `DUE_PER_BLOCK_MAX` and `MELTS_PER_BLOCK_MAX`. What is left is due in the next block.
 */
export function beginBlock(state: State, block: Block): readonly SystemEntry[] {
  return new Opening(state, block).run()
}

/** Kinds whose happenings wait until everything has melted that is due before them. */
const AFTER_MELTS = DUE_KINDS.filter((kind) => kind !== 'hold')

class Opening {
  readonly #state: State
  readonly #block: Block
  readonly #entries: SystemEntry[] = []
  #meltsLeft = MELTS_PER_BLOCK_MAX

  constructor(state: State, block: Block) {
    this.#state = state
    this.#block = block
  }

  run(): readonly SystemEntry[] {
    const { height, timeMs } = this.#block
    demandKnownRules(this.#state, height)
    const holds = this.#state.due('hold', timeMs, Number.MAX_SAFE_INTEGER)
    for (const [index, id] of holds.entries()) {
      if (index < DUE_PER_BLOCK_MAX || this.#hidesMelts(id)) this.#happen({ kind: 'hold', id })
    }
    this.#block.isSettled = this.#catchUp()
    return this.#entries
  }

  /** What it still reserves might have melted since it ended: no queue may change that. */
  #hidesMelts(id: string): boolean {
    const hold = this.#state.get('hold', id)
    if (hold === undefined || dayOf(hold.expiresMs) === dayOf(this.#block.timeMs)) return false
    const sleeper = sleeperOf(this.#state, `${hold.from}/${hold.asset}`)
    return sleeper !== undefined && isSleeper(sleeper.policies, sleeper.wallet.kind)
  }

  /**
   * Days and what waits for them in the order of their times: what one day melts may be shared out before the next one
   * melts. True when nothing is left to melt that is due by now.
   */
  #catchUp(): boolean {
    for (let left = DUE_PER_BLOCK_MAX; ; ) {
      const next = this.#next()
      const untilMs = next === undefined ? this.#block.timeMs : this.#dueMs(next)
      const due = this.#state.meltsDue(dayOf(untilMs), this.#meltsLeft + 1)
      if (due.length > 0) {
        if (!this.#meltFirstDay(due)) return false
      } else if (next === undefined) {
        return true
      } else if (left === 0) {
        return this.#state.meltsDue(dayOf(this.#block.timeMs), 1).length === 0
      } else {
        this.#happen(next)
        left -= 1
      }
    }
  }

  /** The earliest of what waits for melts. */
  #next(): Due | undefined {
    const due = AFTER_MELTS.flatMap((kind) =>
      this.#state.due(kind, this.#block.timeMs, 1).map((id) => ({ kind, id })),
    )
    return due.toSorted((a, b) => this.#dueMs(a) - this.#dueMs(b))[0]
  }

  #dueMs({ kind, id }: Due): number {
    const dueMs = dueMsOf(kind, this.#state.get(kind, id) as object)
    assert(dueMs !== undefined, 'what is due has a time')
    return dueMs
  }

  /** False when something is left that is due and that this block may not melt. */
  #meltFirstDay(due: readonly MeltDue[]): boolean {
    const today = due.filter(({ day }) => day === due[0]?.day).slice(0, this.#meltsLeft)
    this.#meltsLeft -= today.length
    if (today.length > 0) this.#melt(today)
    return this.#meltsLeft > 0 || due.length === today.length
  }

  #melt(today: readonly MeltDue[]): void {
    const due = today.map(({ account }) => {
      const sleeper = sleeperOf(this.#state, account)
      const next = sleeper && nextMelt(sleeper)
      assert(next !== undefined, 'what is due melts')
      return { account, melts: [next] }
    })
    this.#append(meltEntry(this.#state, this.#block, { due, dueMs: this.#block.timeMs }))
  }

  #happen({ kind, id }: Due): void {
    const { kind: word, rule } = SYSTEM[kind]
    const dueMs = this.#dueMs({ kind, id })
    const at = { block: this.#block, untilMs: dueMs }
    const { draft, before, result } = runSettled(this.#state, at, (state, index) => {
      const happenings = [(ctx: SystemContext) => rule(ctx, id)]
      return execute(state, this.#block, {
        members: { [kind]: id, kind: word },
        dueMs,
        happenings,
        index,
      })
    })
    if (before !== undefined) this.#append(before)
    this.#append(result)
    draft.commit()
  }

  #append(entry: SystemEntry): void {
    this.#block.append(toUtf8(entry.json))
    this.#entries.push(entry)
  }
}

interface Due {
  readonly kind: DueKind
  readonly id: string
}

/** Closes a block: its list is fixed, the reserve adds up. Answers its txs root. */
export function endBlock(state: StateReader, block: Block): Hex32 {
  assertReserve(state, block.hash)
  return block.txsRoot()
}
