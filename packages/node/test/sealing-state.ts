/** A state in SQLite with made-up seals: what a test needs to stop it anywhere and open it again. */
import type { DatabaseSync } from 'node:sqlite'
import { inSqlTransaction } from '../src/store/database.ts'
import type { SqliteState } from '../src/store/sqlite-state.ts'

/** Writes a slice of the oldest closed block; after the last one, the seal. The roots are made up: this state does not read them. */
export function writeSlice(db: DatabaseSync, state: SqliteState, count: number): void {
  inSqlTransaction(db, () => {
    const height = BigInt(state.sealedHeight + 1)
    state.writeSlice(() => {}, count)
    if (state.isWriting) return
    db.prepare('INSERT INTO block (height, time_ms, first) VALUES (?, 0, 0)').run(height)
    const none = new Uint8Array(32)
    db.prepare('INSERT INTO seal VALUES (?, 0, ?, ?, ?, ?)').run(height, none, none, none, none)
    state.seal(Number(height))
  })
}
