import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WalSync } from './wal-sync.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-wal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Of a file whose log is there, as SQLite makes it with the first commit. */
function open(): WalSync {
  const path = join(folder, 'numbers.db')
  writeFileSync(`${path}-wal`, 'commits')
  return new WalSync(path)
}

it('calls durable what was written before the fsync began, and nothing later', async () => {
  using sync = open()
  expect(sync.isDurable).toBe(true)
  sync.written()
  const first = sync.durable()
  sync.written()
  await first
  expect(sync.isDurable).toBe(false)
  await sync.durable()
  expect(sync.isDurable).toBe(true)
})

it('makes one who asks during an fsync wait for the next one', async () => {
  using sync = open()
  sync.written()
  void sync.durable()
  sync.written()
  await sync.durable()
  expect(sync.isDurable).toBe(true)
})

it('makes everything durable at once for one who holds up the thread', () => {
  using sync = open()
  sync.written()
  sync.written()
  sync.durableNow()
  expect(sync.isDurable).toBe(true)
})

it('never says durable again after an fsync has failed', async () => {
  const path = join(folder, 'gone.db')
  using sync = new WalSync(path)
  sync.written()
  await expect(sync.durable()).rejects.toThrow('ENOENT')
  writeFileSync(`${path}-wal`, 'commits')
  await expect(sync.durable()).rejects.toThrow('ENOENT')
  expect(() => sync.durableNow()).toThrow('ENOENT')
  expect(sync.isDurable).toBe(false)
})

it('has nothing to wait for once the file is closed', async () => {
  const sync = open()
  sync.written()
  sync[Symbol.dispose]()
  await sync.durable()
  expect(sync.isDurable).toBe(true)
})
