/** The vectors of the ledger once more, on the state that a node keeps on disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { runHistoryVectors } from '../../ledger/test/history-vectors.ts'
import { runStateVectors } from '../../ledger/test/state-vectors.ts'
import { runVectors, stepFiles, worldOn } from '../../ledger/test/world.ts'
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

for (const file of stepFiles()) runVectors(file, onDisk)
runHistoryVectors(sha256)
runStateVectors(sha256)
