import type { Clocks } from '@fedow/node'

/** A clock that somebody moves. Both clocks of a machine in one, so that no move is taken for a jump; it never goes back. */
export class VirtualClock implements Clocks {
  #timeMs: number

  constructor(timeMs: number) {
    this.#timeMs = timeMs
  }

  wall(): number {
    return this.#timeMs
  }

  monotonic(): number {
    return this.#timeMs
  }

  /** Moves on to a time, or stays when it has passed already. */
  moveTo(timeMs: number): void {
    this.#timeMs = Math.max(this.#timeMs, timeMs)
  }

  /** Moves on by so much. */
  pass(timeMs: number): void {
    this.moveTo(this.#timeMs + timeMs)
  }
}
