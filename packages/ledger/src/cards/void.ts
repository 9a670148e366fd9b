import { authorise, placeSubject } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { cardId, placeId, type WalletId } from '../ids.ts'
import { findPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { liveCard, ownWalletOf } from './card.ts'

/** A place takes a card back, to hand it to somebody else. Source: docs/spec/cards.md, "Void". */
export const cardVoidAction = object({
  kind: literal('card-void'),
  card: cardId,
  place: placeId,
})
export type CardVoid = Of<typeof cardVoidAction>

/**
 * The card is like new: no person, a new own wallet, no longer primary for this place (the tills of other
 * places keep theirs). What was on it stays on the wallet it had; a refund comes before, in the same tx.
 *
 * Rejects with, in this order: place_not_found, the card's refusals, not_authorised, wallet_has_holds (on its own
 * wallet, which nobody could reach any more).
 */
export function cardVoid(ctx: Context, { card: id, place }: CardVoid): Effects {
  findPlace(ctx, place)
  const card = liveCard(ctx, id)
  const { batch, status, counter, primary } = card
  const counters = authorise(ctx, { can: 'cards', on: placeSubject(place) })
  if (card.person === undefined) demandNoHolds(ctx, ownWalletOf(ctx.hash, id, card))
  const others = primary.filter((one) => one !== place)
  const record = { batch, status, counter: counter + 1, primary: others }
  return { changes: [...counters, { kind: 'card', id, record }] }
}

function demandNoHolds(ctx: Context, wallet: WalletId): void {
  for (const asset of ctx.state.get('wallet', wallet)?.assets ?? []) {
    const held = ctx.state.get('account', `${wallet}/${asset}`)?.held ?? 0n
    demand(held === 0n, () => ({ code: 'wallet_has_holds', wallet, asset }))
  }
}
