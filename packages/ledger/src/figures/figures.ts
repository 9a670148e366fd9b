/** What an asset does: how long it stays, how it goes round, where it is spent, what sleeps. Pure, from lines alone. */
export { Cell, HOLDERS_MIN } from './cell.ts'
export {
  FigureCount,
  type FigureLine,
  type FigureScope,
  type Figures,
  type FigureWallet,
  type ProductCells,
  type SpentCells,
} from './count.ts'
export { DORMANT_DAYS, type DormantBand } from './dormancy.ts'
export { OWN_GESTURES } from './gesture.ts'
export {
  type NoShare,
  type PlacesRow,
  type ProductsRow,
  type ShownFigures,
  type ShownSurvival,
  type SpentAt,
  toShownFigures,
} from './shown.ts'
export { SURVIVAL_DAYS, type SurvivalRow } from './survival.ts'
export { DAY_US, type FigureWindow, YEAR_DAYS } from './window.ts'
