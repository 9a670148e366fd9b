/**
 * The state in SQLite, written behind the log.
 *
 * A batch changes records in memory only; the log is what it commits. When a block closes, the records changed
 * since are frozen and written in slices; the checkpoint moves when the last slice is in. A row written above the
 * checkpoint keeps its value of the checkpoint beside it, so that a restart in the middle of the slices still
 * reads the state of the checkpoint, and replays the log from there.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  assert,
  encode,
  fromRecordKey,
  inDueOrder,
  Malformed,
  RECORDS,
  type RecordKind,
  RecordMap,
  type RecordOf,
  type State,
  toRecordKey,
} from '@fedow/ledger'
import { RecordCache } from './record-cache.ts'
import { BookMismatch } from './replay.ts'

/** Fewest records that one slice writes. */
export const SLICE = 128

/** Records of one kind in one generation of the read cache. */
const CACHED_RECORDS = 20_000

type Changes = RecordMap<object | null>

export class SqliteState implements State {
  readonly #db: DatabaseSync
  readonly #read: StatementSync
  readonly #write: StatementSync
  readonly #erase: StatementSync
  readonly #caches = new Map<RecordKind, RecordCache<object>>()
  readonly #holds = new Map<string, number>()
  #checkpoint: number
  #changed: Changes = new RecordMap()
  #frozen: Changes = new RecordMap()
  #frozenHeight = 0
  /** Records changed since the last slice. */
  #pressure = 0
  #unwritten = this.#frozen.entries()

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#read = db.prepare('SELECT value, height, previous FROM record WHERE id = ?')
    this.#erase = db.prepare('DELETE FROM record WHERE id = ?')
    this.#write = db.prepare(
      `INSERT INTO record (id, value, height) VALUES (:id, :value, :height)
       ON CONFLICT (id) DO UPDATE SET value = excluded.value, height = excluded.height,
       previous = CASE WHEN height <= :checkpoint THEN value ELSE previous END`,
    )
    this.#checkpoint = readCheckpoint(db)
    for (const { id, record } of this.list('hold', { limit: Number.MAX_SAFE_INTEGER })) {
      this.#holds.set(id, record.expiresMs)
    }
  }

  /** Height up to which the records are complete on disk; -1 before the genesis. */
  get checkpoint(): number {
    return this.#checkpoint
  }

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    let changed = this.#changed.get(kind, id)
    if (changed === undefined) changed = this.#frozen.get(kind, id)
    if (changed !== undefined) return (changed ?? undefined) as RecordOf<K> | undefined
    const cache = this.#cacheOf(kind)
    const cached = cache.get(id)
    if (cached !== undefined) return cached as RecordOf<K>
    const row = this.#read.get(toRecordKey(kind, id))
    const record = row && this.#decode(kind, row as unknown as Row)
    if (record !== undefined) cache.set(id, record)
    return record
  }

  #cacheOf(kind: RecordKind): RecordCache<object> {
    const known = this.#caches.get(kind)
    if (known !== undefined) return known
    const cache = new RecordCache<object>(CACHED_RECORDS)
    this.#caches.set(kind, cache)
    return cache
  }

  put<K extends RecordKind>(kind: K, id: string, record: RecordOf<K>): void {
    this.#pressure += 1
    this.#changed.set(kind, id, record)
    if (kind === 'hold') this.#holds.set(id, (record as RecordOf<'hold'>).expiresMs)
  }

  remove(kind: RecordKind, id: string): void {
    this.#changed.set(kind, id, null)
    if (kind === 'hold') this.#holds.delete(id)
  }

  holdsDue(untilMs: number, max: number): readonly string[] {
    const due: { id: string; expiresMs: number }[] = []
    for (const [id, expiresMs] of this.#holds) if (expiresMs <= untilMs) due.push({ id, expiresMs })
    return inDueOrder(due).slice(0, max)
  }

  /** When the next hold expires, in milliseconds. */
  nextDueMs(): number | undefined {
    let next: number | undefined
    for (const expiresMs of this.#holds.values()) {
      if (next === undefined || expiresMs < next) next = expiresMs
    }
    return next
  }

  /** Records of one kind after an id, in the order of ids (UTF-16 code units). */
  list<K extends RecordKind>(
    kind: K,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): readonly { readonly id: string; readonly record: RecordOf<K> }[] {
    const from = toRecordKey(kind, after ?? '')
    const end = `${kind}0`
    const rows = this.#db.prepare(
      'SELECT id, value, height, previous FROM record WHERE id > ? AND id < ? ORDER BY id',
    )
    const found = new Map<string, RecordOf<K>>()
    // Rows that changed in memory are replaced below, so enough more are read to fill the page.
    const spare = this.#changed.of(kind).size + this.#frozen.of(kind).size
    for (const row of rows.iterate(from, end)) {
      const record = this.#decode(kind, row as unknown as Row)
      if (record !== undefined) found.set(String(row['id']), record)
      if (found.size >= limit + spare) break
    }
    for (const changes of [this.#frozen, this.#changed]) {
      for (const [id, record] of changes.of(kind)) {
        const key = toRecordKey(kind, id)
        if (key <= from) continue
        if (record === null) found.delete(key)
        else found.set(key, record as RecordOf<K>)
      }
    }
    const keys = [...found.keys()].sort().slice(0, limit)
    return keys.map((key) => ({
      id: fromRecordKey(key).id,
      record: found.get(key) as RecordOf<K>,
    }))
  }

  #decode<K extends RecordKind>(
    kind: K,
    { value, height, previous }: Row,
  ): RecordOf<K> | undefined {
    const text = height > this.#checkpoint ? previous : value
    if (text === null) return undefined
    try {
      return RECORDS[kind](JSON.parse(text), kind) as RecordOf<K>
    } catch (cause) {
      if (!(cause instanceof SyntaxError || cause instanceof Malformed)) throw cause
      throw new BookMismatch(height, `a record of kind ${kind} is damaged`)
    }
  }

  /** Marks everything changed up to a closed block for writing, unless an earlier block is still being written. */
  freeze(height: number): void {
    if (this.#frozen.size > 0 || this.#changed.size === 0) return
    this.#frozen = this.#changed
    this.#changed = new RecordMap()
    this.#frozenHeight = height
    this.#unwritten = this.#frozen.entries()
  }

  /** True while frozen records wait to be written. */
  get isWriting(): boolean {
    return this.#frozen.size > 0
  }

  /**
   * Writes the next frozen records inside the caller's SQL transaction; the last slice moves the checkpoint.
   * Twice as many as changed since the slice before, so that the writing never falls behind the changes.
   */
  writeSlice(count = Math.max(SLICE, 2 * this.#pressure)): void {
    this.#pressure = 0
    if (!this.isWriting) return
    for (let written = 0; written < count; written += 1) {
      const next = this.#unwritten.next()
      if (next.done === true) {
        this.#finishWriting()
        return
      }
      const { kind, id, value } = next.value
      this.#write.run({
        id: toRecordKey(kind, id),
        value: value === null ? null : encode(value),
        height: BigInt(this.#frozenHeight),
        checkpoint: BigInt(this.#checkpoint),
      })
    }
  }

  #finishWriting(): void {
    this.#db
      .prepare(`INSERT OR REPLACE INTO mark (name, value) VALUES ('checkpoint', ?)`)
      .run(String(this.#frozenHeight))
    for (const { kind, id, value } of this.#frozen.entries()) {
      if (value !== null) this.#cacheOf(kind).set(id, value)
      else {
        // Gone at the checkpoint too from now on: the row has nothing left to say.
        this.#cacheOf(kind).delete(id)
        this.#erase.run(toRecordKey(kind, id))
      }
    }
    this.#checkpoint = this.#frozenHeight
    this.#frozen = new RecordMap()
  }

  /** Writes everything, for a stop in good order. The caller holds a SQL transaction. */
  writeAll(height: number): void {
    while (this.isWriting) this.writeSlice()
    this.freeze(height)
    while (this.isWriting) this.writeSlice()
    assert(this.#changed.size === 0, 'a stop leaves no record in memory')
  }
}

/** Height up to which the records of a file are complete; -1 before the genesis. Throws BookMismatch. */
export function readCheckpoint(db: DatabaseSync): number {
  const value = db.prepare(`SELECT value FROM mark WHERE name = 'checkpoint'`).get()?.['value']
  if (value === undefined) return -1
  if (/^\d{1,15}$/.test(String(value))) return Number(value)
  throw new BookMismatch(0, `its checkpoint is "${value}"`)
}

interface Row {
  readonly value: string | null
  readonly height: number
  readonly previous: string | null
}
