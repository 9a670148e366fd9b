/** Whether a database is one of the Fedow v1 that is read here. Everything else is refused, with what to do. */
import { LINE, TABLES, type V1Table } from './rows.ts'

/** The database can be read, but is nothing that we import. */
export class OtherVersionError extends Error {}

/** Fedow v1.5: its last change of tables, and how many there were until then. */
const LAST_MIGRATION = '0025_alter_checkoutstripe_checkout_session_id_stripe'
const MIGRATION_COUNT = 25

export const MIGRATIONS = 'django_migrations'
const NOTHING = 'Nothing was changed.'

/** What a database says of itself. */
export interface V1Outline {
  /** How people name it. */
  readonly shown: string
  /** Such as "an SQLite database". */
  readonly kind: string
  /** Where v1's own is usually found. */
  readonly hint: string
}

/** Throws OtherVersionError unless the tables are there that v1 always has. */
export function demandTables(
  { shown, kind, hint }: V1Outline,
  hasTable: (name: string) => boolean,
): void {
  if (hasTable(MIGRATIONS) && hasTable(LINE.name)) return
  throw new OtherVersionError(`${shown} is ${kind}, but not one of Fedow v1. ${NOTHING} ${hint}`)
}

/** Throws OtherVersionError unless these are the changes of tables that v1.5 went through. */
export function demandMigrations({ shown }: V1Outline, migrations: readonly string[]): void {
  const names = migrations.toSorted()
  const last = names.at(-1) ?? 'none'
  if (last === LAST_MIGRATION && names.length === MIGRATION_COUNT) return
  const isNewer = last > LAST_MIGRATION || names.length > MIGRATION_COUNT
  const help = isNewer
    ? 'Take a newer Fedow, which knows it.'
    : 'Bring v1 to its release 1.5 first (manage.py migrate), and try again.'
  throw new OtherVersionError(
    `${shown} was written by ${isNewer ? 'a newer' : 'an older'} Fedow v1 than 1.5: its last migration is ${last}, the one that is read here is ${LAST_MIGRATION}. ${NOTHING} ${help}`,
  )
}

/** Throws OtherVersionError when a column that is read is missing. */
export function demandColumns(
  { shown }: V1Outline,
  columnsOf: (table: V1Table) => ReadonlySet<unknown>,
): void {
  for (const table of TABLES) {
    const found = columnsOf(table)
    const missing = Object.values(table.columns).find(([column]) => !found.has(column))
    if (missing === undefined) continue
    throw new OtherVersionError(
      `${shown} is not quite a database of Fedow v1.5: its table ${table.name} has no column ${missing[0]}. ${NOTHING} Read the database of v1 as v1 left it.`,
    )
  }
}

/** Throws OtherVersionError when v1 was never installed there. */
export function demandInstalled({ shown }: V1Outline, configurations: bigint): void {
  if (configurations === 1n) return
  throw new OtherVersionError(
    `${shown} has ${configurations} configurations and should have one: v1 was never installed in it. ${NOTHING} Name the database that v1 really used.`,
  )
}
