/** The only writer of the state: records, then gestures, then lines in their order. */
import { awaken } from './commons/activity.ts'
import type { Change, Effects } from './context.ts'
import { hashParts } from './hash.ts'
import type { TxId } from './ids.ts'
import type { Line } from './line.ts'
import { type PostContext, post } from './post.ts'
import type { State } from './state/reader.ts'

/** Where the lines of some effects stand. */
export interface EffectsOrigin {
  readonly tx: TxId
  /** The tx's bytes; the JSON of a system entry. */
  readonly bytes: Uint8Array | string
  readonly actionIndex: number
  /** Lines that stand before these in the same action. */
  readonly linesBefore?: number
  /** H(bytes), when whoever writes several effects of one entry has it already. */
  readonly bytesHash?: Uint8Array
}

/** Writes effects. */
export function apply(
  state: State,
  { hash, timeMs, dueMs = timeMs }: PostContext,
  { effects, origin }: { readonly effects: Effects; readonly origin: EffectsOrigin },
): readonly Line[] {
  for (const change of effects.changes ?? []) writeChange(state, change)
  for (const wallet of effects.active ?? []) awaken(state, wallet, dueMs)
  const lines = effects.lines ?? []
  const { linesBefore = 0 } = origin
  const { bytesHash = lines.length > 1 ? hashParts(hash, origin.bytes) : undefined } = origin
  return lines.map((draft, index) => {
    const place = { ...origin, lineIndex: linesBefore + index, bytesHash }
    return post(state, { hash, timeMs, dueMs }, { draft, origin: place })
  })
}

function writeChange(state: State, change: Change): void {
  if (change.record === undefined) state.remove(change.kind, change.id)
  else state.put(change.kind, change.id, change.record)
}
