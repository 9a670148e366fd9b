import { authorise, spenderOf } from '../authority.ts'
import { demandAvailable } from '../bearer.ts'
import type { Context, Effects } from '../context.ts'
import { assetId, hex32, walletId } from '../ids.ts'
import type { Asset } from '../records.ts'
import { demandAccepted, demandKind, liveAsset, policyAt } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'
import { earn } from './mutual.ts'

/**
 * Money from one holder to another: between places with an invoice, from a place to a person, or between
 * persons where the policy allows it. Source: docs/spec/transfer.md.
 */
export const transferAction = object({
  kind: literal('transfer'),
  from: walletId,
  to: walletId,
  asset: assetId,
  amount,
  /** SHA-256 of the invoice that this pays. */
  invoice: optional(hex32),
})
export type Transfer = Of<typeof transferAction>

/** What a place may give to a person: local money, hours, free money and mutual credit, never federated euros or gifts. */
const PLACE_TO_PERSON: readonly Asset['kind'][] = ['TLF', 'TIM', 'LIB', 'MUT']

/**
 * One TRF line.
 *
 * Rejects with, in this order: amount_must_be_positive, wallets_must_differ, the refusals of both wallets,
 * not_authorised, limit_exceeded, the asset's refusals, kind_refuses_action, asset_not_accepted,
 * not_person_to_person, insufficient_balance, supply_limit (mutual credit). A person pays a place by a sale: wallet_kind_refused.
 */
export function transfer(ctx: Context, action: Transfer): Effects {
  const { from, to, asset: id, amount } = action
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(from !== to, () => ({ code: 'wallets_must_differ', wallet: from }))
  const sender = spenderOf(ctx, from)
  const receiver = spenderOf(ctx, to)
  const counters = authorise(ctx, { can: 'spend', on: sender, amount })
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, 'transfer')
  demandPair(ctx, action, { sender, receiver, asset })
  demandAvailable(ctx, { wallet: from, asset: id, amount })
  const earned = earn(ctx, to, [{ id, asset, amount }])
  const line = { action: 'TRF', asset: id, from, to, amount } as const
  return { changes: [...counters, ...earned], active: [from], lines: [line] }
}

function demandPair(
  ctx: Context,
  { to, asset: id }: Transfer,
  { sender, receiver, asset }: { sender: string; receiver: string; asset: Asset },
): void {
  const placeId = ctx.state.get('wallet', to)?.place
  if (placeId !== undefined) {
    demand(sender.startsWith('place/'), () => ({
      code: 'wallet_kind_refused',
      wallet: to,
      kind: 'place',
    }))
    demandAccepted({ id, asset }, { id: placeId, record: openPlace(ctx, placeId) })
    return
  }
  const isAllowed = sender.startsWith('place/')
    ? PLACE_TO_PERSON.includes(asset.kind)
    : policyAt(asset, ctx.timeMs).personToPerson
  demand(isAllowed && receiver.startsWith('wallet/'), () => ({
    code: 'not_person_to_person',
    asset: id,
  }))
}
