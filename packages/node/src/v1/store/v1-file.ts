/** A database of v1 that is written: rows that are not there yet are added, the others brought up to date. */
import { randomUUID } from 'node:crypto'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

type Row = Readonly<Record<string, SQLInputValue>>

export class V1File implements Disposable {
  readonly #db: DatabaseSync

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
    this.#db.exec('PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; BEGIN')
  }

  has(table: string, id: string): boolean {
    return this.one(`SELECT 1 AS there FROM fedow_core_${table} WHERE uuid = ?`, id) !== undefined
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#db.prepare(sql).get(...values) as Row | undefined
  }

  insert(table: string, row: Row): void {
    const names = Object.keys(row)
    const marks = names.map(() => '?').join(', ')
    this.#db
      .prepare(`INSERT INTO fedow_core_${table} (${names.join(', ')}) VALUES (${marks})`)
      .run(...Object.values(row))
  }

  /** Sets columns of the rows that the others name. Answers how many there were. */
  update(table: string, where: Row, row: Row): number {
    const sets = Object.keys(row).map((name) => `${name} = ?`)
    const tests = Object.keys(where).map((name) => `${name} = ?`)
    const sql = `UPDATE fedow_core_${table} SET ${sets.join(', ')} WHERE ${tests.join(' AND ')}`
    const { changes } = this.#db.prepare(sql).run(...Object.values(row), ...Object.values(where))
    return Number(changes)
  }

  /** Removes all rows of a table that only joins two others, to be written anew. */
  clear(table: string): void {
    this.#db.exec(`DELETE FROM fedow_core_${table}`)
  }

  /** References that lead nowhere. */
  strays(): number {
    return this.#db.prepare('PRAGMA foreign_key_check').all().length
  }

  commit(): void {
    this.#db.exec('COMMIT')
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}

/** As v1 stores an id. */
export function toV1Id(uuid: string): string {
  return uuid.replaceAll('-', '')
}

export function newV1Id(): string {
  return toV1Id(randomUUID())
}

/** As v1 stores a moment, from microseconds since 1970. */
export function toV1Moment(timeUs: number): string {
  const seconds = Math.floor(timeUs / 1_000_000)
  const text = new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')
  const fraction = timeUs - seconds * 1_000_000
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`
}
