/** Melting over kills: wherever the writing of a state stands, a restart comes to the same lines and balances. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Amount, type Demurrage, dayOf, MemoryState, SHARES_USUAL } from '@fedow/ledger'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Mark, MeltBook, type Step, storyGenesis } from '../../ledger/test/melt-book.ts'
import { toldByHolders } from '../../ledger/test/melt-laws.ts'
import { anyStory, type Story } from '../../ledger/test/melt-story.ts'
import { tell } from '../../ledger/test/melt-telling.ts'
import { START_MS, toId } from '../../ledger/test/names.ts'
import { BOOK_MIGRATIONS } from '../src/store/book-migrations.ts'
import { inSqlTransaction, openDatabase } from '../src/store/database.ts'
import { SqliteState } from '../src/store/sqlite-state.ts'
import { seededRandom } from './power-cut/recording.ts'
import { writeSlice } from './sealing-state.ts'

const SEED = Number(process.env['FEDOW_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
console.log(`melting over restarts seed: ${SEED}`)

const DAY_MS = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'fedow-melting-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

function newDb(): DatabaseSync {
  files += 1
  const path = join(folder, `${files}.db`)
  return openDatabase({ path, migrations: BOOK_MIGRATIONS, synchronous: 'OFF' })
}

const KILLS_MAX = 8

/** How likely it is that a step is followed by a kill, or by some writing, and how much is written. */
interface Weather {
  readonly kill: number
  readonly write: number
  readonly slice: number
}

type Grounds = Pick<Story, 'epochDays' | 'funds'>

/** The same steps as a book in memory was asked, on a state that is written, killed and opened again. */
class RestlessBook {
  readonly #db: DatabaseSync
  readonly #story: Grounds
  readonly #blocks: readonly (readonly Step[])[]
  readonly #marks: Mark[] = []
  readonly #lines: string[][] = []
  #state: SqliteState

  constructor(db: DatabaseSync, story: Grounds, steps: readonly Step[]) {
    this.#db = db
    this.#story = story
    this.#blocks = toBlocks(steps)
    this.#state = new SqliteState(db)
  }

  get state(): SqliteState {
    return this.#state
  }

  /** Lines of every block, as they were last decided. */
  get lines(): readonly string[] {
    return this.#lines.flat()
  }

  /** How often it was killed. After some kills it is left alone, so that every story ends. */
  play(weather: Weather, random: () => number): number {
    let kills = 0
    for (let height = 0; height < this.#blocks.length; height += 1) {
      const kill = kills < KILLS_MAX ? weather.kill : 0
      const isWhole = this.#block(height, { ...weather, kill }, random)
      if (isWhole) continue
      kills += 1
      this.#state = new SqliteState(this.#db)
      height = this.#state.sealedHeight
    }
    while (this.#state.sealedHeight < this.#blocks.length - 1) this.#write(1_000)
    this.#state = new SqliteState(this.#db)
    return kills
  }

  /** False when it was killed in the middle. */
  #block(height: number, weather: Weather, random: () => number): boolean {
    const genesis = storyGenesis(this.#story)
    const book = new MeltBook(this.#state, genesis, this.#marks[height - 1])
    for (const step of this.#blocks[height] ?? []) {
      if (random() < weather.kill) return false
      if (random() < weather.write) this.#write(Math.ceil(random() * weather.slice))
      if (step.step === 'open') book.open(step.timeMs)
      else if (step.step === 'submit') book.submit(step.actions)
      else book.act(step.does)
    }
    book.close()
    this.#state.closeBlock(height)
    this.#marks[height] = book.mark
    const texts = book.lines.map(
      ({ number, id, hash, amount }) => `${number} ${id} ${hash} ${amount}`,
    )
    // What is decided again after a kill is what was decided before it.
    const before = this.#lines[height]
    if (before !== undefined) expect(texts).toEqual(before)
    this.#lines[height] = texts
    return random() >= weather.kill
  }

  #write(count: number): void {
    if (this.#state.isWriting) writeSlice(this.#db, this.#state, count)
    else if (this.#state.isSurveying) inSqlTransaction(this.#db, () => this.#state.survey())
  }
}

/** The genesis alone, then a block for each opening. */
function toBlocks(steps: readonly Step[]): readonly (readonly Step[])[] {
  const blocks: Step[][] = [[]]
  for (const step of steps) {
    if (step.step === 'open') blocks.push([])
    blocks.at(-1)?.push(step)
  }
  return blocks
}

function listed(state: SqliteState) {
  const all = { limit: Number.MAX_SAFE_INTEGER }
  return {
    get: state.get.bind(state),
    entries: ((kind) => state.list(kind, all)) as Parameters<typeof toldByHolders>[0]['entries'],
  }
}

function expectSame(told: MeltBook, memory: MemoryState, restless: RestlessBook): void {
  const wanted = told.lines.map(
    ({ number, id, hash, amount }) => `${number} ${id} ${hash} ${amount}`,
  )
  expect(restless.lines).toEqual(wanted)
  expect(toldByHolders(listed(restless.state))).toEqual(toldByHolders(memory))
}

describe('melting over kills', () => {
  it('comes to the same lines and balances wherever the writing stands', () => {
    let kills = 0
    fc.assert(
      fc.property(
        anyStory,
        fc.nat(),
        fc.constantFrom('cuts' as const, 'deed' as const),
        (story, seed, blocks) => {
          using db = newDb()
          const memory = new MemoryState()
          const told = tell({ story, blocks, state: memory })
          const restless = new RestlessBook(db, story, told.steps)
          const random = seededRandom(seed)
          const weather = { kill: random() * 0.1, write: random(), slice: 1 + random() * 60 }
          kills += restless.play(weather, random)
          expectSame(told, memory, restless)
        },
      ),
      { numRuns: 8, seed: SEED },
    )
    expect(kills).toBeGreaterThan(0)
  })

  it('melts a backlog of thousands, block by block, whatever is killed or paid meanwhile', () => {
    const story = { epochDays: 30, funds: ['commons', 'maintenance'] } as const
    const memory = new MemoryState()
    const told = crowd(memory)
    expect(told.lines.filter(({ action }) => action === 'MLT').length).toBeGreaterThan(5_000)
    using db = newDb()
    const restless = new RestlessBook(db, story, told.steps)
    const random = seededRandom(SEED)
    const kills = restless.play({ kill: 0.06, write: 0.5, slice: 800 }, random)
    expect(kills).toBeGreaterThan(0)
    expectSame(told, memory, restless)
  })
})

/** 900 cards with 10.00 each of which one per cent melts a day; five days of them wait while cards are shown. */
function crowd(state: MemoryState): MeltBook {
  const book = new MeltBook(
    state,
    storyGenesis({ epochDays: 30, funds: ['commons', 'maintenance'] }),
  )
  book.found({ terms: { TLF: DAILY, TNF: undefined, TIM: undefined } })
  const cards = Array.from({ length: 900 }, (_, n) => toId<never>(`crowd ${n}`))
  const batch = { batch: toId<never>('crowd'), place: toId<never>('bar'), offset: 0, generation: 2 }
  const root = 'b'.repeat(64) as never
  book.submit([{ kind: 'cards-register', ...batch, root, count: 900, level: 'L0', cards }])
  for (let at = 0; at < cards.length; at += 15) {
    const refills = cards.slice(at, at + 15).map((card) => {
      return {
        kind: 'refill',
        asset: toId<never>('TLF'),
        to: { card },
        amount: cents(1_000n),
      } as const
    })
    expect(book.submit(refills).status).toBe('applied')
  }
  const dueMs = (dayOf(START_MS) + 90 + 1) * DAY_MS
  book.open(dueMs + 4 * DAY_MS)
  for (let block = 0; block < 14; block += 1) {
    for (const n of [899, 450, 0].map((from) => (from + block * 37) % 900)) {
      const parts = [{ asset: toId<never>('TLF'), amount: cents(5n) }]
      const card = toId<never>(`crowd ${n}`)
      expect(book.submit([{ kind: 'sale', card, to: toId('bar'), parts }]).status).toBe('applied')
    }
    book.open(dueMs + 4 * DAY_MS + block * 1_000)
  }
  book.settle(dueMs + 5 * DAY_MS)
  book.close()
  return book
}

const cents = (amount: bigint) => amount as Amount

const DAILY: Demurrage = {
  basis: 'inactivity',
  graceDays: 0,
  period: { days: 1 },
  form: { ppm: 10_000 },
  floor: cents(0n),
  exempt: ['place', 'fund'],
  shares: SHARES_USUAL,
}
