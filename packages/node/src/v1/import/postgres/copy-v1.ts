/**
 * Copies the tables of v1 out of PostgreSQL into a file as v1 itself would have in SQLite, as of one moment. v1 goes on
 * working meanwhile: nothing is locked but the shape of its tables.
 */
import { setImmediate } from 'node:timers/promises'
import { CopyFile } from '../../store/copy-file.ts'
import { CONFIGURATION, LINE } from '../rows.ts'
import { openV1Database } from '../v1-database.ts'
import {
  demandColumns,
  demandInstalled,
  demandMigrations,
  demandTables,
  MIGRATIONS,
} from '../v1-version.ts'
import { toCell } from './cells.ts'
import { COPIED, type CopiedTable, selectionOf, toColumns } from './copied-tables.ts'
import { MetadataOrder } from './metadata-order.ts'
import { PATIENCE, type Patience, V1Server } from './v1-server.ts'

export interface CopyOptions {
  readonly patience?: Partial<Patience> | undefined
  /** Aborted: the copying stops, with the reason thrown. */
  readonly stop?: AbortSignal | undefined
  /** Rows that were worked on, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** A copy that can be read, and what it is a copy of. */
export interface V1Copy {
  readonly file: CopyFile
  /** The address without its password. */
  readonly address: string
  /** By the clock of the server: what v1 wrote later is not in it. */
  readonly takenMs: number
}

/** Lines between two looks at the rest of the process. */
const TURN = 2_000

/** Throws V1ServerError, OtherVersionError, CopyFileError, or the reason of `stop`. Leaves no file behind then. */
export async function copyV1(address: string, options: CopyOptions): Promise<V1Copy> {
  const patience = { ...PATIENCE, ...options.patience }
  await using server = await V1Server.connect(address, { patience, stop: options.stop })
  await server.begin()
  await demandV1(server)
  await server.rollback()
  const { file, takenMs } = await copyMoment(server, options)
  return { file, address: server.shown, takenMs }
}

async function copyMoment(
  server: V1Server,
  options: CopyOptions,
): Promise<Pick<V1Copy, 'file' | 'takenMs'>> {
  await server.begin()
  // Before the moment begins: a table that is rewritten by a migration would else be seen empty.
  await server.query(`LOCK TABLE ${COPIED.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`)
  const takenMs = await numberOf(server, 'extract(epoch FROM clock_timestamp())::numeric * 1000')
  await demandV1(server)
  const counts = COPIED.map(({ name }) => `(SELECT count(*) FROM ${name})`)
  const rows = await numberOf(server, counts.join(' + '))
  const lines = await numberOf(server, `(SELECT count(*) FROM ${LINE.name})`)
  const progress = new Steps(rows + lines, options)
  const file = new CopyFile()
  try {
    for (const table of COPIED) await copyTable(server, { table, file, progress })
    await server.rollback()
    file.commit()
    await restoreOrder(file, progress)
    file.finish()
    return { file, takenMs: Math.floor(takenMs) }
  } catch (cause) {
    file[Symbol.dispose]()
    throw cause
  }
}

/** Throws OtherVersionError. */
async function demandV1(server: V1Server): Promise<void> {
  const outline = {
    shown: server.shown,
    kind: 'a PostgreSQL database',
    hint: 'Name the database of v1, as in its settings.',
  }
  const columns = await columnsOf(server)
  demandTables(outline, (name) => columns.has(name))
  const { rows } = await server.query(`SELECT name FROM ${MIGRATIONS} WHERE app = 'fedow_core'`)
  demandMigrations(
    outline,
    rows.map(([name]) => String(name)),
  )
  demandColumns(outline, ({ name }) => columns.get(name) ?? new Set())
  demandInstalled(
    outline,
    BigInt(await numberOf(server, `(SELECT count(*) FROM ${CONFIGURATION.name})`)),
  )
}

/** Of the tables that are found by their plain names. */
async function columnsOf(server: V1Server): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await server.query(
    `SELECT t.name, a.attname FROM unnest($1::text[]) AS t(name)
     JOIN pg_attribute a ON a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped`,
    [COPIED.map(({ name }) => name)],
  )
  const columns = new Map<string, Set<string>>()
  for (const [table, column] of rows.map((cells) => cells.map(String))) {
    if (table === undefined || column === undefined) continue
    const found = columns.get(table) ?? new Set()
    columns.set(table, found.add(column))
  }
  return columns
}

async function numberOf(server: V1Server, expression: string): Promise<number> {
  const { rows } = await server.query(`SELECT ${expression}`)
  return Number(rows[0]?.[0])
}

interface Copying {
  readonly table: CopiedTable
  readonly file: CopyFile
  readonly progress: Steps
}

async function copyTable(server: V1Server, { table, file, progress }: Copying): Promise<void> {
  let insert: ReturnType<CopyFile['create']> | undefined
  for await (const { types, rows } of server.slices(selectionOf(table))) {
    insert ??= file.create(table.name, toColumns(table, types))
    for (const row of rows) insert(row.map((text, index) => toCell(types[index] ?? 0, text)))
    progress.add(rows.length)
  }
  file.index(table.name, toColumns(table, []))
}

/** Members of JSON in the order that the hashes of the lines cover. */
async function restoreOrder(file: CopyFile, progress: Steps): Promise<void> {
  const order = new MetadataOrder()
  const found = new Map<string, string>()
  using db = openV1Database(file.path)
  let seen = 0
  for (const { line, previous, checkout } of db.lines()) {
    const beside = previous && { previousHash: previous.hash, stripeId: checkout?.stripeId }
    const metadata = beside && order.find(line, beside)
    if (metadata !== undefined) found.set(line.id, metadata)
    seen += 1
    if (seen % TURN !== 0) continue
    await setImmediate()
    progress.add(TURN)
  }
  file.update({ table: LINE.name, key: 'uuid', column: 'metadata' }, found)
}

/** Counts, and stops when it is asked to. */
class Steps {
  readonly #total: number
  readonly #options: CopyOptions
  #done = 0

  constructor(total: number, options: CopyOptions) {
    this.#total = total
    this.#options = options
  }

  add(steps: number): void {
    const { stop, onProgress } = this.#options
    stop?.throwIfAborted()
    this.#done += steps
    onProgress?.(Math.min(this.#done, this.#total), this.#total)
  }
}
