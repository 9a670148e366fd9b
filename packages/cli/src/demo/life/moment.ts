import { ACTIONS_MAX } from '@fedow/ledger'
import type { Deed, Errand } from './deed.ts'
import type { Person } from './person.ts'

/**
 * What happens at one time. The book orders it as it likes, so everybody does one thing at a moment, and nobody spends
 * what they only just receive.
 */
export class Moment {
  readonly timeMs: number
  readonly #errands: Errand[] = []
  readonly #busy = new Set<Person>()
  readonly #nameOf: () => string

  constructor(timeMs: number, nameOf: () => string) {
    this.timeMs = timeMs
    this.#nameOf = nameOf
  }

  get errands(): readonly Errand[] {
    return this.#errands
  }

  isFree(person: Person): boolean {
    return !this.#busy.has(person)
  }

  /** Takes the time of somebody; false when they are busy already. */
  take(person: Person): boolean {
    if (!this.isFree(person)) return false
    this.#busy.add(person)
    return true
  }

  add(deeds: readonly Deed[]): void {
    this.#errands.push({ name: this.#nameOf(), deeds, isRefused: false })
  }

  /** Entries of a list that somebody types in at once: as many in a tx as there is room for. */
  addList(deeds: readonly Deed[]): void {
    for (let start = 0; start < deeds.length; start += ACTIONS_MAX) {
      this.add(deeds.slice(start, start + ACTIONS_MAX))
    }
  }

  /** What the book is known to refuse. */
  addRefused(deeds: readonly Deed[]): void {
    this.#errands.push({ name: this.#nameOf(), deeds, isRefused: true })
  }
}
