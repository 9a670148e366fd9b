import { AMOUNT_MAX } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { bearer, demandCardRoom, findBearer } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import type { Context, Effects } from '../context.ts'
import { type AssetId, assetId, cardId, tillId } from '../ids.ts'
import { issued } from '../post.ts'
import { demandKind, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'

/** An issuer creates its own money on a card or a person's wallet. Source: docs/spec/refill.md. */
export const refillAction = object({
  kind: literal('refill'),
  asset: assetId,
  to: bearer,
  amount,
  primary: optional(cardId),
  till: optional(tillId),
})
export type Refill = Of<typeof refillAction>

/**
 * Two lines: CRE at the issuer, REF from the issuer to the bearer. Never delegated.
 *
 * Rejects with, in this order: asset_not_found, asset_archived, kind_refuses_action, place_suspended,
 * not_authorised, limit_exceeded (key), the bearer's refusals, card_not_primary, supply_limit,
 * limit_exceeded (card_balance).
 */
export function refill(ctx: Context, action: Refill): Effects {
  const { amount, primary } = action
  const asset = liveAsset(ctx, action.asset)
  demandKind(action.asset, asset, 'refill')
  const issuer = asset.issuer ?? refuse({ code: 'asset_not_found', asset: action.asset })
  const place = openPlace(ctx, issuer)
  const counters = authorise(ctx, {
    can: 'issue',
    on: placeSubject(issuer),
    amount,
    till: action.till,
  })
  const holder = findBearer(ctx, action.to)
  demandPrimary(ctx, primary, issuer)
  demandSupply(ctx, action.asset, amount)
  demandCardRoom(ctx, holder, { id: action.asset, asset, amount })
  const line = { asset: action.asset, amount, card: holder.card?.id, primary }
  return {
    changes: [...counters, ...holder.changes],
    lines: [
      { ...line, action: 'CRE', from: place.wallet, to: place.wallet },
      { ...line, action: 'REF', from: place.wallet, to: holder.wallet },
    ],
  }
}

/** Rejects with: supply_limit, so that no sum of balances can leave the range of amounts. */
export function demandSupply(ctx: Context, asset: AssetId, amount: bigint): void {
  const left = AMOUNT_MAX - issued(ctx.state, ctx.hash, asset)
  demand(amount <= left, () => ({ code: 'supply_limit', asset, left }))
}
