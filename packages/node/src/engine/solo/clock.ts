/** Largest difference between the wall clock and the monotonic one before no new block is opened: 10 minutes. */
export const CLOCK_JUMP_MAX_MS = 600_000

/** The two clocks of a machine, in milliseconds. */
export interface Clocks {
  wall(): number
  monotonic(): number
}

export const MACHINE_CLOCKS: Clocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
}

/** The wall clock, watched against jumps: a clock that was set by hand must not date a block. */
export class Clock {
  readonly #clocks: Clocks
  readonly #offsetMs: number

  constructor(clocks: Clocks) {
    this.#clocks = clocks
    this.#offsetMs = clocks.wall() - clocks.monotonic()
  }

  /** Milliseconds since 1970, or `undefined` after a jump. */
  now(): number | undefined {
    const wall = this.#clocks.wall()
    const drift = wall - this.#clocks.monotonic() - this.#offsetMs
    return Math.abs(drift) > CLOCK_JUMP_MAX_MS ? undefined : wall
  }
}
