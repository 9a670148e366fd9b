import { type PlaceId, params, type WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { Json } from '../codec/json.ts'
import type { AssetObjects } from './asset.ts'
import type { PersonCards } from './person-cards.ts'
import type { TokenObjects } from './token.ts'
import { walletName } from './wallet-name.ts'

export interface WalletMeans {
  readonly book: BookReader
  readonly assets: AssetObjects
  readonly tokens: TokenObjects
  readonly cards: PersonCards
}

export interface WalletOptions {
  /** Shows only what this place accepts. */
  readonly place?: PlaceId | undefined
  /** As after the line of this number. */
  readonly at?: number | undefined
  /** Seen through a card of it: a person's wallet then has a card, whatever became of it since. */
  readonly isOfCard?: boolean
}

/** Wallet, section 3.4 of the wire. */
export class WalletObjects {
  readonly #means: WalletMeans

  constructor(means: WalletMeans) {
    this.#means = means
  }

  json(id: WalletId, options: WalletOptions = {}): Json {
    const { assets, tokens } = this.#means
    const { place, at } = options
    const shown = this.#assetsOf(id).filter((asset) => assets.isAcceptedBy(asset, place, at))
    return {
      ...this.#head(id),
      tokens: shown.flatMap((asset) => tokens.shown({ wallet: id, asset }, at) ?? []),
      has_user_card: this.#hasCard(id, options.isOfCard),
    }
  }

  /** Without what is in it: nobody but its owner reads that in a history. */
  emptied(id: WalletId): Json {
    return { ...this.#head(id), tokens: [], has_user_card: this.#hasCard(id) }
  }

  isPersons(id: WalletId): boolean {
    return this.#means.book.state.get('wallet', id)?.kind === 'person'
  }

  #head(id: WalletId): Readonly<Record<string, Json>> {
    return { uuid: id, get_name: walletName(this.#means.book, id) }
  }

  /** The assets that v1 sees of it, oldest account first. */
  #assetsOf(id: WalletId) {
    const { state } = this.#means.book
    const record = state.get('wallet', id)
    // Of the primary wallet the book keeps no list: all money of the network passes there.
    const used = record?.kind === 'keeper' ? [params(state).fed] : (record?.assets ?? [])
    const ids = new Set([...used, ...this.#means.tokens.givenTo(id)])
    return [...ids].filter((asset) => this.#means.assets.find(asset) !== undefined)
  }

  #hasCard(id: WalletId, isOfCard = false): boolean {
    return this.isPersons(id) && (isOfCard || this.#means.cards.of(id).length > 0)
  }
}
