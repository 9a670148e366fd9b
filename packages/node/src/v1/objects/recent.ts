/**
 * What was read lately, in two generations: when the young one is full it becomes the old one, and what nobody read
 * since is forgotten.
 */
export class Recent<K, V> {
  readonly #most: number
  readonly #costOf: (value: V) => number
  #young = new Map<K, V>()
  #old = new Map<K, V>()
  #cost = 0

  /** `most`: what one generation may cost; each value costs 1 unless `costOf` says otherwise. */
  constructor(most: number, costOf: (value: V) => number = () => 1) {
    this.#most = most
    this.#costOf = costOf
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): void {
    this.#young.set(key, value)
    this.#cost += this.#costOf(value)
    if (this.#cost < this.#most) return
    this.#old = this.#young
    this.#young = new Map()
    this.#cost = 0
  }
}
