import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { runGovernanceModel } from '../../ledger/test/governance-book.ts'
import { BOOK_MIGRATIONS } from '../src/store/book-migrations.ts'
import { openDatabase } from '../src/store/database.ts'
import { SqliteState } from '../src/store/sqlite-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'fedow-governance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'book.db')

runGovernanceModel('a state in SQLite', {
  open: () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
    const db = openDatabase({ path, migrations: BOOK_MIGRATIONS })
    return Object.assign(new SqliteState(db), { [Symbol.dispose]: () => db.close() })
  },
  numRuns: 200,
})
