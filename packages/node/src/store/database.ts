/** How every SQLite file of a node is opened: durable, strict, migrated forward only. */
import { statSync } from 'node:fs'
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite'
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

/** The file was written by an older Fedow, and is only read: what opens it for writing brings it up to date. */
export class OlderVersionError extends Error {
  constructor(path: string, found: number, known: number) {
    super(
      `${path} is of version ${found}; this Fedow writes version ${known}. Nothing was changed. Start the node once, which brings the file up to date, and ask again.`,
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

/** The disk refuses to read or write. */
export class DiskError extends Error {
  constructor(path: string, detail: string) {
    super(
      `${path} cannot be read or written (${detail}). No answer is lost. See that the disk is sound and has room, and that the folder is this user's, then start again.`,
    )
  }
}

/** Our SQL is sound, so an error in it means that the tables are not ours. */
const SQL_ERROR = 1
const READ_ONLY = 8
const DISK_FAILED = 10
const CORRUPT = 11
const DISK_FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
/** Extended: the file ends before a page that it counts. */
const SHORT_READ = 522

/** True for the errors by which SQLite says that a file is damaged. */
export function isCorruption(cause: unknown): cause is Error {
  if ((cause as { errcode?: unknown } | null)?.errcode === SHORT_READ) return true
  const code = errcodeOf(cause)
  return code !== undefined && [SQL_ERROR, CORRUPT, NOT_A_DATABASE].includes(code)
}

/** An error of opening a file in the words of a person, when it is SQLite's. */
export function toOpeningError(path: string, cause: unknown): unknown {
  if (isCorruption(cause)) return new CorruptDatabaseError(path, cause.message)
  const isDisk = [READ_ONLY, DISK_FAILED, DISK_FULL, CANNOT_OPEN].includes(errcodeOf(cause) ?? 0)
  return isDisk && cause instanceof Error ? new DiskError(path, cause.message) : cause
}

/** The primary result code of SQLite, if it is SQLite that failed. */
function errcodeOf(cause: unknown): number | undefined {
  const code = (cause as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}

/**
 * Pages of the write-ahead log before they are folded into the file: hot pages are then copied once for many
 * commits. 16 MiB; a restart reads them back in well under a second.
 */
const WAL_PAGES = 4_096

/** Opens or makes a file: WAL, `synchronous=FULL` asserted, foreign keys, migrations in SQL transactions. */
export function openDatabase({
  path,
  migrations,
  synchronous = 'FULL',
}: DatabaseOptions): DatabaseSync {
  refuseNewerVersion(path, migrations.length)
  const db = connect(path, { enableForeignKeyConstraints: true })
  try {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=${synchronous}; PRAGMA trusted_schema=OFF`)
    db.exec(`PRAGMA wal_autocheckpoint=${WAL_PAGES}`)
    const mode = Object.values(db.prepare('PRAGMA synchronous').get() ?? {})[0]
    assert(mode === (synchronous === 'FULL' ? 2 : 0), 'synchronous is what was asked for')
    const journal = Object.values(db.prepare('PRAGMA journal_mode').get() ?? {})[0]
    assert(journal === 'wal', 'the journal is a write-ahead log')
    migrate(db, path, migrations)
    return db
  } catch (cause) {
    db.close()
    throw toOpeningError(path, cause)
  }
}

/** Opens a file as it is. Throws DiskError. */
export function connect(path: string, options: DatabaseSyncOptions): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 5_000, ...options })
  } catch (cause) {
    throw toOpeningError(path, cause)
  }
}

/** Looks before anything may be written: closing a file that was opened for writing folds its journal in. */
function refuseNewerVersion(path: string, known: number): void {
  if (isMissing(path)) return
  using db = connect(path, { readOnly: true })
  try {
    assertKnownVersion(db, path, known)
  } catch (cause) {
    // A crash while the file was made leaves something to undo first: `migrate` looks again.
    if (errcodeOf(cause) === READ_ONLY) return
    throw toOpeningError(path, cause)
  }
}

function assertKnownVersion(db: DatabaseSync, path: string, known: number): void {
  const found = versionOf(db)
  if (found > known) throw new NewerVersionError(path, found, known)
}

/** True when there is no file, or an empty one. */
export function isMissing(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0
}

/** The number of migrations that a file has seen. */
export function versionOf(db: DatabaseSync): number {
  return Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0])
}

function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  assertKnownVersion(db, path, migrations.length)
  const found = versionOf(db)
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
