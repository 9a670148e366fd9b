/** What is read about cards. */
import type { CardEntry } from '../../store/card-entry.ts'
import { notFound } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'

const DIGITS = /^[0-9a-f]{8}$/i
const UNKNOWN_CARD = 'Carte inconnue'

/** Cards of a batch that is still being registered do not exist yet. */
function inBook({ book }: V1Means, entry: CardEntry | undefined): CardEntry | undefined {
  return entry && book.state.get('card', entry.card) && entry
}

function scan({ means, place, params: { tag = '' } }: PlaceCall): V1Answer {
  const entry = DIGITS.test(tag) ? inBook(means, means.directory.byFirstDigits(tag)) : undefined
  if (entry === undefined) throw new V1Refusal(404, UNKNOWN_CARD)
  return { status: 200, body: means.objects.cardOf(entry, { place }) }
}

function lookUp(means: V1Means, entry: CardEntry | undefined): V1Answer {
  const found = inBook(means, entry)
  if (found === undefined) refuseWithDetail(404, notFound('Card'))
  return { status: 200, body: means.objects.qrCard(found.card) }
}

function byQr({ means, params: { ref = '' } }: PlaceCall): V1Answer {
  const qr = parseUuid(ref)
  return lookUp(means, qr === undefined ? undefined : means.directory.byQr(qr))
}

function byNumber({ means, params: { ref = '' } }: PlaceCall): V1Answer {
  demandDigits('card number', ref)
  return lookUp(means, means.directory.byNumber(ref))
}

function byTag({ means, params: { ref = '' } }: PlaceCall): V1Answer {
  demandDigits('tag id', ref)
  return lookUp(means, means.directory.byFirstDigits(ref))
}

function demandDigits(what: string, text: string): void {
  if (DIGITS.test(text)) return
  throw new V1Refusal(400, `Invalid ${what} format. Must be 8 hexadecimal characters.`)
}

/** A card that was erased from the directory is nobody's any more: one null would break the whole list. */
function ownCards({ means, wallet }: WalletCall): V1Answer {
  const cards = means.objects.cardsOf(wallet).map((id) => means.objects.card(id))
  return { status: 200, body: cards.filter((card) => card !== null) }
}

export const cardReadRoutes: readonly V1Route[] = [
  route({
    method: 'GET',
    path: '/card/:tag/',
    access: 'place-signature',
    isGuessable: true,
    answer: scan,
  }),
  // Nobody guesses a UUID, and strangers on the web send some through Lespass: these look-ups are not counted.
  route({ method: 'GET', path: '/card/:ref/qr_retrieve/', access: 'place', answer: byQr }),
  route({
    method: 'GET',
    path: '/card/:ref/card_number_retrieve/',
    access: 'place',
    isGuessable: true,
    answer: byNumber,
  }),
  route({
    method: 'GET',
    path: '/card/:ref/card_tag_id_retrieve/',
    access: 'place',
    isGuessable: true,
    answer: byTag,
  }),
  route({
    method: 'GET',
    path: '/card/retrieve_card_by_signature/',
    access: 'wallet',
    answer: ownCards,
  }),
]
