import { type CardId, type Hash, type PlaceId, type WalletId, walletOf } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { CardDirectory } from '../../store/card-directory.ts'
import type { CardEntry } from '../../store/card-entry.ts'
import type { Json } from '../codec/json.ts'
import type { PlaceObjects } from './place.ts'
import type { ShownThen } from './shown-then.ts'
import type { WalletObjects } from './wallet.ts'

export interface CardMeans {
  readonly book: BookReader
  readonly hash: Hash
  readonly directory: Pick<CardDirectory, 'byCard'>
  readonly places: PlaceObjects
  readonly wallets: WalletObjects
  readonly then: ShownThen
}

export interface CardOptions {
  /** The place that asks: what it accepts, and whether the card opens its till. */
  readonly place?: PlaceId | undefined
  /** Money as after the line of this number. */
  readonly at?: number | undefined
  /** The wallet that it had then; absent, the one that it has. */
  readonly wallet?: WalletId | undefined
  /** Without what is in the wallet. */
  readonly isEmptied?: boolean
}

/** v1 knows a tag by so many digits. */
const TAG_DIGITS = 8

/** Card, Origin and QrCard: sections 3.5 to 3.7 of the wire. */
export class CardObjects {
  readonly #means: CardMeans

  constructor(means: CardMeans) {
    this.#means = means
  }

  /** Null for a card that is not, or no longer, in the directory. */
  json(id: CardId, options: CardOptions = {}): Json {
    const entry = this.#means.directory.byCard(id)
    return entry === undefined ? null : this.ofEntry(entry, options)
  }

  ofEntry(entry: CardEntry, { place, at, wallet, isEmptied = false }: CardOptions = {}): Json {
    const { wallets } = this.#means
    const shown = wallet ?? this.walletOf(entry.card)
    const toJson = (id: WalletId) =>
      isEmptied ? wallets.emptied(id) : wallets.json(id, { place, at, isOfCard: true })
    return {
      first_tag_id: entry.tag.slice(0, TAG_DIGITS),
      wallet: shown === undefined ? null : toJson(shown),
      origin: this.originOf(entry, at),
      uuid: entry.card,
      qrcode_uuid: entry.qr,
      number_printed: entry.number,
      is_wallet_ephemere: shown !== undefined && !wallets.isPersons(shown),
      is_primary: place !== undefined && this.#isPrimaryAt(place, entry.card, at),
    }
  }

  #isPrimaryAt(place: PlaceId, card: CardId, at: number | undefined): boolean {
    const { book, then } = this.#means
    const isNow = book.state.get('card', card)?.primary.includes(place) === true
    if (at === undefined) return isNow
    const showing = { name: `${card} at ${place}`, text: isNow ? 'yes' : 'no', usual: 'no' }
    return then.textAt(showing, at) === 'yes'
  }

  /** Null for a card that is not in the directory. */
  origin(id: CardId): Json {
    const entry = this.#means.directory.byCard(id)
    return entry === undefined ? null : this.originOf(entry)
  }

  originOf({ place, generation }: CardEntry, at?: number): Json {
    return { place: this.#means.places.json(place, at), generation, img: null }
  }

  /** Null for a card that is not in the directory. */
  qrCard(id: CardId): Json {
    const entry = this.#means.directory.byCard(id)
    const wallet = this.walletOf(id)
    if (entry === undefined || wallet === undefined) return null
    return {
      wallet_uuid: wallet,
      is_wallet_ephemere: !this.#means.wallets.isPersons(wallet),
      origin: this.originOf(entry),
    }
  }

  /** The wallet that a card pays from now; undefined when the book does not have the card. */
  walletOf(id: CardId): WalletId | undefined {
    const record = this.#means.book.state.get('card', id)
    return record && walletOf(this.#means.hash, id, record)
  }
}
