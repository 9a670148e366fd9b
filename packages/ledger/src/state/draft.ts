import { meltDayOf } from '../commons/melt.ts'
import type { RecordKind, RecordOf } from '../records.ts'
import { type DueKind, dueMsOf, inDueOrder, inMeltOrder } from './due.ts'
import type { MeltDue, State } from './reader.ts'
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

  due(kind: DueKind, untilMs: number, max: number): readonly string[] {
    const changed = this.#changes.of(kind)
    if (changed.size === 0) return this.#base.due(kind, untilMs, max)
    const below = this.#base
      .due(kind, untilMs, max + changed.size)
      .filter((id) => !changed.has(id))
      .map((id) => ({ id, dueMs: dueMsOf(kind, this.#base.get(kind, id) as object) ?? untilMs }))
    const above = [...changed].flatMap(([id, { record }]) => {
      if (record === undefined) return []
      const dueMs = dueMsOf(kind, record)
      return dueMs !== undefined && dueMs <= untilMs ? [{ id, dueMs }] : []
    })
    return inDueOrder([...below, ...above]).slice(0, max)
  }

  meltsDue(untilDay: number, max: number): readonly MeltDue[] {
    const changed = [...this.#changes.of('account').keys()]
    const above = changed.flatMap((account) => toMeltDue(this, account, untilDay))
    for (let asked = max + changed.length; ; asked *= 2) {
      const below = this.#base.meltsDue(untilDay, asked)
      // Gestures of this draft may have put off what is due below.
      const due = below.flatMap(({ account }) => {
        return this.#changes.get('account', account) ? [] : toMeltDue(this, account, untilDay)
      })
      if (due.length < max && below.length === asked) continue
      return inMeltOrder([...due, ...above]).slice(0, max)
    }
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

function toMeltDue(state: State, account: string, untilDay: number): readonly MeltDue[] {
  const day = meltDayOf(state, account)
  return day === undefined || day > untilDay ? [] : [{ account, day }]
}
