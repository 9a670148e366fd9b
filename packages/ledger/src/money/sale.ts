import { type Amount, sum } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { type Bearer, countCardUse, demandAvailable, findBearer, type Part } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type AssetId, assetId, cardId, type PlaceId, placeId, tillId, walletId } from '../ids.ts'
import { countIn, HOUR_MS } from '../limits.ts'
import type { Place } from '../records.ts'
import { demandAccepted, demandKind, demandSpendableAt, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { amount, array, literal, type Of, object, optional } from '../shape.ts'
import { earn } from './mutual.ts'
import { countSpending, demandSpendableToday } from './spending.ts'

/** Most assets in one sale. */
export const PARTS_MAX = 16

/** Amounts in several assets, in the order in which they are paid. */
export const parts = array(object({ asset: assetId, amount }), { min: 1, max: PARTS_MAX })
export type Parts = Of<typeof parts>

/** A card pays at a till. Source: docs/spec/sale.md. */
export const saleAction = object({
  kind: literal('sale'),
  card: cardId,
  to: placeId,
  parts,
  primary: optional(cardId),
  till: optional(tillId),
})
export type Sale = Of<typeof saleAction>

/** A person pays a place from a phone. Source: docs/spec/sale.md. */
export const qrSaleAction = object({
  kind: literal('qr-sale'),
  from: walletId,
  to: placeId,
  parts,
})
export type QrSale = Of<typeof qrSaleAction>

/**
 * Moves each part from the card's wallet to the place, one SAL line a part.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, limit_exceeded (key),
 * the card's refusals, card_not_primary, then for each part those of `saleParts`, limit_exceeded (card, wallet, place), supply_limit
 * (mutual credit).
 */
export function sale(ctx: Context, action: Sale): Effects {
  const place = openPlace(ctx, action.to)
  const total = sum(action.parts.map((part) => part.amount))
  const counters = authorise(ctx, {
    can: 'sell',
    on: placeSubject(action.to),
    amount: total,
    till: action.till,
  })
  const payer = findBearer(ctx, { card: action.card })
  demandPrimary(ctx, action.primary, action.to)
  const paid = saleParts(ctx, {
    payer,
    place,
    placeId: action.to,
    parts: action.parts,
    kind: 'sale',
  })
  const used = [...countCardUse(ctx, payer, paid), ...countSpending(ctx, payer.wallet, paid)]
  const taken = [...countTakings(ctx, action.to, paid), ...earn(ctx, place.wallet, paid)]
  const { card, primary } = action
  return {
    changes: [...counters, ...payer.changes, ...used, ...taken],
    active: [payer.wallet],
    lines: paid.map(({ id, amount }) => ({
      action: 'SAL',
      asset: id,
      from: payer.wallet,
      to: place.wallet,
      amount,
      card,
      primary,
    })),
  }
}

/** As a sale, without a card: the payer's own key signs. One QRS line a part; an amount of zero is refused. */
export function qrSale(ctx: Context, action: QrSale): Effects {
  const place = openPlace(ctx, action.to)
  const payer = findBearer(ctx, { wallet: action.from })
  const total = sum(action.parts.map((part) => part.amount))
  const counters = authorise(ctx, { can: 'spend', on: `wallet/${action.from}`, amount: total })
  const paid = saleParts(ctx, {
    payer,
    place,
    placeId: action.to,
    parts: action.parts,
    kind: 'qr-sale',
  })
  demand(
    paid.every((part) => part.amount > 0n),
    () => ({ code: 'amount_must_be_positive' }),
  )
  const used = countSpending(ctx, payer.wallet, paid)
  const taken = [...countTakings(ctx, action.to, paid), ...earn(ctx, place.wallet, paid)]
  return {
    changes: [...counters, ...used, ...taken],
    active: [payer.wallet],
    lines: paid.map(({ id, amount }) => ({
      action: 'QRS',
      asset: id,
      from: payer.wallet,
      to: place.wallet,
      amount,
    })),
  }
}

interface Payment {
  readonly payer: Bearer
  readonly place: Place
  readonly placeId: PlaceId
  readonly parts: Parts
  readonly kind: 'sale' | 'qr-sale' | 'hold' | 'exchange'
}

/**
 * Checks the parts of a payment, one after the other.
 *
 * Rejects with: asset_repeated, asset_not_found, asset_archived, kind_refuses_action, asset_not_accepted,
 * asset_not_spendable_here, asset_not_spendable_today, insufficient_balance.
 */
export function saleParts(ctx: Context, payment: Payment): readonly Part[] {
  const { payer, place, placeId, parts, kind } = payment
  const seen = new Set<AssetId>()
  return parts.map(({ asset: id, amount }) => {
    demand(!seen.has(id), () => ({ code: 'asset_repeated', asset: id }))
    seen.add(id)
    const asset = liveAsset(ctx, id)
    demandKind(id, asset, kind)
    demandAccepted({ id, asset }, { id: placeId, record: place })
    demandSpendableAt(ctx, { id, asset }, placeId)
    demandSpendableToday(ctx, { id, asset })
    demandAvailable(ctx, { wallet: payer.wallet, asset: id, amount })
    return { id, asset, amount }
  })
}

/** Counts FED against the network's ceiling per place and hour, when there is one. */
export function countTakings(
  ctx: Context,
  place: PlaceId,
  parts: readonly Part[],
): readonly Change[] {
  const most = params(ctx.state).placeHourCeiling
  if (most === undefined) return []
  const amount = sum(parts.filter(({ asset }) => asset.kind === 'FED').map((part) => part.amount))
  if (amount === 0n) return []
  const before = ctx.state.get('takings', place)?.spent.hour
  const window = { limit: 'place_hour', most: most as Amount, lengthMs: HOUR_MS } as const
  const hour = countIn(window, before, { amount, timeMs: ctx.timeMs })
  return [{ kind: 'takings', id: place, record: { spent: { hour } } }]
}
