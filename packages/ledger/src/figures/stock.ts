/** How much of an asset is in circulation, and for how long. */
import type { FigureWindow } from './window.ts'

/** Units: minor units; minor units times microseconds. */
export class Stock {
  readonly #window: FigureWindow
  #amount = 0n
  #sinceUs: number
  #stockTime = 0n

  constructor(window: FigureWindow) {
    this.#window = window
    this.#sinceUs = window.fromUs
  }

  /** In circulation after the last change. */
  get amount(): bigint {
    return this.#amount
  }

  /** The sum over the window of each amount times how long it was in circulation. Exact. */
  get stockTime(): bigint {
    return this.#stockTime + this.#until(this.#window.toUs)
  }

  /** A change at a moment; moments rise. */
  change(by: bigint, timeUs: number): void {
    if (timeUs > this.#sinceUs) {
      this.#stockTime += this.#until(timeUs)
      this.#sinceUs = timeUs
    }
    this.#amount += by
  }

  #until(timeUs: number): bigint {
    return this.#amount * BigInt(timeUs - this.#sinceUs)
  }
}
