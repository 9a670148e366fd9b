import type { Amount } from '../amount.ts'
import { AMOUNT_MAX } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { awakened, bearer, findBearer } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import type { Context, Effects } from '../context.ts'
import { assetId, cardId, placeId, tillId } from '../ids.ts'
import { demandAccepted, demandKind, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object, optional, timeMs } from '../shape.ts'

/** A place records a paid membership. Moves no money. Source: docs/spec/membership.md. */
export const subscribeAction = object({
  kind: literal('subscribe'),
  place: placeId,
  to: bearer,
  asset: assetId,
  /** The price paid, in minor units; it only adds up in the record. */
  amount,
  startMs: timeMs,
  primary: optional(cardId),
  till: optional(tillId),
})
export type Subscribe = Of<typeof subscribeAction>

/**
 * One SUB line, and the member's record {total, start, count}.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, limit_exceeded, the bearer's
 * refusals, card_not_primary, asset_not_found, asset_archived, kind_refuses_action, asset_not_accepted, supply_limit.
 */
export function subscribe(ctx: Context, action: Subscribe): Effects {
  const { asset: id, amount, startMs, primary, till } = action
  const place = openPlace(ctx, action.place)
  const counters = authorise(ctx, { can: 'sell', on: placeSubject(action.place), amount, till })
  const member = findBearer(ctx, action.to)
  demandPrimary(ctx, primary, action.place)
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, 'subscribe')
  demandAccepted({ id, asset }, { id: action.place, record: place })
  const recordId = `${member.wallet}/${id}`
  const before = ctx.state.get('subscription', recordId)
  const total = (before?.total ?? 0n) + amount
  demand(total <= AMOUNT_MAX, () => ({
    code: 'supply_limit',
    asset: id,
    left: AMOUNT_MAX - (before?.total ?? 0n),
  }))
  const record = { total: total as Amount, startMs, count: (before?.count ?? 0) + 1 }
  return {
    changes: [...counters, ...member.changes, { kind: 'subscription', id: recordId, record }],
    active: awakened(member),
    lines: [
      {
        action: 'SUB',
        asset: id,
        from: place.wallet,
        to: member.wallet,
        amount,
        card: member.card?.id,
        primary,
      },
    ],
  }
}
