import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inSqlTransaction, openDatabase } from './database.ts'
import { FoldThread } from './fold-thread.ts'

const MIGRATIONS = [
  { name: 'numbers', sql: 'CREATE TABLE number (value INTEGER PRIMARY KEY) STRICT' },
]

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-fold-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A file that never folds by itself, and who writes to it. */
function open() {
  const path = join(folder, 'numbers.db')
  const db = openDatabase({ path, migrations: MIGRATIONS })
  db.exec('PRAGMA wal_autocheckpoint=0; PRAGMA wal_checkpoint(TRUNCATE)')
  const folding = new FoldThread(path)
  const add = db.prepare('INSERT INTO number (value) VALUES (?)')
  const write = (value: number) => {
    inSqlTransaction(db, () => add.run(value))
    folding.committed()
  }
  return { path, db, folding, write }
}

/** How many numbers the file has without its write-ahead log. */
function countFolded(path: string): number {
  const copy = join(folder, 'copy.db')
  copyFileSync(path, copy)
  using db = openDatabase({ path: copy, migrations: MIGRATIONS })
  return Number(db.prepare('SELECT count(*) AS count FROM number').get()?.['count'])
}

it('folds what was written into the file while others go on writing', async () => {
  const { path, db, folding, write } = open()
  for (let value = 0; value < 20; value += 1) write(value)
  expect(countFolded(path)).toBe(0)
  let value = 20
  while (countFolded(path) === 0) {
    write(value)
    value += 1
    await setImmediate()
  }
  expect(db.prepare('SELECT count(*) AS count FROM number').get()).toEqual({ count: value })
  folding[Symbol.dispose]()
  db.close()
})

it('leaves the file whole and alone when it is closed', () => {
  const { path, db, folding, write } = open()
  for (let value = 0; value < 100; value += 1) write(value)
  folding[Symbol.dispose]()
  db.close()
  expect(existsSync(`${path}-wal`)).toBe(false)
  expect(countFolded(path)).toBe(100)
})
