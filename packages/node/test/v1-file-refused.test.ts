import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { OtherVersionError } from '../src/v1/import/v1-version.ts'
import { findingsOf, V1Folder, v1File } from './v1-file.ts'

const NOW_MS = Date.UTC(2026, 11, 1)
const LAST = '0025_alter_checkoutstripe_checkout_session_id_stripe'

function review(path: string) {
  return reviewV1(path, { nowMs: NOW_MS })
}

describe('a file that is refused', () => {
  it.each<[code: string, change: (path: string) => void]>([
    ['not_a_database', (path) => writeFileSync(path, 'card,number,tag\n'.repeat(100))],
    ['not_a_database', (path) => writeFileSync(path, '')],
    ['truncated', (path) => truncateSync(path, readFileSync(path).length - 4_096)],
    ['truncated', (path) => truncateSync(path, 5_000)],
    ['damaged', (path) => writeFileSync(path, overwritten(readFileSync(path)))],
  ])('is told as %s, and stays as it is', async (code, change) => {
    using folder = new V1Folder('story')
    change(folder.path)
    const before = folder.bytes()
    await expect(review(folder.path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Nothing was changed.'),
    })
    expect(folder.bytes()).toEqual(before)
  })

  it('is told when there is none', async () => {
    using folder = new V1Folder('story')
    const path = join(folder.folder, 'none.sqlite3')
    await expect(review(path)).rejects.toMatchObject({ code: 'missing' })
    await expect(review(folder.folder)).rejects.toMatchObject({ code: 'missing' })
    expect(Object.keys(folder.bytes())).toEqual(['db.sqlite3'])
  })

  it.each([
    ['older', `DELETE FROM django_migrations WHERE name = '${LAST}'`],
    ['newer', `UPDATE django_migrations SET name = '0026_next' WHERE name = '${LAST}'`],
    [
      'newer',
      `INSERT INTO django_migrations SELECT 99, app, '0026_next', applied FROM django_migrations LIMIT 1;
       UPDATE django_migrations SET app = 'fedow_core' WHERE id = 99`,
    ],
    ['not one of Fedow v1', 'DROP TABLE django_migrations'],
    ['has no column lespass_domain', 'ALTER TABLE fedow_core_place DROP COLUMN lespass_domain'],
    ['never installed', 'DELETE FROM fedow_core_configuration'],
  ])('is told as another version: %s', async (words, sql) => {
    using folder = new V1Folder('story', sql)
    const before = folder.bytes()
    const refused = review(folder.path)
    await expect(refused).rejects.toThrow(OtherVersionError)
    await expect(refused).rejects.toThrow(words)
    expect(folder.bytes()).toEqual(before)
  })

  it.each([
    ['BEGIN EXCLUSIVE'],
    ['BEGIN IMMEDIATE'],
    ['BEGIN; UPDATE fedow_core_token SET value = value + 1'],
  ])('is told as locked while another process is in "%s"', async (sql) => {
    using folder = new V1Folder('story')
    const before = folder.bytes()
    const writer = await lock(folder.path, sql)
    await expect(review(folder.path)).rejects.toMatchObject({ code: 'locked' })
    writer.kill('SIGKILL')
    await once(writer, 'close')
    expect((await review(folder.path)).decisions).toBe(6)
    expect(folder.bytes()['db.sqlite3']).toBe(before['db.sqlite3'])
  })

  it('is told when it was written meanwhile', async () => {
    using folder = new V1Folder('storm')
    // The first progress comes in the middle of the reading.
    const onProgress = (): void => {
      folder.alter('UPDATE fedow_core_token SET value = value + 1')
    }
    const reading = reviewV1(folder.path, { nowMs: NOW_MS, onProgress })
    await expect(reading).rejects.toMatchObject({ code: 'changed' })
  })
})

describe('a file that is read', () => {
  it.each(['story', 'storm'] as const)('stays as it is: the %s', async (name) => {
    using folder = new V1Folder(name)
    const before = folder.bytes()
    await review(folder.path)
    await review(v1File(name))
    expect(folder.bytes()).toEqual(before)
  })

  it('counts what stands in a write-ahead log beside it', async () => {
    using folder = new V1Folder('story')
    using left = new V1Folder('story')
    using db = folder.open()
    db.exec('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0')
    copyFileSync(folder.path, left.path)
    db.exec('UPDATE fedow_core_token SET value = value + 7 WHERE value = 2100')
    copyFileSync(`${folder.path}-wal`, `${left.path}-wal`)
    const before = left.bytes()
    const report = await review(left.path)
    expect(report.file.isCopy).toBe(true)
    expect(findingsOf(report, 'balance_drift')).toMatchObject([{ amount: 7n }])
    expect(left.bytes()).toEqual(before)
  })

  it('is read without disturbance when its log is empty', async () => {
    using folder = new V1Folder('story', 'PRAGMA journal_mode=WAL')
    const before = folder.bytes()
    const report = await review(folder.path)
    expect(report.file.isCopy).toBe(false)
    expect(folder.bytes()).toEqual(before)
  })

  it('takes back what v1 was writing when it was killed', async () => {
    using folder = new V1Folder('story')
    using left = new V1Folder('story')
    using db = folder.open()
    db.exec('PRAGMA cache_size=1; BEGIN; UPDATE fedow_core_token SET value = value + 1')
    for (const ending of ['', '-journal']) copyFileSync(folder.path + ending, left.path + ending)
    const before = left.bytes()
    expect(readFileSync(left.path).equals(readFileSync(v1File('story')))).toBe(false)
    const report = await review(left.path)
    expect(report.file.isCopy).toBe(true)
    expect(findingsOf(report, 'balance_drift')).toEqual([])
    expect(left.bytes()).toEqual(before)
  })
})

/** The pages of the lines, as a disk may return them. */
function overwritten(bytes: Buffer): Buffer {
  return bytes.fill(0xa5, 8 * 4_096, 40 * 4_096)
}

/** Another process, in the middle of a write. */
async function lock(path: string, sql: string) {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(${JSON.stringify(path)})
    db.exec(${JSON.stringify(sql)})
    console.log('locked')
    setInterval(() => db, 1_000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}
