/**
 * What becomes of a ballot by itself, at the opening of a block.
 *
 *   open --closes--> passed --applies--> applied
 *          |                     `-----> failed, with the reason
 *          `-------> rejected
 */
import { demandAccounts } from '../account-room.ts'
import { assert } from '../assert.ts'
import { encode } from '../codec.ts'
import type { Change, Effects, SystemContext } from '../context.ts'
import type { ProposalId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { ONLY } from '../records.ts'
import { Refusal, type Rejection } from '../rejection.ts'
import { enact } from './enact.ts'
import { demandFunded } from './fund.ts'
import { hasMajority, hasQuorum } from './majority.ts'
import { stepLine } from './propose.ts'
import { findBallot } from './vote.ts'
import type { Agenda, Ballot, Proposal, Reason } from './voting-records.ts'

/**
 * The system entry of a ballot whose time has come: its result is fixed, or it is applied. One APL line; a grant has
 * its GRT line too. What cannot be applied any more fails as a whole, and its record says why.
 */
export function ballotStep(ctx: SystemContext, id: ProposalId): Effects {
  const { proposal, ballot } = findBallot(ctx, id)
  return ballot.status === 'open'
    ? closeBallot(ctx, { id, proposal, ballot })
    : applyProposal(ctx, { id, proposal, ballot })
}

interface Due {
  readonly id: ProposalId
  readonly proposal: Proposal
  readonly ballot: Ballot
}

function closeBallot(ctx: SystemContext, due: Due): Effects {
  const { proposal, ballot } = due
  const { kind } = proposal.what
  const isPassed = hasQuorum(kind, ballot, proposal.electorate.length) && hasMajority(kind, ballot)
  const { dueMs: _, ...counts } = ballot
  if (isPassed) {
    return step(ctx, due, { ...counts, status: 'passed', dueMs: proposal.appliesMs })
  }
  const over = step(ctx, due, { ...counts, status: 'rejected' })
  return { ...over, changes: [...(over.changes ?? []), offAgenda(ctx, due.id)] }
}

function applyProposal(ctx: SystemContext, due: Due): Effects {
  const { dueMs: _, ...counts } = due.ballot
  const off = offAgenda(ctx, due.id)
  const enacted = tryEnact(ctx, due)
  if ('reason' in enacted) {
    const failed = step(ctx, due, { ...counts, status: 'failed', reason: enacted.reason })
    return { ...failed, changes: [...(failed.changes ?? []), off] }
  }
  const applied = step(ctx, due, { ...counts, status: 'applied' })
  return {
    changes: [...(applied.changes ?? []), off, ...(enacted.effects.changes ?? [])],
    lines: [...(applied.lines ?? []), ...(enacted.effects.lines ?? [])],
  }
}

/** Judged by the time at which it was to apply: a block that comes late changes nothing. */
function tryEnact(
  ctx: SystemContext,
  { proposal: { what, appliesMs } }: Due,
): { readonly effects: Effects } | { readonly reason: Reason } {
  try {
    const effects = enact({ ...ctx, timeMs: appliesMs }, what)
    if (what.kind === 'grant') demandFunded(ctx, what)
    demandAccounts(ctx.state, effects)
    return { effects }
  } catch (cause) {
    if (cause instanceof Refusal) return { reason: toReason(cause.rejection) }
    throw cause
  }
}

/** A rejection as a record keeps it: amounts are whole numbers, as in outcomes. */
function toReason({ code, ...members }: Rejection): Reason {
  return { code, with: JSON.parse(encode(members)) }
}

function step(ctx: SystemContext, { id, proposal }: Due, ballot: Ballot): Effects {
  const { place, what } = proposal
  const wallet = ctx.state.get('place', place)?.wallet
  assert(wallet !== undefined, 'a proposal has a place')
  const line: LineDraft = stepLine(ctx, { action: 'APL', wallet, what })
  return { changes: [{ kind: 'ballot', id, record: ballot }], lines: [line] }
}

function offAgenda(ctx: SystemContext, id: ProposalId): Change {
  const open = ctx.state.get('agenda', ONLY)?.open ?? []
  const record: Agenda = { open: open.filter(({ proposal }) => proposal !== id) }
  return { kind: 'agenda', id: ONLY, record }
}
