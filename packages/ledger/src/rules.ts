/** The rule sets, by the height from which they hold: an old block replays by the rules of its day. */
import type { Action } from './action.ts'
import { assert } from './assert.ts'
import { versionAt } from './commons/upgrade.ts'
import type { Context, Effects } from './context.ts'
import { decide } from './decide.ts'
import type { StateReader } from './state/reader.ts'

export interface RuleSet {
  readonly version: number
  readonly fromHeight: number
  readonly decide: (ctx: Context, action: Action) => Effects
}

/** Append only. A released rule is never edited: its successor is a new file and a new line here. */
export const RULES: readonly RuleSet[] = [{ version: 1, fromHeight: 0, decide }]

/** The rule set of a height. */
export function rulesAt(height: number): RuleSet {
  const rules = RULES.findLast(({ fromHeight }) => fromHeight <= height)
  assert(rules !== undefined, 'every height has rules')
  return rules
}

/**
 * Stops before a block whose rules this program does not have: the places voted a later version than it knows. To go on
 * by the old rules would make another book than theirs. Source: docs/spec/governance.md, "Upgrades".
 */
export function demandKnownRules(state: StateReader, height: number): void {
  const version = versionAt(state, height)
  if (RULES.some((rules) => rules.version === version)) return
  const newest = RULES.at(-1)?.version
  throw new Error(
    `The places voted version ${version} of the rules from block ${height} on, and this program has ${newest}. ` +
      'Nothing is lost: start a newer Fedow on the same folder.',
  )
}
