import { type Amount, sum } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { available, type Bearer, demandAvailable, findBearer, type Part } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import type { Context, Effects } from '../context.ts'
import { type AssetId, cardId, type PlaceId, placeId, tillId } from '../ids.ts'
import type { Asset } from '../records.ts'
import { demandKind, findAsset, KIND_ALLOWS, policyAt } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object, optional } from '../shape.ts'
import { parts } from './sale.ts'

/** A place gives cash for what is on a card. Source: docs/spec/refund.md. */
export const refundAction = object({
  kind: literal('refund'),
  card: cardId,
  place: placeId,
  /** What is refunded; absent: everything that this place refunds, whole. */
  parts: optional(parts),
  primary: optional(cardId),
  till: optional(tillId),
})
export type Refund = Of<typeof refundAction>

/**
 * One RFD line per asset: the issuer burns its own local and gift money, federated euros go to the place that
 * pays the cash. Archived assets too. A card with nothing to refund is a refund without lines.
 *
 * Rejects with, in this order: place_not_found, place_suspended, the card's refusals, card_not_primary, for
 * each part asset_repeated, asset_not_found, kind_refuses_action, not_refundable, amount_must_be_positive,
 * insufficient_balance; then not_authorised, limit_exceeded.
 */
export function refund(ctx: Context, action: Refund): Effects {
  const place = openPlace(ctx, action.place)
  const holder = findBearer(ctx, { card: action.card })
  demandPrimary(ctx, action.primary, action.place)
  const refunded = namedParts(ctx, action, holder) ?? everything(ctx, action.place, holder)
  const counters = authorise(ctx, {
    can: 'issue',
    on: placeSubject(action.place),
    amount: sum(refunded.map((part) => part.amount)),
    till: action.till,
  })
  const { card, primary } = action
  return {
    changes: [...counters, ...(refunded.length > 0 ? holder.changes : [])],
    active: refunded.length > 0 ? [holder.wallet] : [],
    lines: refunded.map(({ id, amount }) => ({
      action: 'RFD',
      asset: id,
      from: holder.wallet,
      to: place.wallet,
      amount,
      card,
      primary,
    })),
  }
}

/** True when a place gives something back for an asset: FED anywhere, local and gift money at their issuer. */
export function isRefundedAt(asset: Asset, place: PlaceId, timeMs: number): boolean {
  if (!KIND_ALLOWS[asset.kind].includes('refund')) return false
  if (asset.kind === 'FED') return true
  if (asset.issuer !== place) return false
  return asset.kind === 'TNF' || policyAt(asset, timeMs).refund !== 'never'
}

function namedParts(ctx: Context, action: Refund, holder: Bearer): readonly Part[] | undefined {
  const seen = new Set<AssetId>()
  return action.parts?.map(({ asset: id, amount }) => {
    demand(!seen.has(id), () => ({ code: 'asset_repeated', asset: id }))
    seen.add(id)
    const asset = findAsset(ctx, id)
    demandKind(id, asset, 'refund')
    demand(isRefundedAt(asset, action.place, ctx.timeMs), () => ({
      code: 'not_refundable',
      asset: id,
      place: action.place,
    }))
    demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
    demandAvailable(ctx, { wallet: holder.wallet, asset: id, amount })
    return { id, asset, amount }
  })
}

function everything(ctx: Context, place: PlaceId, { wallet }: Bearer): readonly Part[] {
  const ids = ctx.state.get('wallet', wallet)?.assets ?? []
  return ids.flatMap((id) => {
    const asset = findAsset(ctx, id)
    const amount = available(ctx.state.get('account', `${wallet}/${id}`)) as Amount
    return amount > 0n && isRefundedAt(asset, place, ctx.timeMs) ? [{ id, asset, amount }] : []
  })
}
