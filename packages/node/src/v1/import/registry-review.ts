/** Keys, persons, and rows that name what is not there. */
import { toPrintable } from '@fedow/api'
import type { Finding } from './findings.ts'
import {
  ACCOUNT,
  CREATION_KEY,
  LINE,
  PERSON,
  PLACE_KEY,
  toUuid,
  type V1PlaceKey,
  WALLET,
} from './rows.ts'
import type { OddRow, V1Database } from './v1-database.ts'

const NEW_HASH = /^sha512\$\$[0-9a-f]{128}$/

export function* reviewKeys(db: V1Database, nowMs: number): IterableIterator<Finding> {
  const now = new Date(nowMs).toISOString().replace('T', ' ')
  const isLive = ({ isRevoked, expiry }: Pick<V1PlaceKey, 'isRevoked' | 'expiry'>): boolean =>
    !isRevoked && (expiry === undefined || expiry > now)
  for (const key of db.rows(PLACE_KEY)) {
    if (!isLive(key)) continue
    const subjects = { key: key.prefix, place: toUuid(key.place) }
    const detail = `${toPrintable(key.name)}, made ${key.created} UTC.`
    // v1 names its temporary keys so; the name of a place may hold the word by chance.
    if (key.name.startsWith('temp_')) yield { code: 'temporary_key', subjects, detail }
    else if (key.name.includes('temp_')) yield { code: 'key_named_temporary', subjects, detail }
    if (!NEW_HASH.test(key.hash)) yield { code: 'key_old_hash', subjects, detail }
  }
  for (const key of db.rows(CREATION_KEY)) {
    if (!isLive(key) || NEW_HASH.test(key.hash)) continue
    const detail = `${toPrintable(key.name)}, which opens places.`
    yield { code: 'key_old_hash', subjects: { key: key.prefix }, detail }
  }
}

export function* reviewPersons(db: V1Database): IterableIterator<Finding> {
  const rows = db.query(
    `SELECT p.uuid, p.wallet_id FROM ${PERSON.name} p LEFT JOIN ${WALLET.name} w ON w.uuid = p.wallet_id
     WHERE w.public_pem IS NULL OR trim(w.public_pem) = ''`,
  )
  for (const [person, wallet] of rows) {
    const subjects = { person: toUuid(String(person)) }
    if (wallet === null) {
      yield { code: 'person_without_wallet', subjects, detail: 'Nothing is held for this person.' }
      continue
    }
    yield {
      code: 'person_without_key',
      subjects: { ...subjects, wallet: toUuid(String(wallet)) },
      detail: 'The person was made by a command, and has not logged in since.',
    }
  }
}

const AMOUNT_COLUMNS: Readonly<Record<string, string>> = {
  [LINE.name]: 'amount',
  [ACCOUNT.name]: 'value',
}

/** Rows whose references lead nowhere. */
export function* reviewReferences(db: V1Database): IterableIterator<Finding> {
  for (const [table, row, parent, index] of db.query('PRAGMA foreign_key_check')) {
    const name = String(table)
    if (!name.startsWith('fedow_core_')) continue
    const column = columnOf(db, { table: name, index })
    const sql = `SELECT ${keyColumnOf(db, name)}, ${column}, ${AMOUNT_COLUMNS[name] ?? 'NULL'} FROM ${name} WHERE rowid = ${row}`
    const [[key, named, amount] = []] = [...db.query(sql)]
    yield {
      code: 'unknown_reference',
      subjects: { table: name, row: toName(key), names: toName(named) },
      ...(typeof amount === 'bigint' && { amount }),
      detail: `Its ${column} names a row of ${String(parent)} that is not there.`,
    }
  }
}

function columnOf(
  db: V1Database,
  { table, index }: { readonly table: string; readonly index: unknown },
): string {
  const keys = [...db.query(`PRAGMA foreign_key_list(${table})`)]
  return String(keys.find(([number]) => number === index)?.[3])
}

function keyColumnOf(db: V1Database, table: string): string {
  const columns = [...db.query(`PRAGMA table_info(${table})`)]
  return String(columns.find((column) => column[5] === 1n)?.[1] ?? 'rowid')
}

function toName(cell: unknown): string {
  const text = String(cell)
  return /^[0-9a-f]{32}$/.test(text) ? toUuid(text) : toPrintable(text)
}

/** Rows that could not be read, each once though several looked at it. */
export function* reviewOddRows(rows: readonly OddRow[]): IterableIterator<Finding> {
  const seen = new Set<string>()
  for (const { table, row, column, why } of rows) {
    const key = `${table} ${row} ${column}`
    if (seen.has(key)) continue
    seen.add(key)
    const subjects = { table, row: String(row), column }
    yield { code: 'unreadable_row', subjects, detail: `Its ${column} is ${why}.` }
  }
}
