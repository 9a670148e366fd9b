/** Cards as bodies name them: by their UUID, or by their tag. */
import { type Card, type CardId, type PlaceId, type WalletId, walletOf } from '@fedow/ledger'
import { type Field, key, text } from '../codec/fields.ts'
import { NULL, unknownKey, unknownSlug } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'

/** A card that the book has, and whose tag this node knows. */
export interface NamedCard {
  readonly id: CardId
  readonly record: Card
  /** The wallet that it pays from. */
  readonly wallet: WalletId
}

type Finding = Pick<V1Means, 'book' | 'directory' | 'hash'>

/** What v1 knows of a tag. */
export const V1_TAG = /^[0-9a-f]{8}$/i

export function cardByTag(means: Finding, tag: string): NamedCard | undefined {
  const entry = V1_TAG.test(tag) ? means.directory.byFirstDigits(tag) : undefined
  return entry && toNamed(means, entry.card)
}

function cardById(means: Finding, id: CardId): NamedCard | undefined {
  return means.directory.byCard(id) && toNamed(means, id)
}

/** The directory knows a card a moment before the book does: it is none until then. */
function toNamed({ book, hash }: Finding, id: CardId): NamedCard | undefined {
  const record = book.state.get('card', id)
  return record && { id, record, wallet: walletOf(hash, id, record) }
}

/** The UUID of a card. */
export function cardKey(means: Finding): Field<NamedCard> {
  return found(key<CardId>(), (id) => cardById(means, id), unknownKey)
}

/** The tag of a card. */
export function cardTag(means: Finding): Field<NamedCard> {
  return found(
    text({ blank: true }),
    (tag) => cardByTag(means, tag),
    (tag) => (tag === '' ? NULL : unknownSlug('first_tag_id', tag)),
  )
}

function found<Text extends string, T>(
  of: Field<Text>,
  find: (text: Text) => T | undefined,
  toMessage: (text: Text) => string,
): Field<T> {
  return {
    read: (value) => {
      const reading = of.read(value)
      if (reading.errors !== undefined) return reading
      const there = find(reading.value)
      return there === undefined ? { errors: [toMessage(reading.value)] } : { value: there }
    },
  }
}

/** True when a card opens the tills of a place. */
export function isPrimaryAt(card: NamedCard, place: PlaceId): boolean {
  return card.record.primary.includes(place)
}
