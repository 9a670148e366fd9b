import type { RecordKind, RecordOf } from '../records.ts'
import { toRecordKey } from '../records.ts'
import type { State, StateReader } from './reader.ts'

/**
 * Changes over a state that may still be thrown away: one tx, or one proposed block.
 * Nothing reaches the state below before `commit`.
 */
export class Draft implements State {
  readonly #base: State
  readonly #changes = new Map<string, Changed>()

  constructor(base: State) {
    this.#base = base
  }

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    if (this.#changes.size === 0) return this.#base.get(kind, id)
    const changed = this.#changes.get(toRecordKey(kind, id))
    return changed === undefined
      ? this.#base.get(kind, id)
      : (changed.record as RecordOf<K> | undefined)
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#changes.set(toRecordKey(kind, id), { kind, id, record })
  }

  remove(kind: RecordKind, id: string): void {
    this.#changes.set(toRecordKey(kind, id), { kind, id, record: undefined })
  }

  holdsDue(untilMs: number, max: number): readonly string[] {
    return mergeHoldsDue(this.#base, this.#changes.values(), { untilMs, max })
  }

  /** Writes everything to the state below, in the order of the first change of each record. */
  commit(): void {
    for (const { kind, id, record } of this.#changes.values()) {
      if (record === undefined) this.#base.remove(kind, id)
      else this.#base.put(kind, id, record as RecordOf<typeof kind>)
    }
    this.#changes.clear()
  }
}

interface Changed {
  readonly kind: RecordKind
  readonly id: string
  readonly record: object | undefined
}

function mergeHoldsDue(
  base: StateReader,
  changes: Iterable<Changed>,
  { untilMs, max }: { untilMs: number; max: number },
): readonly string[] {
  const changed = new Map<string, number | undefined>()
  for (const { kind, id, record } of changes) {
    if (kind !== 'hold') continue
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
