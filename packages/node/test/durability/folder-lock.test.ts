import { hash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { auditFolder } from '../../src/store/audit.ts'
import { NewerVersionError } from '../../src/store/database.ts'
import { FolderLock, FolderLockedError } from '../../src/store/folder-lock.ts'
import { TestNetwork } from '../test-network.ts'
import { runDay, startDay } from './child.ts'
import { contradictions, copyFolder, openBook, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`folder-lock seed: ${SEED}`)

it('keeps a second process out while the first lives, and lets it in when that was killed', async () => {
  using folder = temporaryFolder()
  const day = { folder: folder.path, seed: SEED, rounds: [100_000] }
  const { promise: isWorking, resolve } = Promise.withResolvers<void>()
  const first = startDay(day, { onLine: (lines) => lines === 30 && resolve() })
  await Promise.race([isWorking, first.ended])
  expect(() => new FolderLock(folder.path)).toThrow(FolderLockedError)
  const { journal: second, code } = await runDay({ ...day, rounds: [1] })
  expect(code).toBe(1)
  expect(second.sent).toEqual([])
  expect(second.refused).toContain(`Another Fedow process works on ${folder.path}.`)
  first.child.kill('SIGKILL')
  const { journal: before, signal } = await first.ended
  expect(signal).toBe('SIGKILL')
  const { journal: third } = await runDay({ ...day, seed: SEED + 1, rounds: [20] })
  expect(third.end).toBe('closed')
  expect(await contradictions(folder.path, [before, third])).toEqual([])
})

/** Digests of all files that hold anything; SQLite shares its memory with who looks through one more. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size > 0)
  return Object.fromEntries(files.map((path) => [path, hash('sha256', readFileSync(path))]))
}

it('refuses a book of a newer version, and changes no byte of it', async () => {
  using network = new TestNetwork()
  openBook(network.folder)[Symbol.dispose]()
  const path = join(network.folder, 'ledger.db')
  using newer = new DatabaseSync(path)
  newer.exec('CREATE TABLE of_tomorrow (id INTEGER); PRAGMA user_version = 99')
  // The copy has the journal of a newer Fedow that was killed: it must not even be folded in.
  using killed = copyFolder(network.folder)
  newer.close()
  for (const folder of [killed.path, network.folder]) {
    const before = filesOf(folder)
    expect(() => openBook(folder)).toThrow(NewerVersionError)
    await expect(auditFolder(folder)).rejects.toThrow(NewerVersionError)
    expect(() => openBook(folder)).toThrow(
      /of version 99; this Fedow knows version \d+\. Nothing was/,
    )
    expect(filesOf(folder)).toEqual(before)
  }
})
