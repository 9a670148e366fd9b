import type { RecordKind, RecordOf } from '../records.ts'
import type { State, StateReader } from './reader.ts'
import { RecordMap } from './record-map.ts'

/**
 * Changes over a state that may still be thrown away: one tx, or one proposed block.
 * Nothing reaches the state below before `commit`.
 */
export class Draft implements State {
  readonly #base: State
  readonly #changes = new RecordMap<{ readonly record: object | undefined }>()

  constructor(base: State) {
    this.#base = base
  }

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    if (this.#changes.size === 0) return this.#base.get(kind, id)
    const changed = this.#changes.get(kind, id)
    return changed === undefined
      ? this.#base.get(kind, id)
      : (changed.record as RecordOf<K> | undefined)
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#changes.set(kind, id, { record })
  }

  remove(kind: RecordKind, id: string): void {
    this.#changes.set(kind, id, { record: undefined })
  }

  holdsDue(untilMs: number, max: number): readonly string[] {
    return mergeHoldsDue(this.#base, this.#changes.of('hold'), { untilMs, max })
  }

  /** Writes everything to the state below. */
  commit(): void {
    for (const { kind, id, value } of this.#changes.entries()) {
      if (value.record === undefined) this.#base.remove(kind, id)
      else this.#base.put(kind, id, value.record as RecordOf<typeof kind>)
    }
    this.#changes.clear()
  }
}

function mergeHoldsDue(
  base: StateReader,
  changes: ReadonlyMap<string, { readonly record: object | undefined }>,
  { untilMs, max }: { untilMs: number; max: number },
): readonly string[] {
  const changed = new Map<string, number | undefined>()
  for (const [id, { record }] of changes) {
    changed.set(id, (record as RecordOf<'hold'> | undefined)?.expiresMs)
  }
  if (changed.size === 0) return base.holdsDue(untilMs, max)
  const below = base
    .holdsDue(untilMs, max + changed.size)
    .filter((id) => !changed.has(id))
    .map((id) => ({ id, expiresMs: base.get('hold', id)?.expiresMs ?? 0 }))
  const above = [...changed].flatMap(([id, expiresMs]) =>
    expiresMs !== undefined && expiresMs <= untilMs ? [{ id, expiresMs }] : [],
  )
  return inDueOrder([...below, ...above]).slice(0, max)
}

/** Sorts by (expiry, id) and keeps the ids: the order in which due holds are executed. */
export function inDueOrder(
  holds: readonly { readonly id: string; readonly expiresMs: number }[],
): string[] {
  return holds
    .toSorted((a, b) => a.expiresMs - b.expiresMs || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
}
