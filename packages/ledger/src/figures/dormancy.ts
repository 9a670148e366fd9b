/** What lies in wallets, by the time since their holders last did something themselves. */
import { DAY_US } from './window.ts'

/** Where a band begins, in days since the last own gesture; the last one has no end. */
export const DORMANT_DAYS = [0, 30, 90, 180, 365] as const

/** Wallets whose last own gesture was from `fromDays` to less than `toDays` days before the end of the window. */
export interface DormantBand {
  readonly fromDays: number
  /** Absent for the longest time. */
  readonly toDays?: number
  readonly amount: bigint
  readonly wallets: number
}

/** Sorts balances into bands. */
export class Dormancy {
  readonly #toUs: number
  readonly #bands = DORMANT_DAYS.map((fromDays) => ({ fromDays, amount: 0n, wallets: 0 }))

  constructor(toUs: number) {
    this.#toUs = toUs
  }

  /** A balance above zero, and when its holder last did something. */
  count(balance: bigint, gestureUs: number): void {
    const sinceUs = this.#toUs - gestureUs
    const band = this.#bands.findLast(({ fromDays }) => fromDays * DAY_US <= sinceUs)
    const at = band ?? this.#bands[0]
    if (at === undefined) return
    at.amount += balance
    at.wallets += 1
  }

  /** From the shortest time to the longest. */
  bands(): readonly DormantBand[] {
    return this.#bands.map((band, index) => {
      const next = this.#bands[index + 1]
      return { ...band, ...(next && { toDays: next.fromDays }) }
    })
  }
}
