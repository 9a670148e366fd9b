import { assert, type PlaceId, refuse, type TxId, type WalletId } from '@fedow/ledger'
import { type Caller, demandOnPlace, demandOnWallet, walletNamed } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import { cardNamed, type Means, toAction } from './means.ts'

/** A card and the person that it is, was or becomes of. */
export interface CardOfPerson {
  readonly id: TxId
  readonly card: string
  readonly wallet: WalletId
}

/** A person makes a card theirs. */
export function linkIntent(means: Means, caller: Caller, request: CardOfPerson): Intent {
  const { id, wallet } = request
  demandPerson(means, caller, wallet)
  return intentOf(id, [toAction('card-link', { card: cardNamed(means, request.card), wallet })])
}

/** A person reports a card lost. */
export function lossIntent(means: Means, caller: Caller, request: CardOfPerson): Intent {
  const { id, wallet } = request
  demandPerson(means, caller, wallet)
  return intentOf(id, [toAction('card-lost', { card: cardNamed(means, request.card), wallet })])
}

/** A person's new card takes the place of an old one. */
export function replacementIntent(
  means: Means,
  caller: Caller,
  request: CardOfPerson & { readonly lost: string },
): Intent {
  const { id, wallet } = request
  demandPerson(means, caller, wallet)
  const lost = cardNamed(means, request.lost)
  const card = cardNamed(means, request.card)
  return intentOf(id, [toAction('card-replace', { lost, card, wallet })])
}

function demandPerson({ book }: Means, caller: Caller, id: WalletId): void {
  demandOnWallet(caller, { id, record: walletNamed(book.state, id) }, 'spend')
}

/** The place of origin gives a lost card back to circulation. */
export function restorationIntent(
  means: Means,
  caller: Caller,
  request: { readonly id: TxId; readonly card: string },
): Intent {
  const card = cardNamed(means, request.card)
  const { state } = means.book
  const record = state.get('card', card) ?? refuse({ code: 'card_not_found', card })
  const batch = state.get('batch', record.batch)
  assert(batch !== undefined, 'a card has a batch')
  demandOnPlace(caller, batch.place, 'cards')
  return intentOf(request.id, [toAction('card-restore', { card })])
}

/** A place takes a card back. */
export function voidIntent(
  means: Means,
  caller: Caller,
  request: { readonly id: TxId; readonly card: string; readonly place: PlaceId },
): Intent {
  const { id, place } = request
  demandOnPlace(caller, place, 'cards')
  return intentOf(id, [toAction('card-void', { card: cardNamed(means, request.card), place })])
}

/** Cards that open the tills of a place, or no longer. */
export function primaryIntent(
  means: Means,
  caller: Caller,
  request: {
    readonly id: TxId
    readonly place: PlaceId
    readonly cards: readonly string[]
    readonly primary: boolean
  },
): Intent {
  const { id, place, primary } = request
  demandOnPlace(caller, place, 'cards')
  const cards = request.cards.map((ref) => cardNamed(means, ref))
  return intentOf(id, [toAction('card-primary', { place, cards, primary })])
}
