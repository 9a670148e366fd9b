import { authorise, placeSubject } from '../authority.ts'
import type { Change, Context, Effects } from '../context.ts'
import { batchId, cardId, hex32, placeId } from '../ids.ts'
import { type Batch, CARDS_PER_TX_MAX } from '../records.ts'
import { findPlace } from '../registry/place.ts'
import { CARD_LEVELS } from '../registry/policy.ts'
import { demand, refuse } from '../rejection.ts'
import { array, integer, literal, type Of, object, oneOf } from '../shape.ts'

/** What every part of a card order says of the whole. */
export const batchPart = {
  batch: batchId,
  place: placeId,
  generation: integer({ min: 0, max: 1_000_000 }),
  /** RFC 9162 root over the salted commitments of the whole order. */
  root: hex32,
  count: integer({ min: 1, max: 1_000_000 }),
  /** How many cards of the order the parts before this one held. */
  offset: integer({ min: 0, max: 1_000_000 }),
  level: oneOf(CARD_LEVELS),
} as const
const part = object(batchPart)

/**
 * A part of a card order, at most 1,000 cards: the book learns random ids and the batch's root, nothing that is
 * printed. Source: docs/spec/cards.md.
 */
export const cardsRegisterAction = object({
  kind: literal('cards-register'),
  ...batchPart,
  cards: array(cardId, { min: 1, max: CARDS_PER_TX_MAX }),
})
export type CardsRegister = Of<typeof cardsRegisterAction>

/**
 * Registers the cards of one part, in order; the last part opens the batch.
 *
 * Rejects with, in this order: place_not_found, not_authorised, batch_part_refused (parts come once, in order,
 * with the same facts and not more cards than the count), id_taken.
 */
export function cardsRegister(ctx: Context, action: CardsRegister): Effects {
  const { batch: id, place, cards } = action
  findPlace(ctx, place)
  const counters = authorise(ctx, { can: 'cards', on: placeSubject(place) })
  const batch = openPart(ctx, action, cards.length)
  const seen = new Set<string>()
  const added = cards.map((card): Change => {
    if (seen.has(card) || ctx.state.get('card', card)) return refuse({ code: 'id_taken', id: card })
    seen.add(card)
    return {
      kind: 'card',
      id: card,
      record: { batch: id, status: 'live', counter: 0, primary: [] },
    }
  })
  return { changes: [...counters, batch, ...added] }
}

/** The batch after so many more cards. Rejects with: batch_part_refused. */
export function openPart(ctx: Context, action: Of<typeof part>, cards: number): Change {
  const { batch: id, place, generation, root, count, level } = action
  const before = ctx.state.get('batch', id)
  const facts = { place, generation, root, count, level }
  const registered = before?.registered ?? 0
  const isNext = action.offset === registered && registered + cards <= count
  demand(isNext && (before === undefined || isSame(before, facts)), () => ({
    code: 'batch_part_refused',
    batch: id,
    expected: registered,
  }))
  return { kind: 'batch', id, record: { ...facts, registered: registered + cards } }
}

function isSame(batch: Batch, facts: Omit<Batch, 'registered'>): boolean {
  return (
    batch.place === facts.place &&
    batch.generation === facts.generation &&
    batch.root === facts.root &&
    batch.count === facts.count &&
    batch.level === facts.level
  )
}
