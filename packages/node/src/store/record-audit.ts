/** Checks the records on disk: those of the last seal, and those already written for the block after it. */
import type { DatabaseSync } from 'node:sqlite'
import { encode, fromRecordKey, type MemoryState } from '@fedow/ledger'
import { BookMismatch } from './replay.ts'

/** Throws BookMismatch unless the records of the last seal are the state that the log gives at its height. */
export function checkRecords(db: DatabaseSync, state: MemoryState, sealedHeight: number): void {
  const rows = db.prepare('SELECT id, value, height, previous FROM record').iterate()
  let found = 0
  for (const row of rows) {
    const isAhead = Number(row['height']) > sealedHeight
    const key = String(row['id'])
    const { kind, id } = fromRecordKey(key)
    const record = state.get(kind, id)
    const wanted = record === undefined ? null : encode(record)
    // A record that is gone leaves no row.
    const isIdle = wanted === null && !isAhead
    if (isIdle || wanted !== (isAhead ? row['previous'] : row['value'])) {
      throw new BookMismatch(sealedHeight, `the record ${key} is not what the log gives`)
    }
    if (record !== undefined) found += 1
  }
  if (found !== state.size) throw new BookMismatch(sealedHeight, 'records are missing')
}

/**
 * Throws BookMismatch unless the rows ahead of the last seal are records that the block after it changed. `changed`:
 * their keys and canonical JSON, null for what is gone; empty when no such block is closed.
 */
export function checkRecordsAhead(
  db: DatabaseSync,
  changed: readonly (string | null)[],
  sealedHeight: number,
): void {
  const wanted = new Map<unknown, string | null>()
  for (let at = 0; at < changed.length; at += 2) wanted.set(changed[at], changed[at + 1] ?? null)
  const rows = db.prepare('SELECT id, value, height FROM record WHERE height > ?')
  for (const { id, value, height } of rows.iterate(BigInt(sealedHeight))) {
    if (Number(height) === sealedHeight + 1 && wanted.get(id) === value) continue
    throw new BookMismatch(sealedHeight + 1, `the record ${String(id)} is not what the log gives`)
  }
}
