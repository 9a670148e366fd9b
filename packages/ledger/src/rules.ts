/** The rule sets, by the height from which they hold: an old block replays by the rules of its day. */
import type { Action } from './action.ts'
import { assert } from './assert.ts'
import type { Context, Effects } from './context.ts'
import { decide } from './decide.ts'

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
