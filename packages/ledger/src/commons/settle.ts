/**
 * Melts come before anything that changes an account, however long the queue of what is due. So neither the number of
 * melts in a block nor the moment of a payment changes what anybody has.
 */
import type { Block } from '../block.ts'
import type { Json } from '../codec.ts'
import type { RecordKind, RecordOf } from '../records.ts'
import { Draft } from '../state/draft.ts'
import type { DueKind } from '../state/due.ts'
import type { MeltDue, State } from '../state/reader.ts'
import { execute, type SystemEntry } from '../system-entry.ts'
import { dayOf } from './calendar.ts'
import { dueMelts, fromAccountId, melt } from './melt.ts'
import type { Melt } from './melting.ts'

/** What melts of one account. */
export interface AccountMelts {
  readonly account: string
  readonly melts: readonly Melt[]
}

/** Melts as the next entry of a block; the JSON of the entry has the numbers behind each line, in the order of lines. */
export function meltEntry(
  state: State,
  block: Block,
  { due, dueMs }: { readonly due: readonly AccountMelts[]; readonly dueMs: number },
): SystemEntry {
  const melts = due.flatMap(({ account, melts }) => melts.map((one) => ({ account, one })))
  const members = {
    height: block.height,
    index: block.length,
    kind: 'melt',
    melts: melts.map(({ account, one }) => toMembers(account, one)),
  }
  const happenings = melts.map(
    ({ account, one }) =>
      (ctx: Parameters<typeof melt>[0]) =>
        melt(ctx, account, one),
  )
  return execute(state, block, { members, dueMs, happenings })
}

function toMembers(account: string, { amount, balance, held, ...melt }: Melt): Json {
  const numbers = { amount: Number(amount), balance: Number(balance), held: Number(held) }
  return { ...fromAccountId(account), ...melt, ...numbers }
}

/** What ran, on a draft that is not committed yet, after the melts of what it looked at. */
export interface Settled<T> {
  readonly draft: Draft
  /** Not appended to the block yet. */
  readonly before: SystemEntry | undefined
  readonly result: T
}

/**
 * Runs something on a state in which no account that it looks at has anything due at `untilMs`. It runs again each time
 * that it looks at one that has.
 */
export function runSettled<T>(
  state: State,
  { block, untilMs }: { readonly block: Block; readonly untilMs: number },
  run: (state: State, index: number) => T,
): Settled<T> {
  const untilDay = dayOf(untilMs)
  const settled = new Set<string>()
  for (;;) {
    const draft = new Draft(state)
    const due = [...settled].sort().map((account) => ({
      account,
      melts: dueMelts(draft, account, untilDay),
    }))
    const before = due.length > 0 ? meltEntry(draft, block, { due, dueMs: untilMs }) : undefined
    const probe = new Probe(draft, untilDay)
    const result = run(probe, block.length + (before === undefined ? 0 : 1))
    if (probe.unsettled.size === 0) return { draft, before, result }
    for (const account of probe.unsettled) settled.add(account)
  }
}

/** A draft that notes which accounts were looked at although something is due on them. */
class Probe implements State {
  readonly unsettled = new Set<string>()
  readonly #draft: Draft
  readonly #untilDay: number
  readonly #seen = new Set<string>()

  constructor(draft: Draft, untilDay: number) {
    this.#draft = draft
    this.#untilDay = untilDay
  }

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    if (kind === 'account' && !this.#seen.has(id)) {
      this.#seen.add(id)
      if (dueMelts(this.#draft, id, this.#untilDay).length > 0) this.unsettled.add(id)
    }
    return this.#draft.get(kind, id)
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#draft.put(kind, id, record)
  }

  remove(kind: RecordKind, id: string): void {
    this.#draft.remove(kind, id)
  }

  due(kind: DueKind, untilMs: number, max: number): readonly string[] {
    return this.#draft.due(kind, untilMs, max)
  }

  meltsDue(untilDay: number, max: number): readonly MeltDue[] {
    return this.#draft.meltsDue(untilDay, max)
  }
}
