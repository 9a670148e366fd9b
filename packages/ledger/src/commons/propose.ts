import { ZERO } from '../amount.ts'
import { authorise, demandOwnKey, isAuthorised, placeSubject, type Right } from '../authority.ts'
import { type Context, type Effects, params, type SystemContext } from '../context.ts'
import { hex32, type PlaceId, placeId, proposalId } from '../ids.ts'
import type { LineAction, LineDraft } from '../line.ts'
import { ONLY } from '../records.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { foresee } from './foresee.ts'
import { AGENDA_MAX, type Agenda, PROPOSALS_PER_PLACE_MAX } from './voting-records.ts'
import { type What, what } from './what.ts'

/** A place asks the others to decide. Source: docs/spec/governance.md, "propose". */
export const proposeAction = object({
  kind: literal('propose'),
  proposal: proposalId,
  /** The place that asks, and which is one of those that vote. */
  place: placeId,
  what,
  /** SHA-256 of the text that people read before they vote. */
  text: hex32,
})
export type Propose = Of<typeof proposeAction>

/**
 * Opens the ballot: one PRP line. Who votes, the text and what is in force now are fixed.
 *
 * Rejects with, in this order: id_taken, place_not_found, place_suspended, not_authorised, those of `foresee`, too_many
 * (open proposals of the place, of the network).
 */
export function propose(ctx: Context, action: Propose): Effects {
  const { proposal: id, place, text } = action
  demand(ctx.state.get('proposal', id) === undefined, () => ({ code: 'id_taken', id }))
  const { wallet } = openPlace(ctx, place)
  const counters = authorise(ctx, ownRight(ctx, place))
  const { effects: _, ...foreseen } = foresee(ctx, action)
  const record = { place, text, ...foreseen }
  const ballot = { yes: 0, no: 0, abstain: 0, status: 'open', dueMs: foreseen.closesMs } as const
  return {
    changes: [
      ...counters,
      { kind: 'proposal', id, record },
      { kind: 'ballot', id, record: ballot },
      { kind: 'agenda', id: ONLY, record: withOpen(ctx, action) },
    ],
    lines: [stepLine(ctx, { action: 'PRP', wallet, what: action.what })],
  }
}

/** To propose, or to vote, which includes it. Rejects with: not_authorised (a node's key). */
function ownRight(ctx: Context, place: PlaceId): Right {
  const right: Right = { can: 'propose', on: placeSubject(place) }
  demandOwnKey(ctx, right)
  const vote: Right = { ...right, can: 'vote' }
  return isAuthorised(ctx, vote) ? vote : right
}

/** Rejects with: too_many. */
function withOpen(ctx: Context, { proposal, place }: Propose): Agenda {
  const open = ctx.state.get('agenda', ONLY)?.open ?? []
  const own = open.filter((one) => one.place === place).length
  demandBelow('open proposals of a place', own, PROPOSALS_PER_PLACE_MAX)
  demandBelow('open proposals', open.length, AGENDA_MAX)
  return { open: [...open, { proposal, place }] }
}

function demandBelow(what: string, count: number, max: number): void {
  demand(count < max, () => ({ code: 'too_many', what, max }))
}

/** The line of a step: it moves nothing, and stands on the wallet of a place in the asset that it is about, else in FED. */
export function stepLine(
  ctx: SystemContext,
  { action, wallet, what }: { action: LineAction; wallet: LineDraft['from']; what: What },
): LineDraft {
  const asset = what.kind === 'policy' ? what.asset : params(ctx.state).fed
  return { action, asset, from: wallet, to: wallet, amount: ZERO }
}
