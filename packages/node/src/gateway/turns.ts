/** Work on a key. It lets go of its promise when it has ended. */
interface Turn {
  work: Promise<unknown> | undefined
}

/**
 * Lets work on the same thing happen one after the other, within this node.
 *
 * The tables that a Map outgrows stay linked to the next one, dead or not, until old memory is collected; and each
 * keeps alive what it held. So what is in this Map holds nothing once it is removed: otherwise all that a request
 * has made would be copied twice by the collector of young memory, which costs as much as a payment's rules.
 */
export class Turns {
  readonly #last = new Map<string, Turn>()

  /** How many keys are worked on. */
  get size(): number {
    return this.#last.size
  }

  /** Does the work when all earlier work on this key has ended, well or badly. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)?.work
    const own = before === undefined ? work() : before.catch(() => undefined).then(work)
    const turn: Turn = { work: own }
    this.#last.set(key, turn)
    try {
      return await own
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key)
      turn.work = undefined
    }
  }
}
