import { createHash } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Ids that look like Stripe's, the same ones for the same seed. */
export class Ids {
  readonly #seed: string
  #count = 0

  constructor(seed: string) {
    this.#seed = seed
  }

  /** Such as `re_3kQ...` for the prefix `re`. */
  next(prefix: string, length = 24): string {
    return `${prefix}_${this.text(length)}`
  }

  /** Letters and digits that nobody guesses. */
  text(length: number): string {
    this.#count += 1
    const bytes = createHash('sha512').update(`${this.#seed}:${this.#count}`).digest()
    return Array.from({ length }, (_, at) => LETTERS[(bytes[at % 64] ?? 0) % 62]).join('')
  }
}
