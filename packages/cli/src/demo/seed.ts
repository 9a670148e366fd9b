/** Numbers that look drawn by lot and are the same each time (mulberry32): a demonstration that goes on after a crash tells the same evening. */
export class Lot {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }

  /** True so many times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  /** One of them. */
  pick<T>(of: readonly T[]): T {
    const one = of[this.below(of.length)]
    if (one === undefined) throw new RangeError('There is nothing to pick from.')
    return one
  }
}
