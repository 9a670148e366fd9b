/** What is copied of v1's tables, and how the copy is laid out. */
import type { CopyColumn } from '../../store/copy-file.ts'
import {
  ASSET,
  CARD,
  CHECKOUT,
  CREATION_KEY,
  FEDERATION,
  LINE,
  ORIGIN,
  PERSON,
  PLACE,
  TABLES,
  WALLET,
} from '../rows.ts'
import { MIGRATIONS } from '../v1-version.ts'
import { isWholeType } from './cells.ts'

/** A table as it is copied. */
export interface CopiedTable {
  readonly name: string
  /** The key first. */
  readonly columns: readonly [key: string, ...others: string[]]
  /** In SQL; all rows without. */
  readonly where?: string
}

/** Which table a column names rows of. */
const PARENTS: ReadonlyMap<string, string> = new Map([
  ...['wallet_id', 'primary_wallet_id', 'wallet_origin_id', 'wallet_ephemere_id'].map(of(WALLET)),
  ...['sender_id', 'receiver_id'].map(of(WALLET)),
  ...['user_id', 'fedowuser_id'].map(of(PERSON)),
  ...['card_id', 'primary_card_id'].map(of(CARD)),
  of(PLACE)('place_id'),
  of(ASSET)('asset_id'),
  of(FEDERATION)('federation_id'),
  of(ORIGIN)('origin_id'),
  of(CHECKOUT)('checkout_stripe_id'),
  of(LINE)('previous_transaction_id'),
  of(CREATION_KEY)('create_place_apikey_id'),
])

export const COPIED: readonly CopiedTable[] = [
  { name: MIGRATIONS, columns: ['id', 'app', 'name'], where: "app = 'fedow_core'" },
  ...TABLES.map(({ name, columns }) => {
    const names = Object.values(columns).map(([column]) => column)
    const key = names.includes('uuid') ? 'uuid' : 'id'
    return { name, columns: [key, ...names.filter((one) => one !== key)] as const }
  }),
]

/** The columns of the copy, from the types that the server has for them. */
export function toColumns({ columns }: CopiedTable, types: readonly number[]): CopyColumn[] {
  const isWhole = isWholeType(types[0] ?? 0)
  return columns.map((name, index) => ({
    name,
    key: index > 0 ? undefined : isWhole ? 'whole' : 'text',
    parent: PARENTS.get(name),
  }))
}

/** In a sure order, so that the same rows always make the same file. Assets stand as they were made, for people. */
export function selectionOf({ name, columns, where = 'true' }: CopiedTable): string {
  const [key] = columns
  const list = columns.map((column) => `"${column}"`).join(', ')
  const first = columns.includes('created_at') ? '"created_at", ' : ''
  return `SELECT ${list} FROM ${name} WHERE ${where} ORDER BY ${first}"${key}"`
}

function of({ name }: { readonly name: string }): (column: string) => readonly [string, string] {
  return (column) => [column, name]
}
