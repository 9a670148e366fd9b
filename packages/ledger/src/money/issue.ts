import { AMOUNT_MAX } from '../amount.ts'
import { authorise } from '../authority.ts'
import { bearer, demandCardRoom, findBearer } from '../bearer.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type Hex32, hex32, type WalletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { issued } from '../post.ts'
import { findAsset } from '../registry/asset.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object } from '../shape.ts'
import { demandSupply } from './refill.ts'
import { reserveName, reserveWalletId } from './reserve.ts'

/** What proves a payment: who took it, its reference (hashed), and where its euros are. */
export const evidence = object({
  /** The reserve account that the net amount is on, such as `bank/main` or `provider/stripe`. */
  account: reserveName,
  /** SHA-256 of the payment's reference. Burnt for ever: one payment mints once. */
  reference: hex32,
  gross: amount,
  /** What the provider kept; the keeper owes it to the reserve. */
  fee: amount,
  net: amount,
})
export type Evidence = Of<typeof evidence>

/** The keeper issues federated euros for a payment received. Source: docs/spec/reserve.md. */
export const issueAction = object({ kind: literal('issue'), to: bearer, evidence })
export type Issue = Of<typeof issueAction>

/**
 * Four lines at most: CRE at the keeper and REF to the bearer in FED; CRE in EUR on the reserve account for
 * the net amount, and on due-from-keeper for the fee. So FED issued = EUR issued, at every line.
 *
 * Rejects with, in this order: not_authorised, limit_exceeded, evidence_does_not_add_up,
 * amount_must_be_positive, evidence_burnt, the bearer's refusals, supply_limit, reserve_cap, due_cap,
 * limit_exceeded (card_balance), wallet_kind_refused (somebody's wallet has the id of the reserve account).
 */
export function issue(ctx: Context, action: Issue): Effects {
  const { account, reference, gross, fee, net } = action.evidence
  const { fed, keeper, due, eur } = params(ctx.state)
  const counters = authorise(ctx, { can: 'issue', on: 'network', amount: gross })
  // Each is an amount, and what is missing must be one of either sign to be written in the outcome.
  const missing = gross - net - fee
  demand(missing === 0n, () => ({
    code: 'evidence_does_not_add_up',
    missing: missing < -AMOUNT_MAX ? -AMOUNT_MAX : missing,
  }))
  demand(gross > 0n, () => ({ code: 'amount_must_be_positive' }))
  const burnt = burn(ctx, reference, gross)
  const holder = findBearer(ctx, action.to)
  demandCaps(ctx, { gross, fee })
  demandCardRoom(ctx, holder, { id: fed, asset: findAsset(ctx, fed), amount: gross })
  const bank = reserveWalletId(ctx.hash, account)
  const line = { asset: fed, amount: gross, card: holder.card?.id }
  const create = (wallet: WalletId, amount: typeof net): readonly LineDraft[] =>
    amount === 0n ? [] : [{ action: 'CRE', asset: eur, from: wallet, to: wallet, amount }]
  return {
    changes: [...counters, burnt, ...openReserve(ctx, bank, account), ...holder.changes],
    lines: [
      { ...line, action: 'CRE', from: keeper, to: keeper },
      { ...line, action: 'REF', from: keeper, to: holder.wallet },
      ...create(bank, net),
      ...create(due, fee),
    ],
  }
}

/** Rejects with: evidence_burnt. */
export function burn(ctx: Context, reference: Hex32, amount: Evidence['gross']): Change {
  demand(ctx.state.get('evidence', reference) === undefined, () => ({
    code: 'evidence_burnt',
    reference,
  }))
  return { kind: 'evidence', id: reference, record: { tx: ctx.tx, amount } }
}

function demandCaps(ctx: Context, { gross, fee }: { gross: bigint; fee: bigint }): void {
  const { fed, fedCap, due, dueCap, eur } = params(ctx.state)
  demandSupply(ctx, fed, gross)
  const room = fedCap - issued(ctx.state, ctx.hash, fed)
  demand(gross <= room, () => ({ code: 'reserve_cap', left: room > 0n ? room : 0n }))
  const owed = ctx.state.get('account', `${due}/${eur}`)?.balance ?? 0n
  demand(owed + fee <= dueCap, () => ({
    code: 'due_cap',
    left: dueCap > owed ? dueCap - owed : 0n,
  }))
}

function openReserve(ctx: Context, wallet: WalletId, name: string): readonly Change[] {
  const kind = ctx.state.get('wallet', wallet)?.kind
  if (kind !== undefined) {
    demand(kind === 'reserve', () => ({ code: 'wallet_kind_refused', wallet, kind }))
    return []
  }
  return [{ kind: 'wallet', id: wallet, record: { kind: 'reserve', name, assets: [] } }]
}
