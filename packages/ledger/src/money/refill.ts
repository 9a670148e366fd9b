import { AMOUNT_MAX } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { awakened, bearer, demandAvailable, demandCardRoom, findBearer } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type AssetId, assetId, cardId, type PlaceId, placeId, tillId } from '../ids.ts'
import { issued } from '../post.ts'
import type { Asset } from '../records.ts'
import { demandKind, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'
import { burnOfPlace, handEvidence } from './evidence.ts'

/**
 * An issuer creates its own money on a card or a person's wallet; or a place sells federated euros that it has.
 * Source: docs/spec/refill.md.
 */
export const refillAction = object({
  kind: literal('refill'),
  asset: assetId,
  to: bearer,
  amount,
  primary: optional(cardId),
  till: optional(tillId),
  /** Federated euros alone: the place that sells them out of what it has. */
  place: optional(placeId),
  /** Who pays by cash or by a bank transfer: what shows it refills once. */
  evidence: optional(handEvidence),
})
export type Refill = Of<typeof refillAction>

/**
 * Two lines: CRE at the issuer, REF from the issuer to the bearer. Never delegated. Federated euros: one TRF line from
 * the place, and nothing is created.
 *
 * Rejects with, in this order: asset_not_found, asset_archived, kind_refuses_action, place_suspended,
 * not_authorised, limit_exceeded (key), with evidence amount_must_be_positive and evidence_burnt, the bearer's
 * refusals, card_not_primary, supply_limit, limit_exceeded (card_balance).
 */
export function refill(ctx: Context, action: Refill): Effects {
  const { amount, primary, place: seller } = action
  const asset = liveAsset(ctx, action.asset)
  if (asset.kind === 'FED' && seller !== undefined) return resell(ctx, { ...action, seller, asset })
  demandKind(action.asset, asset, 'refill')
  demand(seller === undefined, () => ({
    ...{ code: 'kind_refuses_action', asset: action.asset, kind: asset.kind, action: 'refill' },
  }))
  const issuer = asset.issuer ?? refuse({ code: 'asset_not_found', asset: action.asset })
  const place = openPlace(ctx, issuer)
  const counters = authorise(ctx, {
    can: 'issue',
    on: placeSubject(issuer),
    amount,
    till: action.till,
  })
  const burnt = burnIfNamed(ctx, action, issuer)
  const holder = findBearer(ctx, action.to)
  demandPrimary(ctx, primary, issuer)
  demandSupply(ctx, action.asset, amount)
  demandCardRoom(ctx, holder, { id: action.asset, asset, amount })
  const line = { asset: action.asset, amount, card: holder.card?.id, primary }
  return {
    active: awakened(holder),
    changes: [...counters, ...burnt, ...holder.changes],
    lines: [
      { ...line, action: 'CRE', from: place.wallet, to: place.wallet },
      { ...line, action: 'REF', from: place.wallet, to: holder.wallet },
    ],
  }
}

/**
 * A place gives federated euros for cash, as it gives cash for them by a refund.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, limit_exceeded (key), with evidence
 * amount_must_be_positive and evidence_burnt, the bearer's refusals, card_not_primary, amount_must_be_positive,
 * insufficient_balance, limit_exceeded (card_balance).
 */
function resell(
  ctx: Context,
  action: Omit<Refill, 'asset' | 'place'> & {
    readonly seller: NonNullable<Refill['place']>
    readonly asset: Asset
  },
): Effects {
  const { seller, asset, to, amount, primary, till } = action
  const { fed } = params(ctx.state)
  const place = openPlace(ctx, seller)
  const counters = authorise(ctx, { can: 'issue', on: placeSubject(seller), amount, till })
  const burnt = burnIfNamed(ctx, action, seller)
  const holder = findBearer(ctx, to)
  demandPrimary(ctx, primary, seller)
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demandAvailable(ctx, { wallet: place.wallet, asset: fed, amount })
  demandCardRoom(ctx, holder, { id: fed, asset, amount })
  const sides = { from: place.wallet, to: holder.wallet }
  return {
    active: awakened(holder),
    changes: [...counters, ...burnt, ...holder.changes],
    lines: [{ action: 'TRF', asset: fed, ...sides, amount, card: holder.card?.id, primary }],
  }
}

/** Rejects with, in this order: amount_must_be_positive, evidence_burnt. */
function burnIfNamed(
  ctx: Context,
  { evidence, amount }: Pick<Refill, 'evidence' | 'amount'>,
  place: PlaceId,
): readonly Change[] {
  return evidence === undefined ? [] : [burnOfPlace(ctx, evidence, { place, amount })]
}

/** Rejects with: supply_limit, so that no sum of balances can leave the range of amounts. */
export function demandSupply(ctx: Context, asset: AssetId, amount: bigint): void {
  const left = AMOUNT_MAX - issued(ctx.state, ctx.hash, asset)
  demand(amount <= left, () => ({ code: 'supply_limit', asset, left }))
}
