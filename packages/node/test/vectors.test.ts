/** The vectors of the ledger once more, on the state that a node keeps on disk. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { runHistoryVectors } from '../../ledger/test/history-vectors.ts'
import { runStateVectors } from '../../ledger/test/state-vectors.ts'
import { runVectors, worldOn } from '../../ledger/test/world.ts'
import { BOOK_MIGRATIONS } from '../src/store/book-migrations.ts'
import { openDatabase } from '../src/store/database.ts'
import { sha256 } from '../src/store/hash.ts'
import { SqliteState } from '../src/store/sqlite-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'fedow-vectors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

const onDisk = worldOn(() => {
  count += 1
  const path = join(folder, `${count}.db`)
  return new SqliteState(openDatabase({ path, migrations: BOOK_MIGRATIONS, synchronous: 'OFF' }))
})

/** Files that are not lists of steps. */
const OTHERS = [
  'world.json',
  'bytes.json',
  'signatures.json',
  'void.json',
  'history.json',
  'state-tree.json',
  'notes.json',
  'receipts.json',
]

const files = readdirSync(new URL('../../../vectors/', import.meta.url))
for (const file of files.filter((name) => name.endsWith('.json') && !OTHERS.includes(name))) {
  runVectors(file, onDisk)
}
runHistoryVectors(sha256)
runStateVectors(sha256)
