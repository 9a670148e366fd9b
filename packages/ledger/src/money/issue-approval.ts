/** What a second keeper says of a payment, before the first issues for it. Source: docs/spec/reserve.md. */
import { authorise, isAuthorised, type Right } from '../authority.ts'
import { type BearerId, bearer, findBearer } from '../bearer.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import type { Hex32 } from '../ids.ts'
import type { IssueApproval } from '../records.ts'
import { type ApprovalFault, refuse } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { burnReceived, type Evidence, evidence } from './evidence.ts'
import { countAlone } from './issue-alone.ts'

/** The members of the issue that it approves. */
export const issueApproveAction = object({ kind: literal('issue-approve'), to: bearer, evidence })
export type IssueApprove = Of<typeof issueApproveAction>

/** What is issued, to whom, for which payment. */
interface Asked {
  readonly to: BearerId
  readonly evidence: Evidence
}

const ISSUE: Right = { can: 'issue', on: 'network' }

/**
 * Another keeper has seen the payment too. No line; a later approval of the same payment replaces it.
 *
 * Rejects with, in this order: not_authorised, evidence_does_not_add_up, amount_must_be_positive, evidence_burnt, the
 * bearer's refusals.
 */
export function issueApprove(ctx: Context, { to, evidence }: IssueApprove): Effects {
  authorise(ctx, ISSUE)
  burnReceived(ctx, evidence)
  findBearer(ctx, to, 'or a place')
  const { reference, ...amounts } = evidence
  const record: IssueApproval = { ...to, ...amounts, by: ctx.signer, atMs: ctx.timeMs }
  return { changes: [{ kind: 'issue-approval', id: reference, record }] }
}

/**
 * Uses up the approval of a payment. An issue without one of exactly itself, by another key that may still issue, counts
 * with the others of its key, which stay within `twoKeepersAbove` together.
 *
 * Rejects with: second_keeper_needed; `alone` is what the key has issued before that counts with it, absent when nothing.
 */
export function useApproval(ctx: Context, asked: Asked): readonly Change[] {
  const { reference, gross } = asked.evidence
  const { twoKeepersAbove: above } = params(ctx.state)
  const uses = ctx.state.get('issue-approval', reference) === undefined ? [] : [used(reference)]
  const found = above === undefined ? undefined : approvalFault(ctx, asked)
  if (above === undefined || found === undefined) return uses
  const { before, change } = countAlone(ctx, asked.evidence)
  if (before + gross > above) {
    const alone = before > 0n ? { alone: before } : {}
    refuse({ code: 'second_keeper_needed', reference, above, found, ...alone })
  }
  return [...uses, change]
}

function used(reference: Hex32): Change {
  return { kind: 'issue-approval', id: reference, record: undefined }
}

/** Why the approval of a payment lets this issue not pass; undefined when it does. */
function approvalFault(ctx: Context, asked: Asked): ApprovalFault | undefined {
  const approval = ctx.state.get('issue-approval', asked.evidence.reference)
  if (approval === undefined) return 'nothing'
  if (approval.by === ctx.signer) return 'own_key'
  if (!isAuthorised({ ...ctx, signer: approval.by }, ISSUE)) return 'ended_key'
  return isOf(approval, asked) ? undefined : 'other_values'
}

function isOf(approval: IssueApproval, { to, evidence }: Asked): boolean {
  const { account, gross, fee, net } = evidence
  const isSameBearer = 'card' in to ? approval.card === to.card : approval.wallet === to.wallet
  const isSamePayment =
    approval.account === account && approval.gross === gross && approval.fee === fee
  return isSameBearer && isSamePayment && approval.net === net
}
