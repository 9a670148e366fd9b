/** What is in a wallet, by when it came: first in, first out. */

/** Money that came to a person at one moment. Units: minor units; microseconds since 1970. */
export interface Parcel {
  readonly amount: bigint
  readonly sinceUs: number
  /** Why it was given, when the giver's program said so. */
  readonly product?: string | undefined
}

/** The parcels of one wallet. The oldest goes first, whatever wallet it came through. */
export class Parcels {
  /** Oldest first, from `#first` on. */
  #rows: Parcel[] = []
  #first = 0
  #total = 0n
  /** Spent beyond what is there: credit, or lines of v1 that do not add up. What comes next makes up for it. */
  #owed = 0n

  /** What is there, minus what is owed. */
  get balance(): bigint {
    return this.#total - this.#owed
  }

  /** Puts parcels in. Answers those that what was owed took at once. */
  put(parcels: readonly Parcel[]): readonly Parcel[] {
    for (const parcel of parcels) this.#insert(parcel)
    const due = this.#owed < this.#total ? this.#owed : this.#total
    this.#owed -= due
    return this.take(due)
  }

  /** Takes the oldest out, up to an amount; what is not there is owed. Answers what was there. */
  take(amount: bigint): readonly Parcel[] {
    const taken: Parcel[] = []
    let left = amount
    while (left > 0n) {
      const oldest = this.#rows[this.#first]
      if (oldest === undefined) break
      if (oldest.amount > left) {
        this.#rows[this.#first] = { ...oldest, amount: oldest.amount - left }
        taken.push({ ...oldest, amount: left })
        left = 0n
        break
      }
      this.#first += 1
      taken.push(oldest)
      left -= oldest.amount
    }
    this.#total -= amount - left
    this.#owed += left
    this.#shrink()
    return taken
  }

  /** Takes everything out, and forgets what is owed. */
  empty(): readonly Parcel[] {
    this.#owed = 0n
    return this.take(this.#total)
  }

  /** Behind all that are as old or older. */
  #insert(parcel: Parcel): void {
    let at = this.#rows.length
    while (at > this.#first && (this.#rows[at - 1] as Parcel).sinceUs > parcel.sinceUs) at -= 1
    if (at === this.#rows.length) this.#rows.push(parcel)
    else this.#rows.splice(at, 0, parcel)
    this.#total += parcel.amount
  }

  #shrink(): void {
    if (this.#first < 32 || this.#first * 2 < this.#rows.length) return
    this.#rows = this.#rows.slice(this.#first)
    this.#first = 0
  }
}
