/**
 * What answers of v1 are made of, section 3 of the wire: the book and what only this node knows, in v1's words.
 *
 * Every object is made anew from the book; what was printed is kept only together with the records that it was made from,
 * and is not used once one of them has changed. `at` is the number of the last line that counts: an answer to a request
 * that wrote lines is the same whenever it is asked for again.
 *
 * @module
 */
import {
  type AssetId,
  acceptedAssets,
  type CardId,
  type FederationId,
  type Hash,
  type Line,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { CardDirectory } from '../../store/card-directory.ts'
import type { CardEntry } from '../../store/card-entry.ts'
import type { Json } from '../codec/json.ts'
import type { V1Store } from '../store/v1-store.ts'
import { AssetObjects } from './asset.ts'
import { AssetTotals } from './asset-totals.ts'
import { CardObjects, type CardOptions } from './card.ts'
import { federationJson } from './federation.ts'
import { isShown, Lines } from './lines.ts'
import { PersonCards } from './person-cards.ts'
import { PlaceObjects } from './place.ts'
import { ShownThen } from './shown-then.ts'
import { TokenObjects } from './token.ts'
import { TransactionObjects, type TransactionOptions } from './transaction.ts'
import { SimpleObjects } from './transaction-simple.ts'
import { WalletObjects, type WalletOptions } from './wallet.ts'
import { walletName } from './wallet-name.ts'

export interface ObjectMeans {
  readonly book: BookReader
  readonly directory: CardDirectory
  readonly store: V1Store
  readonly hash: Hash
  /** The public host name of this node, with its port where there is one. */
  readonly domain: string
}

export class V1Objects {
  /** How much of an asset there is, and where. */
  readonly totals: AssetTotals
  readonly #means: ObjectMeans
  readonly #lines: Lines
  readonly #personCards: PersonCards
  readonly #places: PlaceObjects
  readonly #assets: AssetObjects
  readonly #simple: SimpleObjects
  readonly #tokens: TokenObjects
  readonly #wallets: WalletObjects
  readonly #cards: CardObjects
  readonly #transactions: TransactionObjects

  constructor(means: ObjectMeans) {
    const lines = new Lines(means.book)
    const personCards = new PersonCards(means.book)
    const then = new ShownThen(means)
    const places = new PlaceObjects({ ...means, then })
    const assets = new AssetObjects({ ...means, places, then })
    const simple = new SimpleObjects({ ...means, lines })
    const tokens = new TokenObjects({ ...means, lines, assets, simple })
    const wallets = new WalletObjects({ ...means, assets, tokens, cards: personCards })
    const cards = new CardObjects({ ...means, places, wallets, then })
    this.#means = means
    this.#lines = lines
    this.#personCards = personCards
    this.#places = places
    this.#assets = assets
    this.#simple = simple
    this.#tokens = tokens
    this.#wallets = wallets
    this.#cards = cards
    this.#transactions = new TransactionObjects({ ...means, lines, simple, assets, wallets, cards })
    this.totals = new AssetTotals(means)
  }

  place(id: PlaceId): Json {
    return this.#places.json(id)
  }

  /** Whether v1 has this asset: one of a kind that it knows. */
  hasAsset(id: AssetId): boolean {
    return this.#assets.find(id) !== undefined
  }

  asset(id: AssetId, { totals = false }: { readonly totals?: boolean } = {}): Json {
    if (!totals) return this.#assets.json(id)
    const { all, inPlaces } = this.totals.of(id)
    return {
      ...this.#assets.fields(id),
      total_token_value: all,
      total_in_place: inPlaces,
      total_in_wallet_not_place: all - inPlaces,
    }
  }

  /** The same as `asset`, not printed yet: for answers with other white space. */
  assetFields(id: AssetId): Json {
    return this.#assets.fields(id)
  }

  /** The assets that a place accepts, of those that v1 has. */
  acceptedAssets(place: PlaceId): readonly AssetId[] {
    const { state } = this.#means.book
    const accepted = acceptedAssets(state, { id: place, record: this.#places.record(place) })
    return accepted.filter((id) => this.hasAsset(id))
  }

  /** An account; one that was never used is empty. */
  token(wallet: WalletId, asset: AssetId, at?: number): Json {
    return this.#tokens.json({ wallet, asset }, at)
  }

  wallet(id: WalletId, options?: WalletOptions): Json {
    return this.#wallets.json(id, options)
  }

  walletName(id: WalletId): string {
    return walletName(this.#means.book, id)
  }

  /** Null for a card that is not, or no longer, in the directory. */
  card(id: CardId, options?: CardOptions): Json {
    return this.#cards.json(id, options)
  }

  /** The card of an entry that was just looked up. */
  cardOf(entry: CardEntry, options?: CardOptions): Json {
    return this.#cards.ofEntry(entry, options)
  }

  /** Null for a card that is not in the directory. */
  origin(id: CardId): Json {
    return this.#cards.origin(id)
  }

  /** Null for a card that is not in the directory. */
  qrCard(id: CardId): Json {
    return this.#cards.qrCard(id)
  }

  /** The cards that are linked to a person now. */
  cardsOf(person: WalletId): readonly CardId[] {
    return this.#personCards.of(person)
  }

  hasCard(person: WalletId): boolean {
    return this.cardsOf(person).length > 0
  }

  /** Whether v1's clients may see a line at all. */
  isShown(line: Line): boolean {
    return isShown(this.#means.book, line)
  }

  /** Lines of an account, newest first: those that v1 sees. */
  *linesOfAccount(wallet: WalletId, asset: AssetId): Generator<Line> {
    let line = this.#lines.lastOf({ wallet, asset })
    while (line !== undefined) {
      if (this.isShown(line)) yield line
      line = this.#lines.before(line, wallet)
    }
  }

  transaction(line: Line, options?: TransactionOptions): Json {
    return this.#transactions.json(line, options)
  }

  transactionSimple(line: Line): Json {
    return this.#simple.json(line)
  }

  /** As the history of `reader` shows it. */
  transactionCached(line: Line, reader?: WalletId): Json {
    return this.#transactions.cached(line, reader)
  }

  federation(id: FederationId): Json {
    return federationJson({ ...this.#means, places: this.#places, assets: this.#assets }, id)
  }
}
