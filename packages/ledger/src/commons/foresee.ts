/** What would come of a proposal. Source: docs/spec/governance.md, "propose". */
import { type Effects, params, type SystemContext } from '../context.ts'
import type { PlaceId } from '../ids.ts'
import { demand } from '../rejection.ts'
import { electorateOf } from './electorate.ts'
import { enact, keep } from './enact.ts'
import { DELAY_USUAL_MS, VOTE_USUAL_MS } from './parameters.ts'
import type { KeptWhat, What } from './what.ts'

/** A proposal that opens at `openedMs`: who votes, until when, and what it does when it passes. */
export interface Foreseen {
  /** What is proposed, with what is in force now. */
  readonly what: KeptWhat
  readonly electorate: readonly PlaceId[]
  readonly openedMs: number
  readonly closesMs: number
  readonly appliesMs: number
  /** By the state of now, at the time when it would apply. */
  readonly effects: Effects
}

/**
 * What comes of a proposal of a place that opens at `ctx.timeMs`. Its opening asks for it, and whoever wants to know
 * before.
 *
 * Rejects with, in this order: asset_not_found, asset_not_shared, too_many (places), not_in_electorate, asset_archived,
 * those of `enact` at the time when it would apply.
 */
export function foresee(
  ctx: SystemContext,
  { place, what: asked }: { readonly place: PlaceId; readonly what: What },
): Foreseen {
  const electorate = electorateOf(ctx, asked)
  demand(electorate.includes(place), () => ({ code: 'not_in_electorate', place }))
  const { voteMs = VOTE_USUAL_MS, delayMs = DELAY_USUAL_MS } = params(ctx.state)
  const openedMs = ctx.timeMs
  const closesMs = openedMs + voteMs
  const appliesMs = closesMs + delayMs
  const what = keep(ctx, asked)
  const effects = enact({ ...ctx, timeMs: appliesMs }, what)
  return { what, electorate, openedMs, closesMs, appliesMs, effects }
}
