import type { DatabaseSync } from 'node:sqlite'
import type { BatchId } from '@fedow/ledger'
import { type CardEntry, type CardNames, ENTRY_COLUMNS, toEntry } from './card-entry.ts'

/** A row of a card file that names a card which is here already. */
export interface CardConflict {
  readonly line: number
  /** `line` when the whole row is that of a card known already; `value` is its printed number then. */
  readonly column: 'qr' | 'number' | 'tag' | 'line'
  readonly code: 'known_card' | 'known_first_digits'
  readonly value: string
  readonly message: string
  /** Of the card that is known. */
  readonly batch: BatchId
}

type Row = CardNames & { readonly line: number }
type KnownCards = { -readonly [column in keyof CardNames]?: CardEntry | undefined }

const COLUMN_NAMES = { qr: 'QR code', number: 'printed number', tag: 'tag id' }

/** Rows that name cards which are here already, in the order of the rows. */
export function cardConflicts(db: DatabaseSync, rows: readonly Row[]): readonly CardConflict[] {
  const known = rows.map((): KnownCards => ({}))
  for (const [column, { match, value }] of LOOKS) {
    const values = JSON.stringify(rows.map(value))
    for (const found of db.prepare(collisions(match)).iterate(values)) {
      const cards = known[Number(found.row)]
      if (cards) cards[column] = toEntry(found)
    }
  }
  return rows.flatMap((row, index) => toConflicts(row, known[index] ?? {}))
}

/** One statement for a whole file: a look-up for each row would hold up the tills. */
function collisions(match: string): string {
  return `SELECT j.key AS row, ${ENTRY_COLUMNS}
    FROM json_each(?) AS j CROSS JOIN card AS c ON ${match} JOIN card_batch AS b ON b.number = c.batch`
}

const LOOKS = [
  ['qr', { match: "c.qr = unhex(j.value, '-')", value: ({ qr }: CardNames) => qr }],
  ['number', { match: 'c.number = j.value', value: ({ number }: CardNames) => number }],
  [
    'tag',
    { match: 'substr(c.tag, 1, 8) = j.value', value: ({ tag }: CardNames) => tag.slice(0, 8) },
  ],
] as const

function toConflicts(row: Row, known: KnownCards): readonly CardConflict[] {
  const { line, number } = row
  const { qr, tag } = known
  const isSame = tag !== undefined && tag.tag === row.tag
  if (isSame && qr?.card === tag.card && known.number?.card === tag.card) {
    const message = `The card with the printed number "${number}" is known already, from batch ${tag.batch}. Leave the line out: the card needs nothing more.`
    return [{ line, column: 'line', code: 'known_card', value: number, message, batch: tag.batch }]
  }
  return (['qr', 'number', 'tag'] as const).flatMap((column): readonly CardConflict[] => {
    const other = known[column]
    if (other === undefined) return []
    const { batch } = other
    const fault = { line, column, value: row[column], batch }
    if (column === 'tag' && !isSame) {
      const message = `The tag id "${row.tag}" begins with the same 8 digits as "${other.tag}" of batch ${batch}. Older tills know a card by these alone and would charge one for the other: have one of them made again.`
      return [{ ...fault, code: 'known_first_digits', message }]
    }
    const message = `The ${COLUMN_NAMES[column]} "${row[column]}" is that of a card known already, from batch ${batch}. Two cards would open one wallet: have one of them made again.`
    return [{ ...fault, code: 'known_card', message }]
  })
}
