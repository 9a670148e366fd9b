import type { RecordKind } from '../records.ts'

/** Values by kind and id. Two steps instead of one joined key: a payment looks up often, and each joined key is a new text. */
export class RecordMap<V> {
  readonly #kinds = new Map<RecordKind, Map<string, V>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(kind: RecordKind, id: string): V | undefined {
    return this.#kinds.get(kind)?.get(id)
  }

  set(kind: RecordKind, id: string, value: V): void {
    let ids = this.#kinds.get(kind)
    if (ids === undefined) {
      ids = new Map()
      this.#kinds.set(kind, ids)
    }
    const before = ids.size
    ids.set(id, value)
    this.#size += ids.size - before
  }

  delete(kind: RecordKind, id: string): void {
    if (this.#kinds.get(kind)?.delete(id) === true) this.#size -= 1
  }

  /** The values of one kind by their ids. */
  of(kind: RecordKind): ReadonlyMap<string, V> {
    return this.#kinds.get(kind) ?? new Map()
  }

  /** Everything, kind by kind. */
  *entries(): Generator<{ readonly kind: RecordKind; readonly id: string; readonly value: V }> {
    for (const [kind, ids] of this.#kinds) {
      for (const [id, value] of ids) yield { kind, id, value }
    }
  }

  clear(): void {
    this.#kinds.clear()
    this.#size = 0
  }
}
