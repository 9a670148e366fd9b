/**
 * Which card has which tag, printed number and QR code. The book knows a card by a random id alone; a batch's root
 * there proves what stands here.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type BatchId, type CardId, fromUuidBytes, parseId, toUuidBytes } from '@fedow/ledger'
import { type CardConflict, cardConflicts } from './card-conflicts.ts'
import {
  type BatchFacts,
  type CardBatch,
  type CardEntry,
  type CardNames,
  ENTRY_COLUMNS,
  type NewCard,
  toBatch,
  toEntry,
} from './card-entry.ts'
import { inSqlTransaction } from './database.ts'

/** Cards of a new batch are known already: nothing was kept of it. */
export class CardsKnownError extends Error {
  readonly code = 'cards_known'

  constructor() {
    super(
      'Another import has brought some of these cards since the file was checked. None of this file was registered, no money moved. Check the file again: it names them.',
    )
  }
}

/** The card is of a batch that is still being registered. */
export class CardPendingError extends Error {
  constructor(card: CardId) {
    super(
      `The batch of card ${card} is still being registered. Nothing was erased. Let the import finish, then erase the card.`,
    )
  }
}

const FIND = `SELECT ${ENTRY_COLUMNS} FROM card AS c JOIN card_batch AS b ON b.number = c.batch`
const UNIQUE_REFUSED = 2067
/** Entries kept in memory for the next tap. */
const TAPPED_MAX = 20_000

export class CardDirectory {
  readonly #db: DatabaseSync
  readonly #byCard: StatementSync
  readonly #byTag: StatementSync
  readonly #byFirstDigits: StatementSync
  readonly #byNumber: StatementSync
  readonly #byQr: StatementSync
  readonly #addCard: StatementSync
  /** By card id, and by the first digits of a tag: what tills asked for lately. Forgotten when a card goes. */
  readonly #tapped = new Map<string, CardEntry>()

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#byCard = db.prepare(`${FIND} WHERE c.id = ?`)
    this.#byTag = db.prepare(`${FIND} WHERE substr(c.tag, 1, 8) = substr(?1, 1, 8) AND c.tag = ?1`)
    this.#byFirstDigits = db.prepare(`${FIND} WHERE substr(c.tag, 1, 8) = ?`)
    this.#byNumber = db.prepare(`${FIND} WHERE c.number = ?`)
    this.#byQr = db.prepare(`${FIND} WHERE c.qr = ?`)
    this.#addCard = db.prepare(
      `INSERT INTO card (batch, position, leaf, id, tag, number, qr, salt)
       VALUES ((SELECT number FROM card_batch WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  /**
   * The card that a text names, tried in this order: card id, QR code (UUID or address), tag, printed number.
   *
   * Eight digits may be the tag of one card and the printed number of another: the tag wins, as taps are many and
   * nobody looks at their digits. A page where people type the printed number asks `byNumber`.
   */
  find(ref: string): CardEntry | undefined {
    const id = parseId<CardId>(ref.trim().toLowerCase())
    const card = id && this.byCard(id)
    return card ?? this.byQr(ref) ?? this.byTag(ref) ?? this.byNumber(ref)
  }

  byCard(card: CardId): CardEntry | undefined {
    return this.#remembered(card, () => this.#byCard.get(toUuidBytes(card)))
  }

  /** Digits of any case, with spaces, colons, hyphens or nothing between them. */
  byTag(text: string): CardEntry | undefined {
    return toEntry(this.#byTag.get(toDigits(text)))
  }

  /** The card whose tag begins with these 8 digits, which is all that v1 sends. */
  byFirstDigits(text: string): CardEntry | undefined {
    return this.#remembered(`tag ${text}`, () => this.#byFirstDigits.get(toDigits(text)))
  }

  #remembered(key: string, read: () => ReturnType<StatementSync['get']>): CardEntry | undefined {
    const known = this.#tapped.get(key)
    if (known !== undefined) return known
    const entry = toEntry(read())
    if (this.#tapped.size >= TAPPED_MAX) this.#tapped.clear()
    if (entry !== undefined) this.#tapped.set(key, entry)
    return entry
  }

  /** Digits in the same forms as a tag. */
  byNumber(text: string): CardEntry | undefined {
    return toEntry(this.#byNumber.get(toDigits(text)))
  }

  /** A UUID, or the http address that ends in it. */
  byQr(text: string): CardEntry | undefined {
    const qr = toUuid(text.trim())
    return qr === undefined ? undefined : toEntry(this.#byQr.get(toUuidBytes(qr)))
  }

  /** What stands in the way of registering rows: columns of cards that are known already. */
  conflicts(rows: readonly (CardNames & { readonly line: number })[]): readonly CardConflict[] {
    return cardConflicts(this.#db, rows)
  }

  /** Opens a batch: cards follow in slices, then its end. Until then the book must not learn of it. */
  beginBatch(batch: BatchFacts): void {
    this.#db
      .prepare(
        `INSERT INTO card_batch (id, place, generation, level, file_name, created_ms, state)
         VALUES (?, ?, ?, ?, ?, ?, 'writing')`,
      )
      .run(
        toUuidBytes(batch.batch),
        toUuidBytes(batch.place),
        BigInt(batch.generation),
        batch.level,
        batch.fileName ?? null,
        BigInt(batch.createdMs),
      )
  }

  /** Adds cards after the `offset` first ones, all or none. Throws CardsKnownError. */
  addCards(batch: BatchId, offset: number, cards: readonly NewCard[]): void {
    try {
      inSqlTransaction(this.#db, () => {
        for (const [index, card] of cards.entries()) this.#insert(batch, offset + index, card)
      })
    } catch (cause) {
      if ((cause as { errcode?: unknown }).errcode === UNIQUE_REFUSED) throw new CardsKnownError()
      throw cause
    }
  }

  #insert(batch: BatchId, position: number, of: NewCard): void {
    const [card, qr] = [toUuidBytes(of.card), toUuidBytes(of.qr)]
    const [id, at] = [toUuidBytes(batch), BigInt(position)]
    this.#addCard.run(id, at, of.leaf, card, of.tag, of.number, qr, of.salt)
  }

  /** The batch is complete here, and may be told to the book. */
  endBatch(batch: BatchId, { root, count }: Pick<CardBatch, 'root' | 'count'>): void {
    this.#db
      .prepare("UPDATE card_batch SET state = 'pending', root = ?, count = ? WHERE id = ?")
      .run(Uint8Array.fromHex(root), BigInt(count), toUuidBytes(batch))
  }

  /** All cards of the batch are in the book. */
  markRegistered(batch: BatchId): void {
    this.#db
      .prepare("UPDATE card_batch SET state = 'registered' WHERE id = ?")
      .run(toUuidBytes(batch))
  }

  /** Forgets a batch that is not registered. */
  discard(batch: BatchId): void {
    this.#tapped.clear()
    inSqlTransaction(this.#db, () => {
      const row = this.#db
        .prepare("SELECT number FROM card_batch WHERE id = ? AND state <> 'registered'")
        .get(toUuidBytes(batch))
      if (row === undefined) return
      const number = BigInt(Number(row.number))
      this.#db.prepare('DELETE FROM card WHERE batch = ?').run(number)
      this.#db.prepare('DELETE FROM card_batch WHERE number = ?').run(number)
    })
  }

  /** Forgets batches that a crash left before their end: the book knows nothing of them. */
  discardUnfinished(): void {
    const rows = this.#db.prepare("SELECT id FROM card_batch WHERE state = 'writing'").all()
    for (const { id } of rows) this.discard(fromUuidBytes(id as Uint8Array) as BatchId)
  }

  /** All complete batches, in the order of their import. */
  batches(): readonly CardBatch[] {
    return this.#db
      .prepare("SELECT * FROM card_batch WHERE state <> 'writing' ORDER BY number")
      .all()
      .map(toBatch)
  }

  /** Batches that the book may not hold whole. */
  pending(): readonly CardBatch[] {
    return this.batches().filter(({ state }) => state === 'pending')
  }

  /** Card ids of a batch from a position on, in order, erased ones left out. */
  cardsOf(batch: BatchId, page: { readonly offset: number; readonly limit: number }): CardId[] {
    return this.#db
      .prepare(
        `SELECT c.id FROM card AS c JOIN card_batch AS b ON b.number = c.batch
         WHERE b.id = ? AND c.id IS NOT NULL AND c.position >= ? ORDER BY c.position LIMIT ?`,
      )
      .all(toUuidBytes(batch), BigInt(page.offset), BigInt(page.limit))
      .map((row) => fromUuidBytes(row.id as Uint8Array) as CardId)
  }

  /** The commitments of a batch in order, erased cards included: their RFC 9162 root is the batch's. */
  leavesOf(batch: BatchId): readonly Uint8Array[] {
    return this.#db
      .prepare(
        `SELECT c.leaf FROM card AS c JOIN card_batch AS b ON b.number = c.batch
         WHERE b.id = ? ORDER BY c.position`,
      )
      .all(toUuidBytes(batch))
      .map((row) => row.leaf as Uint8Array)
  }

  /** What opens the commitment of a card: its position in the batch, and its salt. */
  openingOf(card: CardId): { readonly position: number; readonly salt: Uint8Array } | undefined {
    const row = this.#db
      .prepare('SELECT position, salt FROM card WHERE id = ?')
      .get(toUuidBytes(card))
    return row && { position: Number(row.position), salt: row.salt as Uint8Array }
  }

  /**
   * Erases what a card is known by, and the salt, from the file itself. Its leaf stays and says nothing without the
   * salt. The money on the card stays where it is. Answers false for an unknown card. Throws CardPendingError.
   */
  erase(card: CardId): boolean {
    const id = toUuidBytes(card)
    const state = this.#db
      .prepare('SELECT state FROM card_batch WHERE number = (SELECT batch FROM card WHERE id = ?)')
      .get(id)?.state
    if (state === undefined) return false
    if (state !== 'registered') throw new CardPendingError(card)
    this.#tapped.clear()
    this.#db
      .prepare(
        'UPDATE card SET id = NULL, tag = NULL, number = NULL, qr = NULL, salt = NULL WHERE id = ?',
      )
      .run(id)
    // Until then the write-ahead log holds the pages as they were.
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return true
  }
}

/** The last segment of an http address, or the text as it stands. */
function toUuid(text: string): string | undefined {
  const [path = ''] = text.split(/[?#]/, 1)
  const segments = /^https?:\/\/[^/]+\/(.*?)\/?$/i.exec(path)?.[1]?.split('/')
  return parseId((segments?.at(-1) ?? path).toLowerCase())
}

/** Not checked: text that is not digits finds no card. */
function toDigits(text: string): string {
  return text.replace(/[\s:-]/g, '').toUpperCase()
}
