/** The time of the fake: the wall's, plus what a test has moved it. */
export class FakeClock {
  readonly #wall: () => number
  #movedMs = 0

  constructor(wall: () => number = () => Date.now()) {
    this.#wall = wall
  }

  nowMs(): number {
    return this.#wall() + this.#movedMs
  }

  /** Seconds since 1970, as Stripe writes times. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  move(byMs: number): void {
    if (byMs < 0) throw new Error('The clock of the fake only moves forward.')
    this.#movedMs += byMs
  }
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
