/** A database of Fedow v1, known to be one of the version that we read. */
import { type Cell, type ForeignFile, openForeignFile } from '../../store/foreign-file-reader.ts'
import { CHECKOUT, CONFIGURATION, LINE, OddCell, type RowOf, type V1Table } from './rows.ts'
import {
  demandColumns,
  demandInstalled,
  demandMigrations,
  demandTables,
  MIGRATIONS,
} from './v1-version.ts'

/** A row that cannot be read as what v1 stores. */
export interface OddRow {
  readonly table: string
  readonly row: bigint
  readonly column: string
  readonly why: string
}

/** A line with what its neighbours say of it. */
export interface V1LineAmongOthers {
  readonly line: RowOf<typeof LINE>
  /** Of the line that it names as the one before. */
  readonly previous:
    | { readonly hash: string; readonly asset: string; readonly at: string }
    | undefined
  readonly checkout: { readonly stripeId: string | undefined; readonly status: string } | undefined
}

/** Opens it for reading. Throws ForeignFileError, OtherVersionError. */
export function openV1Database(path: string): V1Database {
  const file = openForeignFile(path)
  try {
    demandV1(file)
    return new V1Database(file)
  } catch (cause) {
    file[Symbol.dispose]()
    throw cause
  }
}

/** Rows that cannot be read are left out, and told in `odd`. */
export class V1Database implements Disposable {
  readonly #file: ForeignFile
  readonly odd: OddRow[] = []

  constructor(file: ForeignFile) {
    this.#file = file
  }

  get path(): string {
    return this.#file.path
  }

  get isCopy(): boolean {
    return this.#file.isCopy
  }

  /** Rows in the order in which they were first stored. */
  *rows<T extends V1Table>(table: T): IterableIterator<RowOf<T>> {
    for (const cells of this.query(`SELECT rowid, ${selection(table)} FROM ${table.name}`)) {
      const row = this.#read(table, cells)
      if (row !== undefined) yield row
    }
  }

  /** Lines in the order of the import: time, then id. */
  *lines(): IterableIterator<V1LineAmongOthers> {
    const find = this.#file.finder(
      `SELECT t.rowid, ${selection(LINE, 't.')}, p.hash, p.asset_id, p.datetime, c.status, c.checkout_session_id_stripe
       FROM ${LINE.name} t LEFT JOIN ${LINE.name} p ON p.uuid = t.previous_transaction_id
       LEFT JOIN ${CHECKOUT.name} c ON c.uuid = t.checkout_stripe_id WHERE t.rowid = ?`,
    )
    for (const number of this.#order()) {
      const cells = find(BigInt(number))
      const line = cells && this.#read(LINE, cells)
      if (!line) continue
      const [hash, asset, at, status, stripeId] = cells.slice(-5).map(toText)
      yield {
        line,
        previous: hash === undefined ? undefined : { hash, asset: asset ?? '', at: at ?? '' },
        checkout: status === undefined ? undefined : { status, stripeId },
      }
    }
  }

  count(table: V1Table): number {
    const [[count] = []] = [...this.query(`SELECT count(*) FROM ${table.name}`)]
    return Number(count)
  }

  query(sql: string): IterableIterator<readonly Cell[]> {
    return this.#file.iterate(sql)
  }

  /** Throws ForeignFileError when v1 wrote meanwhile. */
  assertUnchanged(): void {
    this.#file.assertUnchanged()
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]()
  }

  /** Row numbers first, so that sorting does not carry whole lines along. */
  #order(): Float64Array {
    const order = new Float64Array(this.count(LINE))
    let index = 0
    for (const [row] of this.query(`SELECT rowid FROM ${LINE.name} ORDER BY datetime, uuid`)) {
      order[index] = Number(row)
      index += 1
    }
    return order
  }

  #read<T extends V1Table>(table: T, cells: readonly Cell[]): RowOf<T> | undefined {
    const row: Record<string, unknown> = {}
    let index = 1
    for (const name in table.columns) {
      const [column, read] = table.columns[name] as T['columns'][string]
      try {
        row[name] = read(cells[index] ?? null)
      } catch (cause) {
        if (!(cause instanceof OddCell)) throw cause
        this.odd.push({ table: table.name, row: cells[0] as bigint, column, why: cause.message })
        return undefined
      }
      index += 1
    }
    return row as RowOf<T>
  }
}

function selection({ columns }: V1Table, prefix = ''): string {
  return Object.values(columns)
    .map(([column]) => `${prefix}${column}`)
    .join(', ')
}

function toText(cell: Cell): string | undefined {
  return typeof cell === 'string' ? cell : undefined
}

function demandV1(file: ForeignFile): void {
  const outline = {
    shown: file.path,
    kind: 'an SQLite database',
    hint: 'Name the file of v1, usually db.sqlite3 in its folder "database".',
  }
  demandTables(outline, (name) => hasTable(file, name))
  const migrations = file.iterate(`SELECT name FROM ${MIGRATIONS} WHERE app = 'fedow_core'`)
  demandMigrations(
    outline,
    [...migrations].map(([name]) => String(name)),
  )
  demandColumns(outline, ({ name }) => {
    return new Set([...file.iterate(`PRAGMA table_info(${name})`)].map(([, column]) => column))
  })
  const [[count] = []] = [...file.iterate(`SELECT count(*) FROM ${CONFIGURATION.name}`)]
  demandInstalled(outline, BigInt(count as bigint))
}

function hasTable(file: ForeignFile, name: string): boolean {
  const sql = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '${name}'`
  return [...file.iterate(sql)].length > 0
}
