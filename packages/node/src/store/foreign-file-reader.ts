/**
 * Opens an SQLite file that another program owns, to read it and leave it, and what stands beside it, byte for byte as
 * they are. What that program left half done beside the file is finished in a copy.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import {
  asForeign,
  BUSY,
  codeOf,
  damaged,
  ForeignFileError,
  locked,
  NOTHING_CHANGED,
  READ_ONLY,
  toForeign,
} from './foreign-file-fault.ts'

/** One value as SQLite keeps it. Whole numbers are bigints. */
export type Cell = null | bigint | number | string | Uint8Array

const COPY = 'copy.sqlite3'
/** What SQLite keeps beside a file while there is something to finish. */
const BESIDE = ['-wal', '-journal']

const COPY_TRIES = 3
/** Rows that only break a rule of a column are still read: what they say is told one by one. */
const RULE_OF_COLUMN = /^(?:CHECK constraint failed|NULL value) in /

/** Opens a file for reading. Throws ForeignFileError. */
export function openForeignFile(path: string): ForeignFile {
  const header = readHeader(path)
  demandSound(path, header)
  const isUnfinished = header.isLogged ? hasContent(`${path}-wal`) : hasUnfinishedWork(path)
  const file = isUnfinished
    ? openCopy(path, header)
    : asForeign(path, () => new ForeignFile(path, { header }))
  try {
    file.check()
    return file
  } catch (cause) {
    file[Symbol.dispose]()
    throw cause
  }
}

interface Opened {
  readonly header: Header
  /** A folder with a copy, removed with the file. */
  readonly folder?: string
}

/** A file that is open for reading. */
export class ForeignFile implements Disposable {
  readonly path: string
  readonly isCopy: boolean
  readonly #header: Header
  readonly #folder: string | undefined
  readonly #db: DatabaseSync

  constructor(path: string, { header, folder }: Opened) {
    this.path = path
    this.isCopy = folder !== undefined
    this.#header = header
    this.#folder = folder
    this.#db = folder === undefined ? openInPlace(path) : new DatabaseSync(join(folder, COPY))
    this.#db.exec('PRAGMA trusted_schema=OFF; PRAGMA ignore_check_constraints=ON')
  }

  /** The rows of a query, one at a time. */
  *iterate(sql: string): IterableIterator<readonly Cell[]> {
    const statement = this.#prepare(sql)
    const rows = statement.iterate() as unknown as IterableIterator<readonly Cell[]>
    for (;;) {
      const { done, value } = this.#guard(() => rows.next())
      if (done === true) return
      yield value
    }
  }

  /** Finds single rows by a value, again and again. */
  finder(sql: string): (value: string | bigint) => readonly Cell[] | undefined {
    const statement = this.#prepare(sql)
    return (value) => {
      return this.#guard(() => statement.get(value)) as unknown as readonly Cell[] | undefined
    }
  }

  /** Demands that every page can be read. Throws ForeignFileError. */
  check(): void {
    const [fault] = [...this.iterate('PRAGMA quick_check(50)')]
      .map(([text]) => String(text))
      .filter((text) => text !== 'ok' && !RULE_OF_COLUMN.test(text))
    if (fault !== undefined) throw damaged(this.path, fault)
  }

  /** Demands that nobody wrote into the file since it was opened. Throws ForeignFileError. */
  assertUnchanged(): void {
    const now = readHeader(this.path)
    if (isSame(now, this.#header)) return
    throw new ForeignFileError(
      'changed',
      `${this.path} was written while it was read, so what was read does not hold together. ${NOTHING_CHANGED} Stop Fedow v1, or read a copy of the file, and try again.`,
    )
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#guard(() => this.#db.prepare(sql))
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    return statement
  }

  /** A page that does not fit the others was written meanwhile, or is damaged. */
  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      if (codeOf(cause) === undefined) throw cause
      this.assertUnchanged()
      throw toForeign(this.path, cause)
    }
  }

  [Symbol.dispose](): void {
    this.#db.close()
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }
}

interface Header {
  readonly stat: BigIntStats
  /** The first bytes, with the counter of changes. */
  readonly bytes: Buffer
  /** Changes stand in a write-ahead log beside the file. */
  readonly isLogged: boolean
}

const HEADER_SIZE = 100
const MAGIC = 'SQLite format 3\0'

function readHeader(path: string): Header {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!stat?.isFile()) {
    throw new ForeignFileError(
      'missing',
      `${path} is no file. ${NOTHING_CHANGED} Name the file of v1.`,
    )
  }
  const bytes = Buffer.alloc(HEADER_SIZE)
  const file = openFile(path)
  try {
    const read = readSync(file, bytes, 0, HEADER_SIZE, 0)
    return { stat, bytes: bytes.subarray(0, read), isLogged: bytes[18] === 2 }
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ForeignFileError('missing', `${path} cannot be read: ${why}. ${NOTHING_CHANGED}`)
  }
}

function isSame(one: Header, other: Header): boolean {
  const isSameStat = one.stat.size === other.stat.size && one.stat.mtimeNs === other.stat.mtimeNs
  return isSameStat && one.bytes.equals(other.bytes)
}

function demandSound(path: string, { bytes, stat }: Header): void {
  if (bytes.length < HEADER_SIZE || !bytes.toString('latin1').startsWith(MAGIC)) {
    throw new ForeignFileError(
      'not_a_database',
      `${path} is not an SQLite database. ${NOTHING_CHANGED} Name the file of v1, usually db.sqlite3 in its folder "database".`,
    )
  }
  // The count of pages holds only when the counter of changes beside it is the current one.
  const isAlone = BESIDE.every((ending) => !hasContent(path + ending))
  const isCounted = isAlone && bytes.readUInt32BE(24) === bytes.readUInt32BE(92)
  const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16)
  const size = BigInt(pageSize) * BigInt(bytes.readUInt32BE(28))
  if (!isCounted || stat.size >= size) return
  throw new ForeignFileError(
    'truncated',
    `${path} is cut off: it has ${stat.size} bytes and should have ${size}. ${NOTHING_CHANGED} Copy it again, whole, with v1 stopped.`,
  )
}

function openInPlace(path: string): DatabaseSync {
  const url = pathToFileURL(path)
  // So SQLite takes no lock and writes no file beside it: v1 is not disturbed, were it running.
  url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, { readOnly: true })
}

/** Whether whoever wrote the file was stopped in the middle. Throws ForeignFileError while somebody writes. */
function hasUnfinishedWork(path: string): boolean {
  using reader = new DatabaseSync(path, { readOnly: true })
  try {
    reader.exec('SELECT count(*) FROM sqlite_master')
  } catch (cause) {
    // A journal is to be rolled back, which a reader may not do.
    if (codeOf(cause) === READ_ONLY) return true
    throw toForeign(path, cause)
  }
  const url = pathToFileURL(path)
  url.searchParams.set('mode', 'rw')
  using writer = new DatabaseSync(url)
  try {
    // Nobody else is writing when the lock of a writer is to be had. It changes no byte.
    writer.exec('BEGIN IMMEDIATE; ROLLBACK')
  } catch (cause) {
    if (codeOf(cause) === BUSY) throw toForeign(path, cause)
  }
  return false
}

function openCopy(path: string, header: Header): ForeignFile {
  const folder = mkdtempSync(join(tmpdir(), 'fedow-v1-'))
  try {
    copyWhole(path, join(folder, COPY))
    return asForeign(path, () => new ForeignFile(path, { header, folder }))
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
}

/** Copies the file and what stands beside it as of one moment. */
function copyWhole(path: string, copy: string): void {
  for (let tries = 0; tries < COPY_TRIES; tries += 1) {
    const before = momentOf(path)
    copyFileSync(path, copy, constants.COPYFILE_FICLONE)
    for (const ending of BESIDE) {
      rmSync(copy + ending, { force: true })
      if (hasContent(path + ending)) {
        copyFileSync(path + ending, copy + ending, constants.COPYFILE_FICLONE)
      }
    }
    if (momentOf(path) === before) return
  }
  throw locked(path)
}

function momentOf(path: string): string {
  return ['', ...BESIDE]
    .map((ending) => statSync(path + ending, { bigint: true, throwIfNoEntry: false }))
    .map((stat) => `${stat?.size} ${stat?.mtimeNs}`)
    .join()
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}
