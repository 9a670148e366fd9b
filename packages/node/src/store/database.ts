/** How every SQLite file of a node is opened: durable, strict, migrated forward only. */
import { DatabaseSync } from 'node:sqlite'
import { assert } from '@fedow/ledger'

/** A numbered step; its position in the list, from 1, is the version it leads to. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

export interface DatabaseOptions {
  readonly path: string
  readonly migrations: readonly Migration[]
  /** OFF exists for the tests that prove the power-cut harness right. */
  readonly synchronous?: 'FULL' | 'OFF'
}

/** The file was written by a newer Fedow: it is refused, not touched. */
export class NewerVersionError extends Error {
  constructor(path: string, found: number, known: number) {
    super(
      `${path} is of version ${found}; this Fedow knows version ${known}. Nothing was changed. Start the newer Fedow that wrote it.`,
    )
  }
}

/** The file is not a sound database. */
export class CorruptDatabaseError extends Error {
  constructor(path: string, detail: string) {
    super(
      `${path} is damaged (${detail}). Nothing was changed. Restore the folder from a backup; the audit of a backup names its last sound line.`,
    )
  }
}

const CORRUPT = 11
const NOT_A_DATABASE = 26

/** True for the errors by which SQLite says that a file is damaged. */
export function isCorruption(cause: unknown): cause is Error {
  const code = (cause as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && [CORRUPT, NOT_A_DATABASE].includes(code & 0xff)
}

/** Opens or makes a file: WAL, `synchronous=FULL` asserted, foreign keys, migrations in SQL transactions. */
export function openDatabase({ path, migrations, synchronous = 'FULL' }: DatabaseOptions): DatabaseSync {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
  try {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=${synchronous}; PRAGMA trusted_schema=OFF`)
    const mode = Object.values(db.prepare('PRAGMA synchronous').get() ?? {})[0]
    assert(mode === (synchronous === 'FULL' ? 2 : 0), 'synchronous is what was asked for')
    const journal = Object.values(db.prepare('PRAGMA journal_mode').get() ?? {})[0]
    assert(journal === 'wal', 'the journal is a write-ahead log')
    migrate(db, path, migrations)
    return db
  } catch (cause) {
    db.close()
    if (isCorruption(cause)) throw new CorruptDatabaseError(path, cause.message)
    throw cause
  }
}

function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const found = Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0])
  if (found > migrations.length) throw new NewerVersionError(path, found, migrations.length)
  for (const [index, { sql }] of migrations.entries()) {
    if (index < found) continue
    inSqlTransaction(db, () => db.exec(`${sql}; PRAGMA user_version = ${index + 1}`))
  }
}

/** Runs one SQL transaction: all of it or nothing. */
export function inSqlTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

/** The versions of SQLite before this one have a bug in resetting the write-ahead log. */
const SQLITE_OLDEST = '3.51.3'

/** Fails on a machine whose SQLite or Node is too old for money. */
export function assertRuntime(): void {
  const [major = 0] = process.versions.node.split('.').map(Number)
  assert(major >= 26, `Fedow runs on Node 26 or newer, this is ${process.versions.node}`)
  const found = process.versions['sqlite'] ?? '0'
  const isRecent = found.localeCompare(SQLITE_OLDEST, 'en', { numeric: true }) >= 0
  assert(isRecent, `Fedow needs SQLite ${SQLITE_OLDEST} or newer, this Node has ${found}`)
}
