/**
 * What an asset does: how long it stays, how it goes round, where it is spent, what sleeps. Pure, from lines alone.
 *
 * The door of a thread that counts figures, with the little that it needs of the ledger beside: the whole of it would
 * double the time that a thread takes to start.
 */
export { assert } from '../assert.ts'
export { fromUuidBytes, parseId, toUuidBytes } from '../ids.ts'
export { GENESIS_LINES, LINE_ACTIONS } from '../line.ts'
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
