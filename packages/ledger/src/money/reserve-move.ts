import { authorise } from '../authority.ts'
import { type Context, type Effects, params } from '../context.ts'
import { hex32 } from '../ids.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object, oneOf } from '../shape.ts'
import { burn } from './evidence.ts'
import {
  DUE_FROM_KEEPER,
  demandReserve,
  openReserves,
  reserveAccount,
  reserveWalletId,
} from './reserve.ts'

/** Why euros of the reserve are elsewhere now. */
export const MOVE_REASONS = ['payout', 'fee', 'dispute', 'settlement', 'correction'] as const
export type MoveReason = (typeof MOVE_REASONS)[number]

/** The keeper books euros that went from one account of the reserve to another. Source: docs/spec/reserve.md. */
export const reserveMoveAction = object({
  kind: literal('reserve-move'),
  from: reserveAccount,
  to: reserveAccount,
  amount,
  /** SHA-256 of what shows it: one line of a statement counts once. */
  reference: hex32,
  why: oneOf(MOVE_REASONS),
})
export type ReserveMove = Of<typeof reserveMoveAction>

/**
 * One TRF line in EUR. What the keeper owes may go beyond the cap here, since it has happened: from then on nothing is
 * issued. No limit of the key counts: nothing enters or leaves circulation.
 *
 * Rejects with, in this order: not_authorised, wallets_must_differ, amount_must_be_positive, move_refused,
 * evidence_burnt, reserve_account_not_found, reserve_short, wallet_kind_refused, too_many (reserve accounts).
 */
export function reserveMove(ctx: Context, action: ReserveMove): Effects {
  const { from, to, amount, reference, why } = action
  const counters = authorise(ctx, { can: 'issue', on: 'network' })
  const target = reserveWalletId(ctx.hash, to)
  demand(from !== to, () => ({ code: 'wallets_must_differ', wallet: target }))
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(mayMove(action), () => ({ code: 'move_refused', why }))
  const burnt = burn(ctx, reference, amount)
  const source = demandReserve(ctx, { account: from, amount })
  const { eur } = params(ctx.state)
  return {
    changes: [...counters, burnt, ...openReserves(ctx, [to])],
    lines: [{ action: 'TRF', asset: eur, from: source, to: target, amount }],
  }
}

/** What the keeper owes grows by fees and disputes, or what gives them back lowers it, and a settlement ends it. */
function mayMove({ from, to, why }: ReserveMove): boolean {
  const isOfKeeper = from === DUE_FROM_KEEPER || to === DUE_FROM_KEEPER
  switch (why) {
    case 'payout':
      return !isOfKeeper
    case 'fee':
    case 'dispute':
      return isOfKeeper
    case 'settlement':
      return from === DUE_FROM_KEEPER
    default:
      return to !== DUE_FROM_KEEPER
  }
}
