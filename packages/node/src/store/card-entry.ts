/** A card of the directory: what it is known by, where it comes from, what the book holds of it. */
import type { StatementSync } from 'node:sqlite'
import {
  type BatchId,
  type CardId,
  type CardLevel,
  concat,
  encode,
  fromUuidBytes,
  type Hash,
  type Hex32,
  type PlaceId,
  toHex,
  toUtf8,
} from '@fedow/ledger'

/** What a card is known by. */
export interface CardNames {
  /** NFC tag id: 8, 14 or 20 hex digits, upper case. */
  readonly tag: string
  /** As printed: 8 hex digits, upper case. */
  readonly number: string
  /** UUID, lower case. */
  readonly qr: string
}

export interface CardEntry extends CardNames {
  readonly card: CardId
  readonly batch: BatchId
  /** Where the card comes from. */
  readonly place: PlaceId
  readonly generation: number
}

export interface NewCard extends CardNames {
  readonly card: CardId
  /** 16 random bytes. */
  readonly salt: Uint8Array
  /** As `cardLeaf` makes it. */
  readonly leaf: Uint8Array
}

/** What is known of a batch before its cards. */
export interface BatchFacts {
  readonly batch: BatchId
  readonly place: PlaceId
  readonly generation: number
  readonly level: CardLevel
  readonly fileName?: string
  readonly createdMs: number
}

export interface CardBatch extends BatchFacts {
  readonly root: Hex32
  readonly count: number
  /** `pending` until the book holds all its cards. */
  readonly state: 'pending' | 'registered'
}

/** The commitment of one card: H(0x03 | salt | JSON of card, tag, qr and number). Source: docs/spec/cards.md. */
export function cardLeaf(
  hash: Hash,
  of: CardNames & { card: CardId; salt: Uint8Array },
): Uint8Array {
  const { card, tag, qr, number, salt } = of
  return hash(concat(Uint8Array.of(0x03), salt, toUtf8(encode({ card, tag, qr, number }))))
}

/** Of a card `c` and its batch `b`. */
export const ENTRY_COLUMNS = 'c.id, c.tag, c.number, c.qr, b.id AS batch, b.place, b.generation'

type Row = ReturnType<StatementSync['get']>

/** From a row of ENTRY_COLUMNS. */
export function toEntry(row: Row): CardEntry | undefined {
  if (row === undefined) return undefined
  const uuid = (column: string) => fromUuidBytes(row[column] as Uint8Array)
  return {
    card: uuid('id') as CardId,
    batch: uuid('batch') as BatchId,
    place: uuid('place') as PlaceId,
    generation: Number(row.generation),
    tag: row.tag as string,
    number: row.number as string,
    qr: uuid('qr'),
  }
}

export function toBatch(row: NonNullable<Row>): CardBatch {
  const fileName = row.file_name as string | null
  return {
    batch: fromUuidBytes(row.id as Uint8Array) as BatchId,
    place: fromUuidBytes(row.place as Uint8Array) as PlaceId,
    generation: Number(row.generation),
    level: row.level as CardLevel,
    root: toHex(row.root as Uint8Array) as Hex32,
    count: Number(row.count),
    ...(fileName === null ? {} : { fileName }),
    createdMs: Number(row.created_ms),
    state: row.state as CardBatch['state'],
  }
}
