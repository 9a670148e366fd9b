/** Lets work on the same thing happen one after the other, within this node. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Does the work when all earlier work on this key has ended, well or badly. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const own = (async () => {
      await before?.catch(() => undefined)
      return work()
    })()
    this.#last.set(key, own)
    try {
      return await own
    } finally {
      if (this.#last.get(key) === own) this.#last.delete(key)
    }
  }
}
