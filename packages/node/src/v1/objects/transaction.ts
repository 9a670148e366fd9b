import type { CardId, Line, PlaceId, WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { Json } from '../codec/json.ts'
import type { AssetObjects } from './asset.ts'
import type { CardObjects } from './card.ts'
import type { Lines } from './lines.ts'
import type { SimpleObjects } from './transaction-simple.ts'
import type { WalletObjects } from './wallet.ts'

export interface TransactionMeans {
  readonly book: BookReader
  readonly lines: Lines
  readonly simple: SimpleObjects
  readonly assets: AssetObjects
  readonly wallets: WalletObjects
  readonly cards: CardObjects
}

export interface TransactionOptions {
  /** The place that asks. */
  readonly place?: PlaceId | undefined
  /** Money as after the line of this number; absent, as it stands. */
  readonly at?: number | undefined
}

/** Transaction and TransactionCached: sections 3.8 and 3.10 of the wire. */
export class TransactionObjects {
  readonly #means: TransactionMeans

  constructor(means: TransactionMeans) {
    this.#means = means
  }

  /** Of an imported line the card is shown as it is now, as v1 did. */
  json(line: Line, { place, at }: TransactionOptions = {}): Json {
    const { lines, cards } = this.#means
    lines.keep(line)
    if (line.imported !== undefined) {
      return this.#around(line, line.card && cards.json(line.card, { place }))
    }
    const wallet = this.#cardWalletAfter(line)
    const card = line.card && cards.json(line.card, { place, at, wallet })
    return this.#around(line, card)
  }

  /**
   * What the history of `reader` shows. Of the other side it shows the name, and of its card no more than it held then:
   * that card may be somebody else's by now.
   */
  cached(line: Line, reader?: WalletId): Json {
    const { assets, wallets } = this.#means
    const side = (id: WalletId) => (id === reader ? wallets.json(id) : wallets.emptied(id))
    return {
      ...this.#around(line, line.card && this.#cardThen(line, line.card, reader)),
      serialized_asset: assets.json(line.asset),
      serialized_sender: side(line.from),
      serialized_receiver: side(line.to),
    }
  }

  /** After an imported line nobody knows what it held: only its own person sees what is in there now. */
  #cardThen(line: Line, card: CardId, reader: WalletId | undefined): Json {
    const wallet = this.#cardWalletAfter(line)
    const isEmptied = line.imported !== undefined && wallet !== reader
    return this.#means.cards.json(card, { at: line.number, wallet, isEmptied })
  }

  #around(line: Line, card: Json): Readonly<Record<string, Json>> {
    const { simple } = this.#means
    return { ...simple.head(line), ...simple.body(line), card, ...simple.tail(line) }
  }

  /** The wallet of the card of a line, right after it: the side that is no place. */
  #cardWalletAfter(line: Line): WalletId | undefined {
    if (line.card === null) return undefined
    if (line.action === 'FUS') return line.to
    // Money is created at the issuer first: the next line of the tx hands it to the card. Imported lines have no tx.
    if (line.action === 'CRE') {
      const next = this.#means.lines.byNumber(line.number + 1)
      return line.imported === undefined ? next?.to : undefined
    }
    const { state } = this.#means.book
    const kind = state.get('wallet', line.from)?.kind
    return kind === 'place' || kind === 'keeper' ? line.to : line.from
  }
}
