import { GIFT, LOCAL } from '../cast.ts'
import { FED, type Part } from './deed.ts'

/** Gift money first, then local money, then federated euros. */
const PAYS: readonly string[] = [GIFT, LOCAL, FED]

/** What somebody or some place has, as the book has it too. */
export class Purse {
  readonly #amounts = new Map<string, number>()

  of(asset: string): number {
    return this.#amounts.get(asset) ?? 0
  }

  /** Adds an amount, or takes it away when it is below zero. */
  add({ asset, amount }: Part): void {
    this.#amounts.set(asset, this.of(asset) + amount)
  }

  clear(asset: string): void {
    this.#amounts.delete(asset)
  }

  empty(): void {
    this.#amounts.clear()
  }

  /** What a price can be paid from. */
  get money(): number {
    return PAYS.reduce((sum, asset) => sum + this.of(asset), 0)
  }

  /** A price over what there is. What is missing is asked of the last of it, and the book refuses that. */
  split(price: number): readonly Part[] {
    const parts: Part[] = []
    let left = price
    for (const asset of PAYS) {
      const amount = Math.min(this.of(asset), left)
      if (amount > 0) parts.push({ asset, amount })
      left -= Math.max(amount, 0)
    }
    if (left === 0) return parts
    const last = parts.at(-1) ?? { asset: FED, amount: 0 }
    return [...parts.slice(0, -1), { ...last, amount: last.amount + left }]
  }
}
