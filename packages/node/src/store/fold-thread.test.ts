import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs'
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

/** How often the log has begun anew: bytes 12 to 15 of its header (SQLite's file format, section 4.1). */
function beginningsOf(path: string): number {
  const count = Buffer.alloc(4)
  const log = openSync(`${path}-wal`, 'r')
  readSync(log, count, 0, count.length, 12)
  closeSync(log)
  return count.readUInt32BE()
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

it('lets a long log begin anew though others never pause', () => {
  const { path, db, folding, write } = open()
  db.exec('PRAGMA synchronous=OFF')
  let value = 0
  /** Writes until the log begins anew; answers how many pages it had, of which each write adds one. */
  const untilAnew = () => {
    const first = value
    write(value++)
    const began = beginningsOf(path)
    while (beginningsOf(path) === began) {
      for (const end = value + 250; value < end; value += 1) write(value)
      expect(value).toBeLessThan(100_000)
    }
    return value - first
  }
  // A short one may begin anew by chance, between two writes.
  while (untilAnew() < 4_000) {}
  folding[Symbol.dispose]()
  expect(db.prepare('SELECT count(*) AS count FROM number').get()).toEqual({ count: value })
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
