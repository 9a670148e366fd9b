import { authorise, demandOwnKey, placeSubject, type Right } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { type ProposalId, placeId, proposalId } from '../ids.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { literal, type Of, object, oneOf } from '../shape.ts'
import { stepLine } from './propose.ts'
import { type Ballot, CHOICES, type Choice, type Proposal } from './voting-records.ts'

/** A place votes, or changes its vote. Source: docs/spec/governance.md, "vote". */
export const voteAction = object({
  kind: literal('vote'),
  proposal: proposalId,
  place: placeId,
  choice: oneOf(CHOICES),
})
export type Vote = Of<typeof voteAction>

/**
 * One VOT line. A vote that was cast before is taken back first: one place, one vote.
 *
 * Rejects with, in this order: proposal_not_found, place_not_found, place_suspended, not_authorised, not_in_electorate,
 * ballot_closed, already_voted (the same).
 */
export function vote(ctx: Context, { proposal: id, place, choice }: Vote): Effects {
  const { proposal, ballot } = findBallot(ctx, id)
  const { wallet } = openPlace(ctx, place)
  const right: Right = { can: 'vote', on: placeSubject(place) }
  demandOwnKey(ctx, right)
  const counters = authorise(ctx, right)
  demand(proposal.electorate.includes(place), () => ({ code: 'not_in_electorate', place }))
  const { closesMs: closedMs, what } = proposal
  const isOpen = ballot.status === 'open' && ctx.timeMs < closedMs
  demand(isOpen, () => ({ code: 'ballot_closed', proposal: id, closedMs }))
  const before = ctx.state.get('vote', `${id}/${place}`)?.choice
  demand(before !== choice, () => ({ code: 'already_voted', proposal: id, place }))
  return {
    changes: [
      ...counters,
      { kind: 'vote', id: `${id}/${place}`, record: { choice, timeMs: ctx.timeMs } },
      { kind: 'ballot', id, record: count(ballot, { before, choice }) },
    ],
    lines: [stepLine(ctx, { action: 'VOT', wallet, what })],
  }
}

function count(
  ballot: Ballot,
  { before, choice }: { readonly before: Choice | undefined; readonly choice: Choice },
): Ballot {
  const without = before === undefined ? ballot : { ...ballot, [before]: ballot[before] - 1 }
  return { ...without, [choice]: without[choice] + 1 }
}

/** A proposal and how it stands. Rejects with: proposal_not_found. */
export function findBallot(
  ctx: Pick<Context, 'state'>,
  id: ProposalId,
): { readonly proposal: Proposal; readonly ballot: Ballot } {
  const proposal = ctx.state.get('proposal', id)
  const ballot = ctx.state.get('ballot', id)
  if (proposal === undefined || ballot === undefined) {
    return refuse({ code: 'proposal_not_found', proposal: id })
  }
  return { proposal, ballot }
}
