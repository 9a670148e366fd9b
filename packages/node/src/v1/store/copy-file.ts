/** A file of v1's tables that is made here from elsewhere, in a temporary folder of its own, and goes away with it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Cell } from '../../store/foreign-file-reader.ts'

/** A column of a table that is made. Values are kept as they are given. */
export interface CopyColumn {
  readonly name: string
  /** The one by which rows are found: whole numbers, or text. */
  readonly key?: 'whole' | 'text' | undefined
  /** The table whose rows it names. */
  readonly parent?: string | undefined
}

/** Where it cannot be written: no room, or no right. */
export class CopyFileError extends Error {}

export class CopyFile implements Disposable {
  readonly #folder: string
  readonly path: string
  readonly #db: DatabaseSync
  readonly #remove = (): void => rmSync(this.#folder, { recursive: true, force: true })

  /** Throws CopyFileError. */
  constructor() {
    this.#folder = guard(() => mkdtempSync(join(tmpdir(), 'fedow-v1-')))
    // Also when somebody insists on ending the process at once.
    process.once('exit', this.#remove)
    this.path = join(this.#folder, 'copy.sqlite3')
    this.#db = guard(() => new DatabaseSync(this.path, { enableForeignKeyConstraints: false }))
    // Nothing of it is worth saving when it is not finished.
    this.#exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN')
  }

  /** Makes a table; answers what adds a row to it. */
  create(table: string, columns: readonly CopyColumn[]): (cells: readonly Cell[]) => void {
    this.#exec(`CREATE TABLE ${table} (${columns.map(toDefinition).join(', ')})`)
    const marks = columns.map(() => '?').join(', ')
    const insert = this.#db.prepare(`INSERT INTO ${table} VALUES (${marks})`)
    return (cells) => guard(() => void insert.run(...cells))
  }

  /** Rows are found by a column that names others as quickly as in v1's own file. */
  index(table: string, columns: readonly CopyColumn[]): void {
    for (const { name } of columns.filter(({ key, parent }) => !key && parent)) {
      this.#exec(`CREATE INDEX ${table}_${name} ON ${table} (${name})`)
    }
  }

  /** Writes other values into a column, by the keys of the rows. */
  update(
    {
      table,
      key,
      column,
    }: { readonly table: string; readonly key: string; readonly column: string },
    values: ReadonlyMap<string, string>,
  ): void {
    const update = this.#db.prepare(`UPDATE ${table} SET ${column} = ?2 WHERE ${key} = ?1`)
    for (const [id, value] of values) guard(() => update.run(id, value))
  }

  /** From here on the file can be read, and written again. */
  commit(): void {
    this.#exec('COMMIT; BEGIN')
  }

  /** Ends the writing. The file stays until it is disposed of. */
  finish(): void {
    this.#exec('COMMIT')
    this.#db.close()
  }

  #exec(sql: string): void {
    guard(() => this.#db.exec(sql))
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close()
    this.#remove()
    process.off('exit', this.#remove)
  }
}

const KEY_TYPES = { whole: 'INTEGER PRIMARY KEY', text: 'TEXT PRIMARY KEY' } as const

function toDefinition({ name, key, parent }: CopyColumn): string {
  const type = key === undefined ? '' : ` ${KEY_TYPES[key]}`
  return `${name}${type}${parent === undefined ? '' : ` REFERENCES ${parent}`}`
}

function guard<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const { code, errcode } = (cause ?? {}) as { code?: unknown; errcode?: unknown }
    const isOfDisk = cause instanceof Error && (code !== undefined || errcode !== undefined)
    if (!isOfDisk) throw cause
    throw new CopyFileError(
      `The copy cannot be written to the temporary folder ${tmpdir()} (${cause.message}). Nothing was changed. Make room there, or name another folder in TMPDIR.`,
    )
  }
}
