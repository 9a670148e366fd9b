import { authorise, placeSubject } from '../authority.ts'
import type { Change, Context, Effects } from '../context.ts'
import { cardId, placeId } from '../ids.ts'
import { PRIMARIES_PER_CARD_MAX } from '../records.ts'
import { findPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { array, boolean, literal, type Of, object } from '../shape.ts'
import { findCard, liveCard } from './card.ts'

/** Cards that open, or no longer open, the tills of a place. Source: docs/spec/cards.md. */
export const cardPrimaryAction = object({
  kind: literal('card-primary'),
  place: placeId,
  cards: array(cardId, { min: 1, max: 100 }),
  primary: boolean,
})
export type CardPrimary = Of<typeof cardPrimaryAction>

/**
 * Sets or removes the right of each card; what is already so stays so.
 *
 * Rejects with, in this order: place_not_found, not_authorised, id_taken (a card named twice), the card's
 * refusals (only card_not_found when removing), too_many.
 */
export function cardPrimary(ctx: Context, action: CardPrimary): Effects {
  findPlace(ctx, action.place)
  const counters = authorise(ctx, { can: 'cards', on: placeSubject(action.place) })
  const seen = new Set<string>()
  const changes = action.cards.map((id): Change => {
    if (seen.has(id)) return refuse({ code: 'id_taken', id })
    seen.add(id)
    const card = action.primary ? liveCard(ctx, id) : findCard(ctx, id)
    const others = card.primary.filter((place) => place !== action.place)
    const primary = action.primary ? [...others, action.place] : others
    demand(primary.length <= PRIMARIES_PER_CARD_MAX, () => ({
      code: 'too_many',
      what: 'places of a primary card',
      max: PRIMARIES_PER_CARD_MAX,
    }))
    return { kind: 'card', id, record: { ...card, primary } }
  })
  return { changes: [...counters, ...changes] }
}
