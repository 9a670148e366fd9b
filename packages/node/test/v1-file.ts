/** Databases of v1 for tests: the two that v1 wrote, and copies of them with something altered. */
import { hash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { Finding } from '../src/v1/import/findings.ts'
import type { V1Report } from '../src/v1/import/report.ts'

export type V1FileName = 'story' | 'storm'

/** A file that v1 wrote. It is only read. */
export function v1File(name: V1FileName): string {
  return fileURLToPath(new URL(`./v1-data/fedow-v1-${name}.sqlite3`, import.meta.url))
}

/** A folder with a copy of such a file, gone with the test. */
export class V1Folder implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'fedow-v1-test-'))
  readonly path = join(this.folder, 'db.sqlite3')

  constructor(name: V1FileName, sql = '') {
    copyFileSync(v1File(name), this.path)
    if (sql !== '') this.alter(sql)
  }

  /** Changes rows, also into what v1's own checks refuse. */
  alter(sql: string): void {
    using db = this.open()
    db.exec(sql)
  }

  open(): DatabaseSync {
    const db = new DatabaseSync(this.path, { enableForeignKeyConstraints: false })
    db.exec('PRAGMA ignore_check_constraints=ON')
    return db
  }

  /** Every file of the folder with a hash of its bytes. */
  bytes(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(this.folder)
        .sort()
        .map((name) => [name, hash('sha256', readFileSync(join(this.folder, name)))]),
    )
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What a query of one's own answers about a file, all integers exact. */
export function ask(path: string, sql: string): readonly Record<string, unknown>[] {
  using db = new DatabaseSync(path, { readOnly: true })
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  return statement.all()
}

export function findingsOf({ findings }: V1Report, code: Finding['code']): readonly Finding[] {
  return findings.filter((finding) => finding.code === code)
}

/** 32 digits as a UUID, and back. */
export function bare(uuid: unknown): string {
  return String(uuid).replaceAll('-', '')
}
