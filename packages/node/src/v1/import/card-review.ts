/** Cards: their digits, and whose wallet is theirs. */
import { toPrintable } from '@fedow/api'
import type { Finding } from './findings.ts'
import { ACCOUNT, CARD, toUuid, type V1Card } from './rows.ts'
import type { V1Database } from './v1-database.ts'

const HEX = /^[0-9A-Fa-f]{8}$/
const LOWER = /[a-f]/
const NAMES = { tag: 'tag', number: 'printed number' } as const
type Digits = keyof typeof NAMES

export function* reviewCards(db: V1Database): IterableIterator<Finding> {
  const seen = { tag: new Map<string, string>(), number: new Map<string, string>() }
  for (const card of db.rows(CARD)) {
    yield* digitsOf(card)
    for (const column of ['tag', 'number'] as const) {
      const digits = card[column].toUpperCase()
      const first = seen[column].get(digits)
      if (first === undefined) seen[column].set(digits, card.id)
      else yield collision([first, card.id], `${NAMES[column]} ${toPrintable(digits)}`)
    }
  }
  yield* cardsOfTwoWallets(db)
}

function* digitsOf(card: V1Card): IterableIterator<Finding> {
  const subjects = { card: toUuid(card.id) }
  const columns: readonly Digits[] = ['tag', 'number']
  const odd = columns.filter((column) => !HEX.test(card[column]))
  for (const column of odd) {
    const detail = `Its ${NAMES[column]} is "${toPrintable(card[column])}".`
    yield { code: 'card_odd', subjects, detail }
  }
  const lower = columns.filter((column) => LOWER.test(card[column]))
  for (const column of lower) {
    if (odd.includes(column)) continue
    const detail = `Its ${NAMES[column]} is "${card[column]}".`
    yield { code: 'card_lower_case', subjects, detail }
  }
}

function collision(cards: readonly string[], what: string): Finding {
  return {
    code: 'card_collision',
    subjects: { cards: cards.map(toUuid) },
    detail: `Two cards have the ${what}.`,
  }
}

function* cardsOfTwoWallets(db: V1Database): IterableIterator<Finding> {
  const rows = db.query(
    `SELECT uuid, wallet_ephemere_id, (
       SELECT coalesce(sum(value), 0) FROM ${ACCOUNT.name} WHERE wallet_id = wallet_ephemere_id
     ) FROM ${CARD.name} WHERE user_id IS NOT NULL AND wallet_ephemere_id IS NOT NULL`,
  )
  for (const [card, wallet, held] of rows) {
    yield {
      code: 'card_of_two_wallets',
      subjects: { card: toUuid(String(card)), wallet: toUuid(String(wallet)) },
      amount: BigInt(held as bigint),
      detail: 'The amount is what the wallet of the card itself holds, in all assets.',
    }
  }
}
