/** Largest difference between the wall clock and the monotonic one before no new block is opened: 10 minutes. */
export const CLOCK_JUMP_MAX_MS = 600_000

/** Longest time since the last block that needs nobody's word at start: 30 days. */
export const CLOCK_GAP_MAX_MS = 2_592_000_000

/** The last block is so old that the clock may be wrong. */
export class ClockGapError extends Error {
  constructor(lastMs: number, wallMs: number) {
    const last = new Date(lastMs).toISOString()
    const wall = new Date(wallMs).toISOString()
    super(
      `The last block is of ${last}, and the clock of this machine says ${wall}: more than 30 days later. Nothing was changed. If the clock is right, start once with --accept-clock (or FEDOW_ACCEPT_CLOCK=yes); if not, set it first, since a wrong date can't be taken back.`,
    )
  }
}

/** Throws ClockGapError, unless somebody vouches for the clock. */
export function demandClock(lastMs: number, wallMs: number, isAccepted: boolean): void {
  if (!isAccepted && wallMs - lastMs > CLOCK_GAP_MAX_MS) throw new ClockGapError(lastMs, wallMs)
}

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
