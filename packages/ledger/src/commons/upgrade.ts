/** Which version of the rules holds at which height. Source: docs/spec/governance.md, "Upgrades". */
import { ONLY } from '../records.ts'
import type { StateReader } from '../state/reader.ts'
import type { UpgradePlan } from './what.ts'

/** The last plan that was voted, reached or not. */
export function plannedUpgrade(state: StateReader): UpgradePlan | undefined {
  return state.get('upgrade', ONLY)
}

/** The version of the rules that the places want at a height: 1 until a voted plan is reached. */
export function versionAt(state: StateReader, height: number): number {
  const plan = plannedUpgrade(state)
  if (plan === undefined) return 1
  return height >= plan.height ? plan.rules : plan.rules - 1
}
