import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Amount, encode, MemoryState, type RecordKind, type State } from '@fedow/ledger'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { anyHistory } from '../../ledger/test/histories.ts'
import { play } from '../../ledger/test/play.ts'
import { stateContract } from '../../ledger/test/state-contract.ts'
import { BOOK_MIGRATIONS } from '../src/store/book-migrations.ts'
import { openDatabase } from '../src/store/database.ts'
import { SqliteState } from '../src/store/sqlite-state.ts'
import { seededRandom } from './power-cut/recording.ts'
import { writeSlice as write } from './sealing-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'fedow-state-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

function newDb(): DatabaseSync {
  files += 1
  return openDatabase({ path: join(folder, `${files}.db`), migrations: BOOK_MIGRATIONS })
}

stateContract('SqliteState', () => new SqliteState(newDb()))

describe('SqliteState, written behind the log', () => {
  it('reads the records of its checkpoint after a crash at any moment of the writing', () => {
    const anyRound = fc.record({
      changes: fc.array(
        fc.record({ id: fc.integer({ min: 0, max: 20 }), value: fc.option(fc.nat(1_000)) }),
        { maxLength: 30 },
      ),
      slices: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
      isCrash: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyRound, { minLength: 1, maxLength: 12 }), (rounds) => {
        using db = newDb()
        let state = new SqliteState(db)
        const wanted = new Map<number, Map<string, number>>([[-1, new Map()]])
        let now = new Map<string, number>()
        for (const [height, { changes, slices, isCrash }] of rounds.entries()) {
          for (const { id, value } of changes) change(state, now, { id: `r${id}`, value })
          wanted.set(height, new Map(now))
          state.closeBlock(height)
          for (const count of slices) {
            if (state.sealedHeight < height) write(db, state, count)
          }
          if (!isCrash) continue
          // What a restart does: read at the checkpoint, then decide the rest of the log again.
          state = new SqliteState(db)
          const at = wanted.get(state.sealedHeight)
          for (let id = 0; id <= 20; id += 1) {
            expect(state.get('clock', `r${id}`)?.line).toBe(at?.get(`r${id}`))
          }
          expect(state.list('clock', { limit: 100 }).length).toBe(at?.size)
          now = new Map(at)
          for (let again = state.sealedHeight + 1; again <= height; again += 1) {
            for (const { id, value } of rounds[again]?.changes ?? []) {
              change(state, now, { id: `r${id}`, value })
            }
            state.closeBlock(again)
          }
        }
        while (state.sealedHeight < rounds.length - 1) write(db, state, 100)
        const last = new SqliteState(db).list('clock', { limit: 100 })
        expect(new Map(last.map(({ id, record }) => [id, record.line]))).toEqual(now)
      }),
      { numRuns: 60 },
    )
  })

  it('is the same state as the one in memory through any history, wherever its writing stands', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (history, seed) => {
        using db = newDb()
        const sqlite = new SqliteState(db)
        const restless = new RestlessState(sqlite, db, seededRandom(seed))
        const memory = new MemoryState()
        expect(play(history, restless).told).toEqual(play(history, memory).told)
        restless.finish()
        const stored = new SqliteState(db)
        const rows = db
          .prepare('SELECT count(*) AS count FROM record WHERE value IS NOT NULL')
          .get()
        expect(rows?.['count']).toBe(memory.size)
        for (const [key, record] of memory.all()) {
          const slash = key.indexOf('/')
          const found = stored.get(key.slice(0, slash) as RecordKind, key.slice(slash + 1))
          expect(found && encode(found)).toBe(encode(record))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('reads the newest value of each record however many blocks wait for their seal', () => {
    using db = newDb()
    const state = new SqliteState(db)
    const random = seededRandom(1)
    const now = new Map<string, number>()
    const expectNow = () => {
      for (let id = 0; id < 30; id += 1) {
        expect(state.get('clock', `r${id}`)?.line).toBe(now.get(`r${id}`))
      }
      const listed = state.list('clock', { limit: 100 })
      expect(new Map(listed.map(({ id, record }) => [id, record.line]))).toEqual(now)
    }
    let height = -1
    const close = () => {
      for (let count = 0; count < 4; count += 1) {
        const value = random() < 0.3 ? null : Math.floor(random() * 1_000)
        change(state, now, { id: `r${Math.floor(random() * 30)}`, value })
      }
      height += 1
      state.closeBlock(height)
      expectNow()
    }
    for (let block = 0; block < 60; block += 1) close()
    for (let left = 60; left > 0; left -= 1) {
      write(db, state, 100)
      expect(state.sealedHeight).toBe(59 - left + 1)
      if (left % 3 === 0) close()
      expectNow()
    }
    while (state.sealedHeight < height) write(db, state, 3)
    expectNow()
    expect(new SqliteState(db).list('clock', { limit: 100 }).length).toBe(now.size)
  })

  it('lists records in pages, those in memory and those on disk alike', () => {
    using db = newDb()
    const state = new SqliteState(db)
    const ids = Array.from({ length: 50 }, (_, n) => `r${String(n).padStart(2, '0')}`)
    for (const [n, id] of ids.entries()) {
      state.put('evidence', id, {
        tx: '00000000-0000-4000-8000-000000000000' as never,
        amount: 1n as Amount,
      })
      if (n === 20 || n === 40) state.closeBlock(n / 20 - 1)
      if (n === 20) while (state.sealedHeight < 0) write(db, state, 10)
    }
    state.remove('evidence', 'r10')
    const kept = ids.filter((id) => id !== 'r10')
    const read = []
    for (let after: string | undefined; ; ) {
      const page = state.list('evidence', { after, limit: 7 })
      read.push(...page.map(({ id }) => id))
      if (page.length < 7) break
      after = page.at(-1)?.id
    }
    expect(read).toEqual(kept)
  })
})

function change(
  state: State,
  now: Map<string, number>,
  { id, value }: { readonly id: string; readonly value: number | null },
): void {
  if (value === null) {
    state.remove('clock', id)
    now.delete(id)
  } else {
    state.put('clock', id, { line: value, timeUs: 0 })
    now.set(id, value)
  }
}

/** Freezes and writes at random moments: nothing that reads it may notice. */
class RestlessState implements State {
  readonly #state: SqliteState
  readonly #db: DatabaseSync
  readonly #random: () => number
  readonly get: State['get']
  readonly remove: State['remove']
  readonly due: State['due']
  readonly meltsDue: State['meltsDue']
  #height = 0

  constructor(state: SqliteState, db: DatabaseSync, random: () => number) {
    this.#state = state
    this.#db = db
    this.#random = random
    this.get = state.get.bind(state)
    this.remove = state.remove.bind(state)
    this.due = state.due.bind(state)
    this.meltsDue = state.meltsDue.bind(state)
  }

  readonly put: State['put'] = (kind, id, record) => {
    this.#state.put(kind, id, record)
    if (this.#random() < 0.05) this.#close()
    if (this.#random() < 0.1 && this.#isOwed) write(this.#db, this.#state, 5)
  }

  #close(): void {
    this.#state.closeBlock(this.#height)
    this.#height += 1
  }

  /** True when a closed block waits for its seal. */
  get #isOwed(): boolean {
    return this.#state.sealedHeight < this.#height - 1
  }

  /** Closes and seals everything. */
  finish(): void {
    this.#close()
    while (this.#isOwed) write(this.#db, this.#state, 100)
  }
}
