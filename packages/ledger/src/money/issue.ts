import { authorise } from '../authority.ts'
import { bearer, demandCardRoom, findBearer } from '../bearer.ts'
import { type Context, type Effects, params } from '../context.ts'
import type { WalletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { findAsset } from '../registry/asset.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { demandAttested } from './attestation.ts'
import { burnReceived, type Evidence, evidence } from './evidence.ts'
import { useApproval } from './issue-approval.ts'
import { countIssued } from './issue-day.ts'
import { demandSupply } from './refill.ts'
import { euros, openReserves, reserveWalletId } from './reserve.ts'

/** The keeper issues federated euros for a payment received. Source: docs/spec/reserve.md. */
export const issueAction = object({ kind: literal('issue'), to: bearer, evidence })
export type Issue = Of<typeof issueAction>

/**
 * Four lines at most: CRE at the keeper and REF to the bearer in FED; CRE in EUR on the reserve account for
 * the net amount, and on due-from-keeper for the fee. So FED issued = EUR issued, at every line.
 *
 * Rejects with, in this order: not_authorised, limit_exceeded, evidence_does_not_add_up,
 * amount_must_be_positive, evidence_burnt, the bearer's refusals, supply_limit, statement_too_old, reserve_gap,
 * reserve_cap, due_cap, limit_exceeded (card_balance), limit_exceeded (issue_day), second_keeper_needed,
 * wallet_kind_refused (somebody's wallet has the id of the reserve account), too_many (reserve accounts).
 */
export function issue(ctx: Context, action: Issue): Effects {
  const { account, gross, fee, net } = action.evidence
  const { fed, keeper, due, eur } = params(ctx.state)
  const counters = authorise(ctx, { can: 'issue', on: 'network', amount: gross })
  const burnt = burnReceived(ctx, action.evidence)
  const holder = findBearer(ctx, action.to, 'or a place')
  demandCaps(ctx, action.evidence)
  demandCardRoom(ctx, holder, { id: fed, asset: findAsset(ctx, fed), amount: gross })
  const counted = countIssued(ctx, gross)
  const approved = useApproval(ctx, action)
  const bank = reserveWalletId(ctx.hash, account)
  const line = { asset: fed, amount: gross, card: holder.card?.id }
  const create = (wallet: WalletId, amount: typeof net): readonly LineDraft[] =>
    amount === 0n ? [] : [{ action: 'CRE', asset: eur, from: wallet, to: wallet, amount }]
  return {
    active: [holder.wallet],
    changes: [
      ...counters,
      burnt,
      ...counted,
      ...approved,
      ...openReserves(ctx, [account]),
      ...holder.changes,
    ],
    lines: [
      { ...line, action: 'CRE', from: keeper, to: keeper },
      { ...line, action: 'REF', from: keeper, to: holder.wallet },
      ...create(bank, net),
      ...create(due, fee),
    ],
  }
}

function demandCaps(ctx: Context, evidence: Evidence): void {
  const { fed, due, dueCap } = params(ctx.state)
  demandSupply(ctx, fed, evidence.gross)
  demandAttested(ctx, evidence)
  const owed = euros(ctx.state, due)
  demand(owed + evidence.fee <= dueCap, () => ({
    code: 'due_cap',
    left: dueCap > owed ? dueCap - owed : 0n,
  }))
}
