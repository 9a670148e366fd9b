/** Draws by lot that everybody can repeat: xorshift128 (Marsaglia, 2003), seeded by a hash. No chance of the machine. */
import { assert } from '../assert.ts'
import { type Hash, hashParts } from '../hash.ts'

export class Draws {
  #x: number
  #y: number
  #z: number
  #w: number

  constructor(words: readonly [number, number, number, number]) {
    ;[this.#x, this.#y, this.#z, this.#w] = words
    assert(
      words.some((word) => word !== 0),
      'the state of the draws is not zero',
    )
  }

  /** The state is the first four words, big endian, of the hash of the seed in decimal digits. */
  static fromSeed(hash: Hash, seed: number): Draws {
    const bytes = hashParts(hash, String(seed))
    const view = new DataView(bytes.buffer, bytes.byteOffset, 16)
    return new Draws([view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)])
  }

  /** The next word: 32 bits. */
  word(): number {
    const t = this.#x ^ (this.#x << 11)
    this.#x = this.#y
    this.#y = this.#z
    this.#z = this.#w
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8)
    return this.#w >>> 0
  }

  /** A source of numbers from 0 to `count` - 1, all as likely: the upper bits of words, as often as they are below. */
  below(count: number): () => number {
    let bits = 0
    while (2 ** bits < count) bits += 1
    if (bits === 0) return () => 0
    const shift = 32 - bits
    return () => {
      for (;;) {
        const drawn = this.word() >>> shift
        if (drawn < count) return drawn
      }
    }
  }
}
