/** How much of what came to people is still with them at an age. */
import { Cell } from './cell.ts'
import type { Parcel } from './parcels.ts'
import { DAY_US } from './window.ts'

/** Ages in days: 1 and 7 days, 1 and 3 and 6 months of 30 days, 1 to 3 years of 365 days. */
export const SURVIVAL_DAYS = [1, 7, 30, 90, 180, 365, 730, 1_095] as const

/**
 * Of what came long enough ago to have had this age at the end of the window: how much, how much of it was still with
 * people at that age, and how much had left. `came` is `there` and `gone`.
 */
export interface SurvivalRow {
  readonly days: number
  readonly came: Cell
  readonly there: Cell
  readonly gone: Cell
}

/** Counts parcels once they have left, or at the end. */
export class Survival {
  readonly #toUs: number
  readonly #rows = SURVIVAL_DAYS.map((days) => ({
    ...{ days, ageUs: days * DAY_US },
    ...{ came: new Cell(), there: new Cell(), gone: new Cell() },
  }))

  constructor(toUs: number) {
    this.#toUs = toUs
  }

  /**
   * A parcel that a wallet had to a moment, or still has when none is given. What leaves at exactly an age is gone at
   * that age; a parcel is old enough for an age when it has it at the end, to the microsecond.
   */
  count({ amount, sinceUs }: Parcel, wallet: object, untilUs?: number): void {
    for (const { ageUs, came, there, gone } of this.#rows) {
      if (sinceUs + ageUs > this.#toUs) return
      came.add(amount, wallet)
      const isGone = untilUs !== undefined && untilUs <= sinceUs + ageUs
      ;(isGone ? gone : there).add(amount, wallet)
    }
  }

  /** From the youngest age to the oldest. */
  rows(): readonly SurvivalRow[] {
    return this.#rows.map(({ days, came, there, gone }) => ({ days, came, there, gone }))
  }
}
