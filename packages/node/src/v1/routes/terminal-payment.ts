/** A payment at a terminal: which card it is for, as the till of its place has signed it (WIRE.md 4.13). */
import type { CardId, PlaceId, WalletId } from '@fedow/ledger'
import { isMap, type Json, JsonError, parseJson } from '../codec/json.ts'
import { parseUuid } from '../codec/scalars.ts'
import { isSignedBy, signedTextOf } from '../codec/signature.ts'
import type { V1Means } from '../means.ts'
import { cardByTag } from './card-fields.ts'

/** For whom a payment at a terminal is. Without a card, nobody can be credited yet. */
export interface TerminalPayer {
  readonly place: PlaceId
  readonly card: CardId | undefined
  readonly wallet: WalletId | undefined
}

/** Whose payment the metadata says it is; a sentence when they say nothing that can be believed. */
export function readTerminalPayer(
  means: V1Means,
  metadata: Readonly<Record<string, string>>,
): TerminalPayer | string {
  const facts = parseFacts(metadata['data'] ?? '')
  if (facts === undefined) return 'the metadata hold no data of a till'
  const place = parseUuid(facts.get('fedow_place_uuid') ?? null) as PlaceId | undefined
  if (place === undefined || means.book.state.get('place', place) === undefined) {
    return 'the metadata name no place of this Fedow'
  }
  const isSigned = isSignedByPlace(means, { place, facts, metadata })
  if (!isSigned) return 'the signature of the place does not fit'
  const tag = facts.get('tag_id')
  if (typeof tag !== 'string') return 'the metadata name no card'
  const found = cardByTag(means, tag.trim())
  return { place, card: found?.id, wallet: found?.wallet }
}

function parseFacts(text: string): ReadonlyMap<string, Json> | undefined {
  try {
    const value = parseJson(text)
    return isMap(value) ? value : undefined
  } catch (cause) {
    if (cause instanceof JsonError) return undefined
    throw cause
  }
}

interface Signed {
  readonly place: PlaceId
  readonly facts: ReadonlyMap<string, Json>
  readonly metadata: Readonly<Record<string, string>>
}

/** A place with Lespass alone has nobody who could sign. */
function isSignedByPlace({ store }: V1Means, { place, facts, metadata }: Signed): boolean {
  const { laboutikPem, lespassDomain } = store.places.get(place)
  if (laboutikPem === null) return lespassDomain !== null
  return isSignedBy(laboutikPem, signedTextOf(facts), metadata['signature'] ?? '')
}
