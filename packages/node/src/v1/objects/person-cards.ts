import { type CardId, Malformed, parsePayload, type Wallet, type WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'

/** Cards read in one go. */
const STEP = 1_000
/** Reading a tx takes as long as reading so many cards. */
const CARDS_PER_TX = 4

/**
 * Which cards are linked to which person. The book says it of each card; here it is turned round, from the records as
 * they stand at the start and from the txs that come after.
 */
export class PersonCards {
  readonly #book: BookReader
  /** Every card that was linked to a person at some time since the start. */
  readonly #linked = new Map<WalletId, Set<CardId>>()
  /** A link writes the record of its wallet: nothing is new for one that is the same as before. */
  readonly #known = new WeakMap<Wallet, readonly CardId[]>()
  /** The last tx that was read, or that the records read since have followed from. */
  #seq = 0
  #cards = 0

  constructor(book: BookReader) {
    this.#book = book
    this.#readRecords()
  }

  /** Cards that are linked to a person now. */
  of(person: WalletId): readonly CardId[] {
    const { state } = this.#book
    return this.#candidates(person).filter((card) => state.get('card', card)?.person === person)
  }

  #candidates(person: WalletId): readonly CardId[] {
    const record = this.#book.state.get('wallet', person)
    const known = record && this.#known.get(record)
    if (record === undefined || known !== undefined) return known ?? []
    this.#catchUp()
    const cards = [...(this.#linked.get(person) ?? [])]
    this.#known.set(record, cards)
    return cards
  }

  /** By the shorter way: what a person asks for must not hold up the tills. */
  #catchUp(): void {
    const behind = this.#book.tip().txs - this.#seq
    if (behind > STEP && behind * CARDS_PER_TX > this.#cards) this.#readRecords()
    else this.#follow()
  }

  #readRecords(): void {
    this.#seq = this.#book.tip().txs
    this.#cards = 0
    let after: string | undefined
    for (;;) {
      const page = this.#book.records('card', { after, limit: STEP })
      this.#cards += page.length
      for (const { id, record } of page) if (record.person) this.#add(record.person, id as CardId)
      if (page.length < STEP) return
      after = page.at(-1)?.id
    }
  }

  #follow(): void {
    for (;;) {
      const tx = this.#book.txAt(this.#seq + 1)
      if (tx === undefined) return
      this.#seq += 1
      const mayLink = tx.outcome.status === 'applied' && tx.json.includes('"kind":"card-')
      const payload = mayLink ? parsePayload(tx.json) : undefined
      if (payload === undefined || payload instanceof Malformed) continue
      for (const action of payload.actions) {
        if (action.kind !== 'card-link' && action.kind !== 'card-replace') continue
        this.#add(action.wallet, action.card)
      }
    }
  }

  #add(person: WalletId, card: CardId): void {
    const cards = this.#linked.get(person) ?? new Set()
    cards.add(card)
    this.#linked.set(person, cards)
  }
}
