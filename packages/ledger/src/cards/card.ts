import { assert } from '../assert.ts'
import type { Change, Context } from '../context.ts'
import type { Hash } from '../hash.ts'
import { type CardId, cardWalletId, type PlaceId, type WalletId } from '../ids.ts'
import type { Card, Wallet } from '../records.ts'
import { demand, refuse } from '../rejection.ts'

/** The card of this id. Rejects with: card_not_found. */
export function findCard(ctx: Context, id: CardId): Card {
  return ctx.state.get('card', id) ?? refuse({ code: 'card_not_found', card: id })
}

/** A card that can be used. Rejects with: card_not_found, batch_not_open, card_lost. */
export function liveCard(ctx: Context, id: CardId): Card {
  const card = findCard(ctx, id)
  const batch = ctx.state.get('batch', card.batch)
  assert(batch !== undefined, 'a card has a batch')
  demand(batch.registered === batch.count, () => ({ code: 'batch_not_open', batch: card.batch }))
  demand(card.status === 'live', () => ({ code: 'card_lost', card: id }))
  return card
}

/** The wallet that a card pays from: its person's, else its own. */
export function walletOf(hash: Hash, id: CardId, card: Card): WalletId {
  return card.person ?? ownWalletOf(hash, id, card)
}

/** The wallet of the card itself: the imported one, else the one derived from its id and counter. */
export function ownWalletOf(hash: Hash, id: CardId, card: Card): WalletId {
  if (card.own !== undefined) return card.own
  const known = derived.get(card)
  if (known?.id === id) return known.wallet
  const wallet = cardWalletId(hash, id, card.counter)
  derived.set(card, { id, wallet })
  return wallet
}

/** What was derived already: records are values that never change, and a till asks for the same card again. */
const derived = new WeakMap<Card, { readonly id: CardId; readonly wallet: WalletId }>()

/** Rejects with: wallet_kind_refused, when somebody opened a wallet of theirs under the id of a card's own. */
export function demandOwnWallet(wallet: WalletId, kind: Wallet['kind'] | undefined): void {
  if (kind === undefined || kind === 'card') return
  refuse({ code: 'wallet_kind_refused', wallet, kind })
}

/**
 * The record of a card's own wallet, made on first need: reading a card never writes.
 *
 * Rejects with: wallet_kind_refused.
 */
export function openCardWallet(ctx: Context, card: Card, wallet: WalletId): readonly Change[] {
  const there = ctx.state.get('wallet', wallet)
  if (wallet !== card.person) demandOwnWallet(wallet, there?.kind)
  if (there !== undefined) return []
  const batch = ctx.state.get('batch', card.batch)
  assert(batch !== undefined, 'a card has a batch')
  return [{ kind: 'wallet', id: wallet, record: { kind: 'card', origin: batch.place, assets: [] } }]
}

/** Demands that a card, when given, opens the till of a place. Rejects with: card_not_found, card_lost, card_not_primary. */
export function demandPrimary(ctx: Context, card: CardId | undefined, place: PlaceId): void {
  if (card === undefined) return
  demand(liveCard(ctx, card).primary.includes(place), () => ({
    code: 'card_not_primary',
    card,
    place,
  }))
}
