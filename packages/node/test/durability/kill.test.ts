import { expect, it } from 'vitest'
import type { CrashPoint } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { seededRandom } from '../power-cut/recording.ts'
import { type EndedDay, runDay, startDay } from './child.ts'
import type { Journal } from './journal.ts'
import { openFile } from './sound-folder.ts'
import { contradictions, copyFolder, openBook, sealsAndWanted, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`kill seed: ${SEED}`)

const KILLS_IN_A_ROW = 25
/** Times at which the process dies at a point: at once, and among the slices of records. */
const BATCHES = [1, 30]
/** The first one closes what the crash before left open, at the start. */
const CLOSINGS = [1, 2]
const POINTS = Object.entries({
  batch_begun: BATCHES,
  batch_appended: BATCHES,
  batch_committed: BATCHES,
  batch_answered: BATCHES,
  close_begun: CLOSINGS,
  closed: CLOSINGS,
  // Slices of records and seals alike.
  seal_begun: [1, 2, 3, 5],
  sealed: CLOSINGS,
} satisfies Record<CrashPoint, readonly number[]>).flatMap(([point, times]) =>
  times.map((nth) => ({ point: point as CrashPoint, nth })),
)

/** A killed process has said nothing wrong before, and has not ended by itself. */
function expectKilled({ signal, complaint, journal }: EndedDay, hint: string): Journal {
  expect({ signal, complaint, refused: journal.refused }, hint).toEqual({
    signal: 'SIGKILL',
    complaint: '',
    refused: undefined,
  })
  return journal
}

it('keeps every answer when it is killed at each marked point', { timeout: 120_000 }, async () => {
  using folder = temporaryFolder()
  const first = await runDay({
    folder: folder.path,
    seed: SEED,
    rounds: [30, 200],
    orders: 2,
    crash: { point: 'batch_answered', nth: 20 },
  })
  const before = expectKilled(first, `seed ${SEED}, the first day`)
  const wrong = POINTS.map(async (crash, index) => {
    const hint = `seed ${SEED}, killed at ${crash.point} ${crash.nth}`
    using copy = copyFolder(folder.path)
    const day = { folder: copy.path, seed: SEED + index, rounds: [250, 250], crash }
    const journal = expectKilled(await runDay(day), hint)
    const found = await contradictions(copy.path, [before, journal])
    const { seals, wanted } = await sealsAndWanted(copy.path, seededRandom(SEED + index))
    expect(seals, hint).toEqual(wanted)
    return { hint, found }
  })
  for (const { hint, found } of await Promise.all(wrong)) expect(found, hint).toEqual([])
})

/** Closed blocks without a seal, and records that are written ahead of the last one. */
function owedIn(folder: string): { readonly blocks: number; readonly ahead: number } {
  using copy = copyFolder(folder)
  using db = openFile(copy.path)
  const last = '(SELECT coalesce(max(height), -1) FROM seal)'
  const row = db
    .prepare(
      `SELECT (SELECT count(*) FROM block WHERE count IS NOT NULL AND height > ${last}) AS blocks,
       (SELECT count(*) FROM record WHERE height > ${last}) AS ahead`,
    )
    .get()
  return { blocks: Number(row?.['blocks']), ahead: Number(row?.['ahead']) }
}

it('seals in the end what it owed when it was killed, as if nothing had happened', {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder()
  const journals: Journal[] = []
  const owed: number[] = []
  for (const [kill, nth] of [30, 5, 60, 20].entries()) {
    const crash = { point: 'closed', nth } as const
    const day = { folder: folder.path, seed: SEED + kill, rounds: [1_000], hurryMs: 1_000, crash }
    journals.push(expectKilled(await runDay(day), `seed ${SEED}, kill ${kill}`))
    owed.push(owedIn(folder.path).blocks)
  }
  console.log(`blocks owed at the kills: ${owed.join(', ')}`)
  expect(Math.max(...owed), `seed ${SEED}`).toBeGreaterThan(10)
  expect(await contradictions(folder.path, journals), `seed ${SEED}`).toEqual([])
  const { seals, wanted } = await sealsAndWanted(folder.path, seededRandom(SEED))
  expect(seals, `seed ${SEED}`).toEqual(wanted)
  expect(owedIn(folder.path)).toEqual({ blocks: 0, ahead: 0 })
})

it('starts again in the middle of the slices of a block, again and again', {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder()
  const day = { folder: folder.path, seed: SEED, rounds: [20, 20], orders: 3 }
  const journals: Journal[] = []
  const ahead: number[] = []
  // Orders of cards make slices by the dozen; the later kills come while the same block is written again.
  for (const [kill, nth] of [12, 3, 5, 7].entries()) {
    const crash = { point: 'seal_begun', nth } as const
    const rounds = kill === 0 ? day.rounds : []
    const hint = `seed ${SEED}, kill ${kill}`
    journals.push(expectKilled(await runDay({ ...day, rounds, crash }), hint))
    ahead.push(owedIn(folder.path).ahead)
    using copy = copyFolder(folder.path)
    expect((await auditFolder(copy.path)).problem, hint).toBeUndefined()
  }
  console.log(`records ahead of the last seal at the kills: ${ahead.join(', ')}`)
  expect(ahead.filter((count) => count > 0).length, `seed ${SEED}`).toBeGreaterThan(2)
  expect(await contradictions(folder.path, journals), `seed ${SEED}`).toEqual([])
  const { seals, wanted } = await sealsAndWanted(folder.path, seededRandom(SEED))
  expect(seals, `seed ${SEED}`).toEqual(wanted)
})

it(`keeps every answer through ${KILLS_IN_A_ROW} kills of one folder at any moment`, {
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder()
  const random = seededRandom(SEED)
  const journals: Journal[] = []
  for (let kill = 0; kill < KILLS_IN_A_ROW; kill += 1) {
    const hint = `seed ${SEED}, kill ${kill}`
    const last = kill > 0 && random() < 0.3 ? 0 : 1 + Math.floor(random() * 250)
    const rounds = kill % 3 === 0 ? [50, 100_000] : [100_000]
    const day = { folder: folder.path, seed: SEED + kill, rounds, orders: kill % 2 }
    journals.push(expectKilled(await killSomewhere(day, last, random), hint))
    using copy = copyFolder(folder.path)
    expect(await contradictions(copy.path, journals.slice(-2)), hint).toEqual([])
  }
  expect(await contradictions(folder.path, journals), `seed ${SEED}, all`).toEqual([])
  const { seals, wanted } = await sealsAndWanted(folder.path, seededRandom(SEED))
  expect(seals, `seed ${SEED}, all`).toEqual(wanted)
  using book = openBook(folder.path)
  expect(book.reader.tip().txs).toBeGreaterThan(KILLS_IN_A_ROW * 10)
})

/** Kills a day after so many lines of its journal, or for 0 while it starts: at any time of its first 300 ms. */
async function killSomewhere(
  day: Parameters<typeof startDay>[0],
  lines: number,
  random: () => number,
): Promise<EndedDay> {
  const running = startDay(day, {
    onLine: (said, child) => {
      if (said === lines) child.kill('SIGKILL')
    },
  })
  if (lines === 0) setTimeout(() => running.child.kill('SIGKILL'), random() * 300)
  return await running.ended
}
