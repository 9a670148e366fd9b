import { ACTIONS_MAX } from '@fedow/ledger'
import { type Bearer, type Deed, type Errand, gestureOf } from './deed.ts'
import type { Person } from './person.ts'

interface MomentOptions {
  readonly nameOf: () => string
  /** Somebody does something themselves. */
  readonly wake: (bearer: Bearer) => void
}

/**
 * What happens at one time. The book orders it as it likes, so everybody does one thing at a moment, and nobody spends
 * what they only just receive.
 */
export class Moment {
  readonly timeMs: number
  readonly #errands: Errand[] = []
  readonly #busy = new Set<Person>()
  readonly #options: MomentOptions

  constructor(timeMs: number, options: MomentOptions) {
    this.timeMs = timeMs
    this.#options = options
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
    const { nameOf, wake } = this.#options
    this.#errands.push({ name: nameOf(), deeds, isRefused: false })
    for (const deed of deeds) {
      const bearer = gestureOf(deed)
      if (bearer !== undefined) wake(bearer)
    }
  }

  /** Entries of a list that somebody types in at once: as many in a tx as there is room for. */
  addList(deeds: readonly Deed[]): void {
    for (let start = 0; start < deeds.length; start += ACTIONS_MAX) {
      this.add(deeds.slice(start, start + ACTIONS_MAX))
    }
  }

  /** What the book is known to refuse. */
  addRefused(deeds: readonly Deed[]): void {
    this.#errands.push({ name: this.#options.nameOf(), deeds, isRefused: true })
  }
}
