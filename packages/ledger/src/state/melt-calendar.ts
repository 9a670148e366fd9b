/** Accounts by the day on which something of them melts: what a state in memory answers from. */
import { meltDayOf } from '../commons/melt.ts'
import { inMeltOrder } from './due.ts'
import type { MeltDue, StateReader } from './reader.ts'

/**
 * A gesture moves no entry: each is looked at again when its day comes, and moved then. So a payment costs nothing here
 * but the note that its accounts have changed.
 */
export class MeltCalendar {
  readonly #changed = new Set<string>()
  readonly #days = new Map<number, Set<string>>()
  /** Days that got their first account, so far. */
  #entered = 0
  /** Nothing is due at or before this day any more. */
  #settledDay = -1

  /** An account has changed, or its asset has another policy. */
  note(account: string): void {
    this.#changed.add(account)
  }

  /** As `State.meltsDue`. */
  due(state: StateReader, untilDay: number, max: number): readonly MeltDue[] {
    if (untilDay <= this.#settledDay) return []
    for (const account of this.#changed) this.#enter(account, meltDayOf(state, account))
    this.#changed.clear()
    const due: MeltDue[] = []
    let days = this.#daysBetween(-1, untilDay)
    for (let day = days.shift(); day !== undefined && due.length < max; day = days.shift()) {
      const entered = this.#entered
      due.push(...this.#look(state, day))
      // An account that moved may be due on a day that had none, and comes before those of later days.
      if (this.#entered > entered) days = this.#daysBetween(day, untilDay)
    }
    if (due.length === 0) this.#settledDay = untilDay
    return inMeltOrder(due).slice(0, max)
  }

  #daysBetween(afterDay: number, untilDay: number): number[] {
    return [...this.#days.keys()].filter((day) => day > afterDay && day <= untilDay).sort(byNumber)
  }

  /** The accounts of one day that are due on it; the others move to theirs. */
  #look(state: StateReader, day: number): readonly MeltDue[] {
    const accounts = this.#days.get(day) ?? new Set<string>()
    const due: MeltDue[] = []
    for (const account of accounts) {
      const actual = meltDayOf(state, account)
      if (actual === day) due.push({ account, day })
      else {
        accounts.delete(account)
        this.#enter(account, actual)
      }
    }
    if (accounts.size === 0) this.#days.delete(day)
    return due
  }

  #enter(account: string, day: number | undefined): void {
    if (day === undefined) return
    const accounts = this.#days.get(day)
    if (accounts === undefined) {
      this.#days.set(day, new Set([account]))
      this.#entered += 1
    } else accounts.add(account)
  }
}

function byNumber(a: number, b: number): number {
  return a - b
}
