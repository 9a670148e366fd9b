/**
 * Eight hex digits can be guessed: a key that asks for card after card that nobody has is slowed down (WIRE.md 10, row
 * 34). A card that is found costs nothing, so that a gate scans as fast as it can; every unknown one costs a miss, and
 * misses come back one by one. A day of guessing then meets about one card of 50,000. What a till does with a card is
 * never held up: it has paid out the cash of a refund already.
 */
import { throttled } from './codec/messages.ts'
import { V1Refusal } from './refusal.ts'

/** Unknown cards that a key may ask for in a row: a crate of foreign cards at a gate. */
export const MISSES_MAX = 600
/** So often one of them comes back. */
export const MISS_MS = 1_000
/** Of a key that is over its limit, no more often is told. */
export const TOLD_MS = 60_000

interface Guesser {
  /** Misses that have not come back yet, at `timeMs`. */
  missed: number
  timeMs: number
  toldMs: number
}

/** Counts what each key asks for in vain. In memory: a restart forgives. */
export class GuessLimit {
  readonly #now: () => number
  readonly #onExceeded: (key: string) => void
  /** Only keys that have missed lately: there are never more than live keys. */
  readonly #guessers = new Map<string, Guesser>()

  /** `now`: a clock that is never set back, in milliseconds. `onExceeded` gets the key, once in `TOLD_MS`. */
  constructor(now: () => number, onExceeded: (key: string) => void) {
    this.#now = now
    this.#onExceeded = onExceeded
  }

  /** Throws V1Refusal while this key has no miss left, with 429 and the time to wait. */
  demand(key: string): void {
    const guesser = this.#guessers.get(key)
    if (guesser === undefined) return
    this.#giveBack(key, guesser)
    const owed = guesser.missed + 1 - MISSES_MAX
    if (owed <= 0) return
    if (guesser.timeMs - guesser.toldMs >= TOLD_MS) {
      guesser.toldMs = guesser.timeMs
      this.#onExceeded(key)
    }
    const waitS = Math.ceil((owed * MISS_MS) / 1_000)
    throw new V1Refusal(429, { detail: throttled(waitS) }, waitS)
  }

  /** Counts a card that this key asked for and nobody has. */
  miss(key: string): void {
    const now = this.#now()
    const guesser = this.#guessers.get(key) ?? { missed: 0, timeMs: now, toldMs: -TOLD_MS }
    this.#giveBack(key, guesser)
    guesser.missed += 1
    this.#guessers.set(key, guesser)
  }

  #giveBack(key: string, guesser: Guesser): void {
    const now = this.#now()
    guesser.missed = Math.max(guesser.missed - (now - guesser.timeMs) / MISS_MS, 0)
    guesser.timeMs = now
    if (guesser.missed === 0) this.#guessers.delete(key)
  }
}
