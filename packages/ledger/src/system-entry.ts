/** What state and time alone make happen, as it stands in a block. Source: docs/spec/blocks.md, "System entries". */
import { apply } from './apply.ts'
import type { Block } from './block.ts'
import { toUtf8 } from './bytes.ts'
import { encode, type Json } from './codec.ts'
import type { Effects, SystemContext } from './context.ts'
import { hashParts } from './hash.ts'
import { deriveId, type TxId } from './ids.ts'
import type { Line } from './line.ts'
import type { Applied } from './outcome.ts'
import type { State } from './state/reader.ts'

/** Its JSON stands where a tx has its bytes. */
export interface SystemEntry {
  readonly id: TxId
  readonly json: string
  readonly outcome: Applied
}

/** What happens, one after the other: each sees what the one before did. */
export type Happening = (ctx: SystemContext) => Effects

/**
 * Executes happenings as the next entry of a block, which the caller appends.
 *
 * `dueMs` is when they happen for the accounts that they touch, which may be long before the block; lines have the time
 * of the block.
 */
export function execute(
  state: State,
  block: Block,
  entry: {
    readonly members: { readonly [name: string]: Json }
    readonly dueMs: number
    readonly happenings: readonly Happening[]
    /** Its position; the end of the block when absent. */
    readonly index?: number
  },
): SystemEntry {
  const { chain, height, hash, timeMs, timeUs } = block
  const { members, dueMs, happenings, index = block.length } = entry
  const json = encode(members)
  const bytes = toUtf8(json)
  const id = deriveId<TxId>(hash, 'system', Uint8Array.fromHex(chain), height, index)
  const bytesHash = hashParts(hash, bytes)
  const lines: Line[] = []
  for (const happening of happenings) {
    const effects = happening({ state, hash, height, timeMs: dueMs })
    const origin = { tx: id, bytes, bytesHash, actionIndex: 0, linesBefore: lines.length }
    lines.push(...apply(state, { hash, timeMs, dueMs }, { effects, origin }))
  }
  return { id, json, outcome: { status: 'applied', height, index, timeUs, lines } }
}
