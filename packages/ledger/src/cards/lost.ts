import { assert } from '../assert.ts'
import { authorise, placeSubject } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { type CardId, cardId, type WalletId, walletId } from '../ids.ts'
import type { Card } from '../records.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { findCard, liveCard } from './card.ts'

/** A person reports a card lost. The money stays in their wallet. Source: docs/spec/cards.md, "Lost". */
export const cardLostAction = object({
  kind: literal('card-lost'),
  card: cardId,
  wallet: walletId,
})
export type CardLost = Of<typeof cardLostAction>

/** The place of origin gives a lost card back to circulation, empty. */
export const cardRestoreAction = object({ kind: literal('card-restore'), card: cardId })
export type CardRestore = Of<typeof cardRestoreAction>

/**
 * The person and every primary right are removed; until it is restored the card is refused everywhere.
 *
 * Rejects with, in this order: the card's refusals, card_not_linked, not_authorised.
 */
export function cardLost(ctx: Context, { card: id, wallet }: CardLost): Effects {
  const card = linkedCard(ctx, id, wallet)
  const counters = authorise(ctx, { can: 'spend', on: `wallet/${wallet}` })
  return { changes: [...counters, { kind: 'card', id, record: toLost(card) }], active: [wallet] }
}

/** Rejects with, in this order: card_not_found, not_authorised, card_not_lost. */
export function cardRestore(ctx: Context, { card: id }: CardRestore): Effects {
  const card = findCard(ctx, id)
  const batch = ctx.state.get('batch', card.batch)
  assert(batch !== undefined, 'a card has a batch')
  const counters = authorise(ctx, { can: 'cards', on: placeSubject(batch.place) })
  demand(card.status === 'lost', () => ({ code: 'card_not_lost', card: id }))
  return { changes: [...counters, { kind: 'card', id, record: { ...card, status: 'live' } }] }
}

/** A usable card of this person. Rejects with: the card's refusals, card_not_linked. */
export function linkedCard(ctx: Context, id: CardId, wallet: WalletId): Card {
  const card = liveCard(ctx, id)
  demand(card.person === wallet, () => ({ code: 'card_not_linked', card: id, wallet }))
  return card
}

/** The record of a lost card: it reads as empty, since its next own wallet is a new one. */
export function toLost({ batch, counter }: Card): Card {
  return { batch, status: 'lost', counter: counter + 1, primary: [] }
}
