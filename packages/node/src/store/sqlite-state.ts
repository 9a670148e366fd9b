/**
 * The state in SQLite, written behind the log.
 *
 * A batch changes records in memory only; the log is what it commits. When a block closes, the records that it changed
 * are set apart as a generation. Generations are written one after the other, in slices, and each ends with the seal of
 * its block: so the records on disk are those of the last seal. A row written above the last seal keeps its value of the
 * seal beside it, so that a restart in the middle of the slices still reads the state of the seal, and replays the log
 * from there.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Asset,
  assert,
  type Dated,
  DUE_KINDS,
  type DueKind,
  dueMsOf,
  encode,
  fromRecordKey,
  inDueOrder,
  isDueKind,
  Malformed,
  type MeltDue,
  RECORDS,
  type RecordKind,
  RecordMap,
  type RecordOf,
  type State,
  type StateReader,
  toRecordKey,
} from '@fedow/ledger'
import { MeltWatch } from './melt-watch.ts'
import { RecordCache } from './record-cache.ts'
import { BookMismatch } from './replay.ts'

/** Fewest records that one slice writes. */
export const SLICE = 128

/** Records of one kind in one generation of the read cache. */
const CACHED_RECORDS = 8_000

/** Most layers that a look-up goes through: however many seals are owed, it takes no longer. */
const LAYERS_MAX = 16

type Changes = RecordMap<object | null>

/** The records that one block changed. */
interface Generation {
  readonly height: number
  readonly changes: Changes
  /** The day up to which everything had melted when it closed. */
  readonly settledDay: number
  /** What of it is not written yet. */
  readonly unwritten: ReturnType<Changes['entries']>
  isWritten: boolean
}

/** What closed blocks changed, as look-ups see it: the newest value of each record up to a height. */
interface Layer {
  readonly height: number
  readonly changes: Changes
  /** True for the oldest layer once it stands for several blocks. */
  readonly isMerged: boolean
}

/** Told of each record as it is written: its key, and its canonical JSON or null when it is gone. */
export type RecordObserver = (key: string, json: string | null) => void

export class SqliteState implements State {
  readonly #db: DatabaseSync
  readonly #read: StatementSync
  readonly #write: StatementSync
  readonly #erase: StatementSync
  readonly #caches = new Map<RecordKind, RecordCache<object>>()
  /** The times of all records that have one. */
  readonly #due = new Map<DueKind, Map<string, number>>()
  readonly #melts: MeltWatch
  #sealedHeight: number
  #changed: Changes = new RecordMap()
  /** Closed blocks that are not sealed, oldest first. */
  readonly #generations: Generation[] = []
  /** The same blocks for look-ups, oldest first. A merged layer stays until the last of its blocks is sealed. */
  readonly #layers: Layer[] = []
  /** Records changed since the last slice. */
  #pressure = 0

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#read = db.prepare('SELECT value, height, previous FROM record WHERE id = ?')
    this.#erase = db.prepare('DELETE FROM record WHERE id = ?')
    this.#write = db.prepare(
      `INSERT INTO record (id, value, height) VALUES (:id, :value, :height)
       ON CONFLICT (id) DO UPDATE SET value = excluded.value, height = excluded.height,
       previous = CASE WHEN height <= :sealed THEN value ELSE previous END`,
    )
    this.#sealedHeight = lastSealedHeight(db)
    this.#melts = new MeltWatch(db, {
      now: this,
      sealed: { get: (kind, id) => this.#getSealed(kind, id) },
      running: () => this.#changed.of('account').keys(),
      changed: () => this.#changedIds('account'),
      changedAssets: () => this.#changedIds('asset'),
    })
    for (const kind of DUE_KINDS) {
      const records = this.list(kind, { limit: Number.MAX_SAFE_INTEGER })
      this.#due.set(kind, new Map())
      for (const { id, record } of records) this.#setDue(kind, id, record)
    }
  }

  /** Height of the last sealed block, whose records are those on disk; -1 before the first. */
  get sealedHeight(): number {
    return this.#sealedHeight
  }

  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    let changed = this.#changed.get(kind, id)
    for (let at = this.#layers.length - 1; changed === undefined && at >= 0; at -= 1) {
      changed = this.#layers[at]?.changes.get(kind, id)
    }
    if (changed !== undefined) return (changed ?? undefined) as RecordOf<K> | undefined
    return this.#getSealed(kind, id)
  }

  /** The record as of the last seal. */
  #getSealed<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
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
    if (isDueKind(kind)) this.#setDue(kind, id, record)
  }

  #setDue(kind: DueKind, id: string, record: object): void {
    const dueMs = dueMsOf(kind, record)
    if (dueMs === undefined) this.#due.get(kind)?.delete(id)
    else this.#due.get(kind)?.set(id, dueMs)
  }

  remove(kind: RecordKind, id: string): void {
    this.#changed.set(kind, id, null)
    if (isDueKind(kind)) this.#due.get(kind)?.delete(id)
  }

  due(kind: DueKind, untilMs: number, max: number): readonly string[] {
    const due: Dated[] = []
    for (const [id, dueMs] of this.#due.get(kind) ?? []) {
      if (dueMs <= untilMs) due.push({ id, dueMs })
    }
    return inDueOrder(due).slice(0, max)
  }

  /** When something happens by itself next, in milliseconds. */
  nextDueMs(): number | undefined {
    let next: number | undefined
    for (const dated of this.#due.values()) {
      for (const dueMs of dated.values()) if (next === undefined || dueMs < next) next = dueMs
    }
    const melt = this.#melts.nextDueMs()
    return melt === undefined || (next !== undefined && next < melt) ? next : melt
  }

  meltsDue(untilDay: number, max: number): readonly MeltDue[] {
    return this.#melts.due(untilDay, max)
  }

  *#changedIds(kind: RecordKind): Generator<string> {
    for (const { changes } of this.#layers) yield* changes.of(kind).keys()
    yield* this.#changed.of(kind).keys()
  }

  /** True while accounts of an asset with a new policy are to be looked at. */
  get isSurveying(): boolean {
    return this.#melts.isSurveying
  }

  /** Looks at some of them, inside the caller's SQL transaction. */
  survey(): void {
    this.#melts.survey()
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
    const layers = [...this.#layers.map(({ changes }) => changes), this.#changed]
    const spare = layers.reduce((sum, layer) => sum + layer.of(kind).size, 0)
    for (const row of rows.iterate(from, end)) {
      const record = this.#decode(kind, row as unknown as Row)
      if (record !== undefined) found.set(String(row['id']), record)
      if (found.size >= limit + spare) break
    }
    for (const layer of layers) {
      for (const [id, record] of layer.of(kind)) {
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
    const text = height > this.#sealedHeight ? previous : value
    if (text === null) return undefined
    try {
      return RECORDS[kind](JSON.parse(text), kind) as RecordOf<K>
    } catch (cause) {
      if (!(cause instanceof SyntaxError || cause instanceof Malformed)) throw cause
      throw new BookMismatch(height, `a record of kind ${kind} is damaged`)
    }
  }

  /** The canonical JSON of a record as of the last seal: what its state root covers. */
  sealed(key: string): string | undefined {
    const row = this.#read.get(key) as unknown as Row | undefined
    if (row === undefined) return undefined
    return (row.height > this.#sealedHeight ? row.previous : row.value) ?? undefined
  }

  /** Sets apart what a block that closes has changed, as the next generation to write. */
  closeBlock(height: number): void {
    const changes = this.#changed
    this.#changed = new RecordMap()
    const { settledDay } = this.#melts
    const unwritten = changes.entries()
    this.#generations.push({ height, changes, settledDay, unwritten, isWritten: false })
    this.#layers.push({ height, changes, isMerged: false })
    this.#melts.closed(height, [...changes.of('account').keys()])
    if (this.#layers.length > LAYERS_MAX) this.#mergeOldest()
  }

  #mergeOldest(): void {
    const [oldest, next] = this.#layers
    if (oldest === undefined || next === undefined) return
    // The generation of a single block still writes from its own map.
    const changes: Changes = oldest.isMerged ? oldest.changes : new RecordMap()
    for (const layer of oldest.isMerged ? [next] : [oldest, next]) {
      for (const { kind, id, value } of layer.changes.entries()) changes.set(kind, id, value)
    }
    this.#layers.splice(0, 2, { height: next.height, changes, isMerged: true })
  }

  /** Of the keys of rows that are ahead of the last seal, one that the next block to seal does not change. */
  strayAhead(keys: readonly string[]): string | undefined {
    const strays = new Set(keys)
    for (const { kind, id } of this.#generations[0]?.changes.entries() ?? []) {
      strays.delete(toRecordKey(kind, id))
    }
    const [stray] = strays
    return stray
  }

  /** Makes the next slice a usual one: what a replay changed needs no catching up. */
  relieve(): void {
    this.#pressure = 0
  }

  /** True while records of the oldest generation wait to be written. */
  get isWriting(): boolean {
    return this.#generations[0]?.isWritten === false
  }

  /**
   * Writes the next records of the oldest generation inside the caller's SQL transaction. Twice as many as changed since
   * the slice before, so that the writing never falls behind the changes.
   */
  writeSlice(observe: RecordObserver, count = Math.max(SLICE, 2 * this.#pressure)): void {
    this.#pressure = 0
    const [generation] = this.#generations
    if (generation === undefined || generation.isWritten) return
    const view = this.#viewOf(generation)
    for (let written = 0; written < count; written += 1) {
      const next = generation.unwritten.next()
      if (next.done === true) {
        generation.isWritten = true
        return
      }
      const { kind, id, value } = next.value
      const key = toRecordKey(kind, id)
      const json = value === null ? null : encode(value)
      this.#write.run({
        id: key,
        value: json,
        height: BigInt(generation.height),
        sealed: BigInt(this.#sealedHeight),
      })
      observe(key, json)
      if (kind === 'account' && value !== null) this.#melts.written(view, id)
    }
  }

  /** The state as it was when a block closed, of those that the last seal does not cover the oldest. */
  #viewOf({ changes }: Generation): StateReader {
    return {
      get: (kind, id) => {
        const changed = changes.get(kind, id)
        if (changed === undefined) return this.#getSealed(kind, id)
        return (changed ?? undefined) as RecordOf<typeof kind> | undefined
      },
    }
  }

  /** The oldest generation is sealed, in the caller's SQL transaction: its records are those on disk. */
  seal(height: number): void {
    const generation = this.#generations.shift()
    assert(
      generation?.isWritten === true && generation.height === height,
      'blocks are sealed in order',
    )
    for (const { kind, id, value } of generation.changes.entries()) {
      if (value !== null) this.#cacheOf(kind).set(id, value)
      else {
        // Gone at the seal too from now on: the row has nothing left to say.
        this.#cacheOf(kind).delete(id)
        this.#erase.run(toRecordKey(kind, id))
      }
    }
    const assets = generation.changes.of('asset') as ReadonlyMap<string, Asset | null>
    this.#melts.sealed({ height, settledDay: generation.settledDay, assets })
    this.#sealedHeight = height
    while (this.#layers[0] !== undefined && this.#layers[0].height <= height) this.#layers.shift()
  }
}

/** Height of the last sealed block; -1 before the first. */
export function lastSealedHeight(db: DatabaseSync): number {
  return Number(db.prepare('SELECT max(height) AS height FROM seal').get()?.['height'] ?? -1)
}

interface Row {
  readonly value: string | null
  readonly height: number
  readonly previous: string | null
}
