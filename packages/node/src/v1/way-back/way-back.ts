/** The way back to v1: a copy of the database that was imported, with all that has happened since. */

import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ONLY } from '@fedow/ledger'
import { Book } from '../../store/book.ts'
import { CardDirectory } from '../../store/card-directory.ts'
import { readGenesis } from '../../store/folder.ts'
import { FolderLock } from '../../store/folder-lock.ts'
import { openPeopleDb, PEOPLE_FILE } from '../../store/people-db.ts'
import { openV1Database } from '../import/v1-database.ts'
import { V1File } from '../store/v1-file.ts'
import { openV1Store, V1_FILE } from '../store/v1-store.ts'
import { writeLines } from './lines-back.ts'
import { type RegistryBack, writeAccounts, writeRegistry } from './registry-back.ts'

export interface WayBackOrder {
  /** The data folder; its node does not run. */
  readonly folder: string
  /** The database that was imported into it. */
  readonly original: string
  /** Where the new one goes. */
  readonly target: string
}

/** What the new database has beside the old one. */
export interface WayBack {
  readonly lines: number
  /** Accounts with another balance than before. */
  readonly accounts: number
  readonly added: RegistryBack
}

/** The book cannot be written back so; the message says why. Nothing was written. */
export class WayBackError extends Error {}

/** Throws WayBackError, FolderLockedError, ForeignFileError, OtherVersionError. */
export function writeWayBack({ folder, original, target }: WayBackOrder): WayBack {
  if (existsSync(target)) {
    throw new WayBackError(`${target} is there already, and is not overwritten. Nothing was done.`)
  }
  using _lock = new FolderLock(folder)
  using book = new Book({ folder, genesis: readGenesis(folder) })
  demandSource(book, original)
  const draft = `${target}.new`
  try {
    copyFileSync(original, draft)
    const done = write({ folder, book, draft })
    renameSync(draft, target)
    return done
  } finally {
    rmSync(draft, { force: true })
  }
}

function demandSource(book: Book, original: string): void {
  const source = book.state.get('import', ONLY)?.source
  if (source === undefined) {
    throw new WayBackError(
      'This book was not imported from v1, so there is no way back to it. Nothing was done.',
    )
  }
  // Refuses what is no database of v1, with the reason.
  openV1Database(original)[Symbol.dispose]()
  const found = createHash('sha256').update(readFileSync(original)).digest('hex')
  if (found === source) return
  throw new WayBackError(
    `${original} is not the database that this book was imported from (SHA-256 ${source}). Nothing was done. Name that one: its report, import-v1.json, is in the folder.`,
  )
}

interface Writing {
  readonly folder: string
  readonly book: Book
  readonly draft: string
}

function write({ folder, book, draft }: Writing): WayBack {
  using store = openV1Store(join(folder, V1_FILE))
  using people = openPeopleDb(join(folder, PEOPLE_FILE))
  using file = new V1File(draft)
  const means = { file, store, book: book.reader, directory: new CardDirectory(people) }
  const strays = file.strays()
  const added = writeRegistry(means)
  const lines = writeLines(means)
  const accounts = writeAccounts(means)
  if (file.strays() > strays) {
    throw new WayBackError(
      'Something that happened since names what v1 does not have. Nothing was written. Please report this.',
    )
  }
  file.commit()
  return { lines, accounts, added }
}
