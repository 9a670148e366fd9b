/** An amount, and whether enough wallets stand behind it to be shown. */

/** Fewest wallets behind a figure that is shown. */
export const HOLDERS_MIN = 10

/** Units: minor units of the asset. */
export class Cell {
  #amount = 0n
  /** Wallets behind the amount; more than are needed are not kept. */
  readonly #wallets = new Set<object>()

  get amount(): bigint {
    return this.#amount
  }

  get isEmpty(): boolean {
    return this.#wallets.size === 0
  }

  /** True with 1 to 9 wallets behind it: whoever sees it may see a person. */
  get isSmall(): boolean {
    const { size } = this.#wallets
    return size > 0 && size < HOLDERS_MIN
  }

  /** An amount of one wallet. */
  add(amount: bigint, wallet: object): void {
    this.#amount += amount
    if (this.#wallets.size < HOLDERS_MIN) this.#wallets.add(wallet)
  }

  /** The sum of cells; a wallet that stands behind several counts once. */
  static sum(cells: readonly Cell[]): Cell {
    const sum = new Cell()
    for (const cell of cells) {
      sum.#amount += cell.#amount
      for (const wallet of cell.#wallets) sum.add(0n, wallet)
    }
    return sum
  }
}
