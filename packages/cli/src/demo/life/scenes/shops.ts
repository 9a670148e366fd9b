/** Places that join the federation in the course of the years: a market on Saturdays, a bookshop. */
import { purchase } from './purchase.ts'
import type { Stage } from './stage.ts'

export const MARKET = 'Marché du Littoral'
export const BOOKSHOP = 'Librairie Ti Kaz'

const MARKET_PERMILLE = 100
const BOOKS_PERMILLE = 50
const BOOKS: readonly number[] = [690, 850, 990, 1_250, 1_500, 1_890, 2_200]
const BY_PHONE_PERCENT = 60

/** Vegetables by weight, so any price; La Raffinerie fills cards up at the entrance. */
export function playMarket(stage: Stage): void {
  const { lot, joined } = stage.world
  if (!joined.has(MARKET)) return
  for (const person of stage.world.visitors('market', { ...stage, permille: MARKET_PERMILLE })) {
    const price = 180 + 5 * lot.below(360)
    purchase(stage, { person, place: MARKET, price, hasDesk: true })
  }
}

export function playBooks(stage: Stage): void {
  const { lot, joined } = stage.world
  if (!joined.has(BOOKSHOP)) return
  for (const person of stage.world.visitors('books', { ...stage, permille: BOOKS_PERMILLE })) {
    const byPhone = person.character.hasPhone && lot.chance(BY_PHONE_PERCENT)
    purchase(stage, { person, place: BOOKSHOP, price: lot.pick(BOOKS), hasDesk: false, byPhone })
  }
}
