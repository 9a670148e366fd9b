/**
 * A card as it was right before and after a tx. Lines say which wallets money moved between; of an empty card, or a
 * void, they say nothing. So a refund notes the card before it is ordered, and what was decided in between is
 * followed from there: the same answer whenever it is asked for.
 */
import {
  type Action,
  type Card,
  type CardId,
  type PlaceId,
  type TxId,
  type WalletId,
  walletOf,
} from '@fedow/ledger'
import type { StoredTx } from '../../store/book-reader.ts'
import type { V1Means } from '../means.ts'
import { actionsOf } from './ordered.ts'

export interface CardThen {
  /** The wallet that it pays from. */
  readonly wallet: WalletId
  /** Places whose tills it opens. */
  readonly primary: readonly PlaceId[]
}

/** What a note holds of a card, after so many txs. */
interface Note {
  readonly txs: number
  readonly card: Card
}

/** Notes a card as the book stands, before the tx of this id is made. */
export function noteCard({ book, store }: V1Means, id: TxId, card: CardId): void {
  const record = book.state.get('card', card)
  if (record === undefined) return
  const { spent: _, ...noted } = record
  const note: Note = { txs: book.tip().txs, card: noted }
  store.marks.set(markOf(id), JSON.stringify(note))
}

function markOf(id: TxId): string {
  return `card before ${id}`
}

/** A card around a tx for which it was noted; undefined for one that the book does not have. */
export function cardAround(
  { book, store, hash }: V1Means,
  stored: StoredTx,
  id: CardId,
): { readonly before: CardThen; readonly after: CardThen } | undefined {
  const now = book.state.get('card', id)
  if (now === undefined) return undefined
  const mark = store.marks.get(markOf(stored.id))
  const note: Note = mark === undefined ? { txs: stored.seq - 1, card: now } : JSON.parse(mark)
  let card = note.card
  for (let seq = note.txs + 1; seq < stored.seq; seq += 1) {
    const between = book.txAt(seq)
    if (between !== undefined) card = changed(card, id, between)
  }
  const toThen = (record: Card): CardThen => ({
    wallet: walletOf(hash, id, record),
    primary: record.primary,
  })
  return { before: toThen(card), after: toThen(changed(card, id, stored)) }
}

function changed(card: Card, id: CardId, stored: StoredTx): Card {
  const isAbout = stored.outcome.status === 'applied' && stored.json.includes(id)
  return isAbout ? actionsOf(stored).reduce((one, action) => change(one, id, action), card) : card
}

function change(card: Card, id: CardId, action: Action): Card {
  switch (action.kind) {
    case 'card-link':
      return action.card === id ? { ...card, person: action.wallet } : card
    case 'card-lost':
      return action.card === id ? renewed(card, []) : card
    case 'card-replace':
      if (action.lost === id) return renewed(card, [])
      return action.card === id ? { ...card, person: action.wallet } : card
    case 'card-void':
      return action.card === id ? renewed(card, without(card, action.place)) : card
    case 'card-primary': {
      if (!action.cards.includes(id)) return card
      const others = without(card, action.place)
      return { ...card, primary: action.primary ? [...others, action.place] : others }
    }
    default:
      return card
  }
}

function without({ primary }: Card, place: PlaceId): readonly PlaceId[] {
  return primary.filter((one) => one !== place)
}

/** Nobody's, with its next own wallet. */
function renewed({ batch, status, counter }: Card, primary: readonly PlaceId[]): Card {
  return { batch, status, counter: counter + 1, primary }
}
