/** Lets work on one thing run once at a time, however many ask for it. */
export class SharedRuns<T> {
  readonly #runs = new Map<string, Runs<T>>()

  /** Waits for a run that begins after this call: what was learnt before may be old by now. */
  after(key: string, work: () => Promise<T>): Promise<T> {
    const runs = this.#runs.get(key)
    if (runs === undefined) return this.#begin(key, work)
    runs.next ??= runs.now.catch(() => undefined).then(() => this.#begin(key, work))
    return runs.next
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) {
      await Promise.allSettled([...this.#runs.values()].map(({ now }) => now))
    }
  }

  #begin(key: string, work: () => Promise<T>): Promise<T> {
    const runs: Runs<T> = { now: work(), next: undefined }
    this.#runs.set(key, runs)
    const end = () => {
      if (this.#runs.get(key) === runs && runs.next === undefined) this.#runs.delete(key)
    }
    runs.now.then(end, end)
    return runs.now
  }
}

interface Runs<T> {
  now: Promise<T>
  /** Begins when `now` has ended. */
  next: Promise<T> | undefined
}
