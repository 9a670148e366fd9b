/** What the story knows of money that melts: the terms of each money as the book has them, and what time it is. */
import { dayOf, type Policy } from '@fedow/ledger'

/** Terms of an asset, and when they begin. */
export type Announced = Omit<Policy, 'version'>

interface Decided {
  readonly asset: string
  readonly terms: Announced
}

export class Melting {
  readonly #policies = new Map<string, readonly Policy[]>()
  #timeMs = 0
  #decided: readonly (Decided & { readonly atMs: number })[] = []

  get timeMs(): number {
    return this.#timeMs
  }

  /** In UTC, counted from 1970. */
  get day(): number {
    return dayOf(this.#timeMs)
  }

  /** Time goes on; what was decided before applies. */
  moveTo(timeMs: number): void {
    this.#timeMs = timeMs
    const over = this.#decided.filter(({ atMs }) => atMs <= timeMs)
    this.#decided = this.#decided.filter(({ atMs }) => atMs > timeMs)
    for (const { asset, terms } of over) this.#announce(asset, terms)
  }

  /** The versions of the terms of an asset; none while nobody has announced that it melts. */
  policiesOf(asset: string): readonly Policy[] {
    return this.#policies.get(asset) ?? []
  }

  /** The places decide on other terms, which stand in the book from that time on. */
  announceAt(atMs: number, decided: Decided): void {
    this.#decided = [...this.#decided, { ...decided, atMs }]
  }

  /** The version before the first of these is the usual one, without melting. */
  #announce(asset: string, { demurrage, ...terms }: Announced): void {
    const before = this.#policies.get(asset) ?? [{ version: 1, ...terms, fromMs: 0 }]
    const version = before.length + 1
    this.#policies.set(asset, [...before, { version, ...terms, ...(demurrage && { demurrage }) }])
  }
}
