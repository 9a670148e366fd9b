/**
 * What melting by other terms would do to the accounts that there are. Pure, from a snapshot and a question.
 *
 * The door of a thread that simulates, with the little that it needs of the ledger beside.
 */
export { assert } from '../assert.ts'
export { encode } from '../codec.ts'
export { dayFrom, dayOf } from '../commons/calendar.ts'
export { OWN_GESTURES } from '../figures/gesture.ts'
export { fromUuidBytes, toUuidBytes } from '../ids.ts'
export { LINE_ACTIONS } from '../line.ts'
export { Malformed } from '../shape.ts'
export {
  BEHAVIOURS,
  type Behaviour,
  CANDIDATES_MAX,
  FEES_USUAL,
  RESAMPLES_USUAL,
  type SimulationCandidate,
  type SimulationQuestion,
  simulationQuestion,
} from './question.ts'
export type { BalanceBand, CandidateFigures, YearRow } from './shown.ts'
export { type Simulation, type SpendingFigures, simulate } from './simulate.ts'
export {
  inSnapshotOrder,
  SIMULATED_YEAR_DAYS,
  type SimulatedAccount,
  type SimulationSnapshot,
  simulatedTerms,
  simulationSnapshot,
} from './snapshot.ts'
