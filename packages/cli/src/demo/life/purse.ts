import { type Account, type Amount, afterMelt, meltsUntil, withAnchors } from '@fedow/ledger'
import { GIFT, LOCAL } from '../cast.ts'
import { FED, type Part } from './deed.ts'
import type { Melting } from './melting.ts'

/** Gift money first, then local money, then federated euros. */
const PAYS: readonly string[] = [GIFT, LOCAL, FED]

/** What some place has, as the book has it too; more, when it was given something out of a fund. */
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
}

const EMPTY: Account = { balance: 0n, held: 0n as Amount, last: 0 }

/** What somebody has, as the book has it too: it melts while they sleep, by the same function. */
export class OwnPurse {
  readonly #melting: Melting
  readonly #accounts = new Map<string, Account>()
  #activeDay: number | undefined

  constructor(melting: Melting) {
    this.#melting = melting
  }

  of(asset: string): number {
    return Number(this.#account(asset).balance)
  }

  /** Adds an amount, or takes it away when it is below zero. */
  add({ asset, amount }: Part): void {
    this.#change(asset, this.#account(asset), BigInt(amount))
  }

  clear(asset: string): void {
    this.add({ asset, amount: -this.of(asset) })
  }

  /** A card without anything is theirs from now on. */
  empty(): void {
    this.#accounts.clear()
    this.#activeDay = undefined
  }

  /** They do something themselves: what they have stays awake. */
  wake(): void {
    for (const asset of this.#accounts.keys()) this.#accounts.set(asset, this.#account(asset))
    this.#activeDay = this.#melting.day
  }

  /** All of it goes to another wallet, of their own. */
  moveOver(): void {
    const moved = [...this.#accounts.keys()].map((asset) => [asset, this.of(asset)] as const)
    this.empty()
    this.wake()
    for (const [asset, amount] of moved) if (amount > 0) this.add({ asset, amount })
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

  /** As it is now: what fell due has melted. */
  #account(asset: string): Account {
    let account = this.#accounts.get(asset) ?? EMPTY
    const { day } = this.#melting
    const sleeper = { account, ...this.#about(asset) }
    for (const melt of meltsUntil(sleeper, day)) account = afterMelt(account, melt)
    return account
  }

  #change(asset: string, before: Account, change: bigint): void {
    const after = { ...before, balance: before.balance + change }
    const { timeMs } = this.#melting
    this.#accounts.set(asset, withAnchors({ before, after, ...this.#about(asset), timeMs }))
  }

  /** Cards and wallets of people melt alike. */
  #about(asset: string) {
    const activeDay = this.#activeDay
    const wallet = {
      kind: 'card',
      assets: [],
      ...(activeDay !== undefined && { activeDay }),
    } as const
    return { wallet, policies: this.#melting.policiesOf(asset) }
  }
}
