/** Brings a v1 database over: a new folder whose book, directory and v1 store hold what v1 held. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Amount,
  type AssetId,
  type ChainId,
  FED_CAP_USUAL,
  type Hex32,
  type WalletId,
} from '@fedow/ledger'
import { CardDirectory } from '../../store/card-directory.ts'
import { writeNewFile } from '../../store/durable-file.ts'
import { hasGenesis, initFolder, readGenesis } from '../../store/folder.ts'
import { FolderLock } from '../../store/folder-lock.ts'
import { sha256 } from '../../store/hash.ts'
import { openPeopleDb, PEOPLE_FILE } from '../../store/people-db.ts'
import { openV1Store, V1_FILE } from '../store/v1-store.ts'
import { writeImport } from './book-import.ts'
import { toBookName } from './book-names.ts'
import { bookParts, type ReserveShown, toId } from './book-parts.ts'
import { fillCardDirectory } from './card-fill.ts'
import type { FernetKey } from './fernet.ts'
import { isBlocking } from './findings.ts'
import { beginDraft, endDraft } from './import-draft.ts'
import { toReportJson, type V1Report } from './report.ts'
import { LINE } from './rows.ts'
import { openV1Database, type V1Database } from './v1-database.ts'
import { fillV1Store } from './v1-store-fill.ts'
import { V1World } from './v1-world.ts'

/** What was found at the import, beside the book that came of it. */
export const REPORT_FILE = 'import-v1.json'

export interface ImportOptions {
  /** The new data folder. */
  readonly folder: string
  /** Of the same file, just now. */
  readonly report: V1Report
  readonly reserve: ReserveShown
  readonly nowMs: number
  readonly fernetKey?: FernetKey | undefined
  readonly stop?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** What came of an import. */
export interface V1Import {
  /** False when the folder has this very database already. */
  readonly isNew: boolean
  readonly chain: ChainId
  readonly folder: string
  /** The report, in that folder. */
  readonly reportPath: string
}

/** Findings that cannot be imported as they stand. */
export class ImportBlockedError extends Error {
  constructor(count: number) {
    super(
      `${count} finding(s) cannot be imported as they stand. Nothing was changed. Correct them in v1, and import again.`,
    )
  }
}

/** The database is not the one that the report is about. */
export class ChangedSinceError extends Error {
  constructor(path: string) {
    super(
      `${path} was written since it was looked into. Nothing was imported. Stop v1, and import again.`,
    )
  }
}

/**
 * Answers when everything is durable. Until then the folder has no book.
 *
 * Throws ImportBlockedError, FolderInUseError, FolderLockedError, ChangedSinceError, ReserveTooLargeError,
 * ForeignFileError, OtherVersionError.
 */
export async function importV1(path: string, options: ImportOptions): Promise<V1Import> {
  const { folder, report } = options
  const blocking = report.findings.filter(isBlocking).length
  if (blocking > 0) throw new ImportBlockedError(blocking)
  const source = report.file.sha256
  if (isSource(folder, source)) return answer(folder, false)
  const draft = beginDraft(folder)
  {
    using _lock = new FolderLock(folder)
    using db = openV1Database(path)
    if ((await hashOf(db.path)) !== source && !db.isCopy) throw new ChangedSinceError(path)
    await fill(db, draft, options)
    db.assertUnchanged()
    const text = `${JSON.stringify(toReportJson(report), undefined, 2)}\n`
    writeNewFile(join(draft, REPORT_FILE), { text, mode: 0o600 })
    endDraft(folder)
  }
  return answer(folder, true)
}

function answer(folder: string, isNew: boolean): V1Import {
  const { chain } = readGenesis(folder)
  return { isNew, chain, folder, reportPath: join(folder, REPORT_FILE) }
}

/** True when the folder was made from this very database. */
function isSource(folder: string, source: string): boolean {
  const path = join(folder, REPORT_FILE)
  if (!hasGenesis(folder) || !existsSync(path)) return false
  return JSON.parse(readFileSync(path, 'utf8'))?.file?.sha256 === source
}

async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const part of createReadStream(path)) digest.update(part as Buffer)
  return digest.digest('hex')
}

async function fill(db: V1Database, folder: string, options: ImportOptions): Promise<void> {
  const { nowMs, report, reserve, fernetKey, stop, onProgress } = options
  const world = new V1World(db)
  const { genesis } = initFolder(folder, { ...networkOf(world, report), timeMs: nowMs })
  // Lines are read twice: for what only v1's clients see, and for the book.
  const total = 2 * db.count(LINE)
  let done = 0
  const onLine = () => {
    done += 1
    onProgress?.(done, total)
  }
  using people = openPeopleDb(join(folder, PEOPLE_FILE))
  const directory = new CardDirectory(people)
  const batches = fillCardDirectory(db, {
    ...{ directory, hash: sha256, nowMs, world },
    random: () => randomBytes(16),
  })
  {
    using store = openV1Store(join(folder, V1_FILE))
    const keyFolder = join(folder, 'keys')
    await fillV1Store(db, { store, world, nowMs, keyFolder, fernetKey, stop, onLine })
  }
  const { id: node } = genesis.node
  const source = report.file.sha256 as Hex32
  const parts = bookParts({ db, world, node, batches, reserve, nowMs, source, onLine })
  await writeImport({ folder, parts, stop })
  for (const { batch } of batches) directory.markRegistered(batch)
}

/** The network keeps the primary wallet and the federated euro that everybody knows. */
function networkOf(world: V1World, { reserve }: V1Report) {
  const federated = [...world.assets.values()].find(({ category }) => category === 'FED')
  const name = toBookName(world.name, { max: 100, instead: 'Fedow' })
  return {
    network: name,
    wallet: toId<WalletId>(world.primaryWallet),
    fed: federated && {
      id: toId<AssetId>(federated.id),
      name: toBookName(federated.name, { max: 100, instead: 'Primary Asset' }),
      code: 'FED',
    },
    // What is in circulation already must not stop the next refill.
    fedCap: (FED_CAP_USUAL + (reserve?.held ?? 0n)) as Amount,
  }
}
