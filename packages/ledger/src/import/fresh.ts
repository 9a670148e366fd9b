/** Ids that a part brings: each is new to the book, and named once. */
import type { Context, RuleRecordKind } from '../context.ts'
import { refuse } from '../rejection.ts'

export class Fresh {
  readonly #ctx: Context
  readonly #seen = new Set<string>()

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  /** Rejects with: id_taken. */
  demand(kind: RuleRecordKind, id: string): void {
    const key = `${kind}/${id}`
    if (this.#seen.has(key) || this.#ctx.state.get(kind, id) !== undefined) {
      refuse({ code: 'id_taken', id })
    }
    this.#seen.add(key)
  }
}
