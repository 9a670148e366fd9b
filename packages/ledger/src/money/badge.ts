import { ZERO } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { awakened, bearer, findBearer } from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import type { Context, Effects } from '../context.ts'
import { assetId, cardId, placeId } from '../ids.ts'
import { demandAccepted, demandKind, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { literal, type Of, object, optional } from '../shape.ts'

/** Somebody clocks in or out. Moves no money. Source: docs/spec/membership.md, "Badges". */
export const badgeAction = object({
  kind: literal('badge'),
  place: placeId,
  from: bearer,
  asset: assetId,
  primary: optional(cardId),
})
export type Badge = Of<typeof badgeAction>

/**
 * One BDG line of amount zero.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, the bearer's refusals,
 * card_not_primary, asset_not_found, asset_archived, kind_refuses_action, asset_not_accepted.
 */
export function badge(ctx: Context, action: Badge): Effects {
  const { asset: id, primary } = action
  const place = openPlace(ctx, action.place)
  const counters = authorise(ctx, { can: 'sell', on: placeSubject(action.place) })
  const person = findBearer(ctx, action.from)
  demandPrimary(ctx, primary, action.place)
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, 'badge')
  demandAccepted({ id, asset }, { id: action.place, record: place })
  const card = person.card?.id
  return {
    changes: [...counters, ...person.changes],
    active: awakened(person),
    lines: [
      {
        action: 'BDG',
        asset: id,
        from: person.wallet,
        to: place.wallet,
        amount: ZERO,
        card,
        primary,
      },
    ],
  }
}
