/**
 * Federated euros that go back to whoever paid for them, or out to a place that has earned them. The money is held
 * first, then a provider or a bank is asked, and what it did ends it; no time does.
 *
 *   payout-open ----> open ----> payout-pay (whole or part; the rest is released)
 *                       `------> payout-cancel (the provider paid nothing)
 */
import { type Amount, ZERO } from '../amount.ts'
import { authorise } from '../authority.ts'
import { demandAvailable } from '../bearer.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { hex32, type PayoutId, payoutId, type WalletId, walletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import type { Payout } from '../records.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'
import { burn, evidence, payOut } from './evidence.ts'

/** Holds what a person, a card or a place is to get in euros. Source: docs/spec/payout.md. */
export const payoutOpenAction = object({
  kind: literal('payout-open'),
  payout: payoutId,
  wallet: walletId,
  amount,
})
export type PayoutOpen = Of<typeof payoutOpenAction>

/** Ends a payout by the payment that was made; absent amount: all of it. */
export const payoutPayAction = object({
  kind: literal('payout-pay'),
  payout: payoutId,
  evidence,
  amount: optional(amount),
})
export type PayoutPay = Of<typeof payoutPayAction>

/** Ends a payout without payment. */
export const payoutCancelAction = object({
  kind: literal('payout-cancel'),
  payout: payoutId,
  /** SHA-256 of what shows that nothing was paid: the same failure must not be issued for later. */
  reference: hex32,
})
export type PayoutCancel = Of<typeof payoutCancelAction>

/**
 * One HLD line in FED. Only limits of the key count.
 *
 * Rejects with, in this order: not_authorised, limit_exceeded (key), amount_must_be_positive, id_taken,
 * wallet_not_found, wallet_kind_refused (not of a person, a card or a place), insufficient_balance.
 */
export function payoutOpen(ctx: Context, action: PayoutOpen): Effects {
  const { payout: id, wallet, amount } = action
  const counters = authorise(ctx, { can: 'issue', on: 'network', amount })
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(ctx.state.get('payout', id) === undefined, () => ({ code: 'id_taken', id }))
  demandHolder(ctx, wallet)
  demandAvailable(ctx, { wallet, asset: params(ctx.state).fed, amount })
  const record = { wallet, amount, openedMs: ctx.timeMs }
  return {
    changes: [...counters, { kind: 'payout', id, record }],
    lines: [toLine(ctx, record, 'HLD')],
  }
}

function demandHolder(ctx: Context, wallet: WalletId): void {
  const { kind } = ctx.state.get('wallet', wallet) ?? refuse({ code: 'wallet_not_found', wallet })
  demand(kind === 'person' || kind === 'card' || kind === 'place', () => ({
    code: 'wallet_kind_refused',
    wallet,
    kind,
  }))
}

/**
 * REL of the whole, RFD of what was paid, which burns it (BNK from a place, as a deposit), and BNK in EUR from the
 * reserve account.
 *
 * Rejects with, in this order: not_authorised, payout_not_found, amount_must_be_positive, payout_too_large,
 * evidence_does_not_add_up, evidence_burnt, reserve_account_not_found, reserve_short.
 */
export function payoutPay(ctx: Context, action: PayoutPay): Effects {
  const { payout: id, evidence } = action
  const counters = authorise(ctx, { can: 'issue', on: 'network' })
  const open = findPayout(ctx, id)
  const amount = action.amount ?? open.amount
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(amount <= open.amount, () => ({
    code: 'payout_too_large',
    payout: id,
    left: open.amount,
  }))
  const paid = payOut(ctx, { amount, evidence })
  const isOfPlace = ctx.state.get('wallet', open.wallet)?.kind === 'place'
  const burnt = toLine(ctx, { ...open, amount }, isOfPlace ? 'BNK' : 'RFD')
  return {
    changes: [...counters, ...paid.changes, ended(id)],
    lines: [toLine(ctx, open, 'REL'), burnt, ...paid.lines],
  }
}

/** One REL line. Rejects with, in this order: not_authorised, payout_not_found, evidence_burnt. */
export function payoutCancel(ctx: Context, { payout: id, reference }: PayoutCancel): Effects {
  const counters = authorise(ctx, { can: 'issue', on: 'network' })
  const open = findPayout(ctx, id)
  const burnt = burn(ctx, reference, ZERO)
  return { changes: [...counters, burnt, ended(id)], lines: [toLine(ctx, open, 'REL')] }
}

function findPayout(ctx: Context, id: PayoutId): Payout {
  return ctx.state.get('payout', id) ?? refuse({ code: 'payout_not_found', payout: id })
}

function ended(id: PayoutId): Change {
  return { kind: 'payout', id, record: undefined }
}

function toLine(
  ctx: Context,
  { wallet, amount }: { readonly wallet: WalletId; readonly amount: Amount },
  action: 'HLD' | 'REL' | 'RFD' | 'BNK',
): LineDraft {
  const { fed, keeper } = params(ctx.state)
  return { action, asset: fed, from: wallet, to: keeper, amount }
}
