import { describe, expect, type TestContext, test } from 'vitest'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { hasGenesis, initFolder, readKeys } from '../../src/store/folder.ts'
import {
  type Cut,
  compileRecorder,
  marksBefore,
  type Recording,
  record,
  seededRandom,
  writeCut,
} from '../power-cut/recording.ts'
import { runDay, WORKLOAD } from './child.ts'
import { type Journal, readJournal } from './journal.ts'
import { lostAnswers, openBook, temporaryFolder } from './verify.ts'
import type { Day } from './workload.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`power-cut seed: ${SEED}`)

const CUTS = 200
/** One book in so many is sealed and audited whole; all are recovered and searched for the answers. */
const AUDITED = 5

function recorderOrSkip(context: TestContext): string {
  return compileRecorder() ?? context.skip('power cuts need Linux and a C compiler')
}

async function recordDay(library: string, day: Omit<Day, 'folder'>): Promise<Recording> {
  using folder = temporaryFolder()
  return await recordDayIn(folder.path, library, day)
}

async function recordDayIn(
  folder: string,
  library: string,
  day: Omit<Day, 'folder'>,
): Promise<Recording> {
  const args = [JSON.stringify({ folder, isRecorded: true, ...day })]
  return await record({ folder, library, script: WORKLOAD, args })
}

function journalBefore(recording: Recording, position: number): Journal {
  return readJournal(marksBefore(recording, position))
}

/** Starts again after a cut. Answers what was lost, or why the folder does not open. */
function restart(folder: string, journal: Journal): readonly string[] {
  try {
    if (!hasGenesis(folder)) initFolder(folder, { network: 'Town', timeMs: Date.now() })
    readKeys(folder)
    using book = openBook(folder)
    return lostAnswers(book, journal)
  } catch (cause) {
    if (cause instanceof Error) return [cause.message]
    throw cause
  }
}

/** Goes on until nothing is owed. Answers what is wrong with the book then. */
async function sealAndAudit(folder: string): Promise<readonly string[]> {
  const wrong: string[] = []
  const onFatal = (cause: unknown) => wrong.push(String(cause))
  const checkpointKey = readKeys(folder).checkpoint
  await new SoloEngine({ book: openBook(folder), checkpointKey, onFatal }).close()
  const { ok, problem, height, checkpoints } = await auditFolder(folder)
  if (!ok) wrong.push(`the audit says: ${JSON.stringify(problem)}`)
  if (checkpoints !== height + 1) wrong.push(`${checkpoints} of blocks 0 to ${height} are sealed`)
  return wrong
}

function randomPositions(count: number, { from, to }: { from: number; to: number }) {
  const random = seededRandom(SEED)
  return Array.from({ length: count }, () => from + Math.floor(random() * (to - from + 1))).sort(
    (a, b) => a - b,
  )
}

/** The folder that a cut leaves, at the hands of `look`. */
async function afterCut<T>(
  recording: Recording,
  cut: Cut,
  look: (folder: string, journal: Journal) => T | Promise<T>,
): Promise<T> {
  using folder = temporaryFolder()
  writeCut(recording, { ...cut, target: folder.path })
  return await look(folder.path, journalBefore(recording, cut.position))
}

describe('after a power cut', () => {
  test(`every answer is there, in ${CUTS} cuts of a day`, { timeout: 120_000 }, async (context) => {
    const day = { seed: SEED, rounds: [40, 60, 40], orders: 1 }
    const recording = await recordDay(recorderOrSkip(context), day)
    const last = recording.operations.length
    expect(journalBefore(recording, last).end).toBe('closed')
    const random = seededRandom(SEED)
    for (const [index, position] of randomPositions(CUTS, { from: 0, to: last }).entries()) {
      const hint = `seed ${SEED}, cut ${index} at ${position} of ${last}`
      await afterCut(recording, { position, random }, async (folder, journal) => {
        expect(restart(folder, journal), hint).toEqual([])
        if (index % AUDITED === 0) expect(await sealAndAudit(folder), hint).toEqual([])
      })
    }
  })

  test('nobody is told of what a killed process left before it is on disk', async (context) => {
    const library = recorderOrSkip(context)
    using folder = temporaryFolder()
    const crash = { point: 'batch_answered', nth: 12 } as const
    const day = { folder: folder.path, seed: SEED, rounds: [10, 100], orders: 1, crash }
    expect((await runDay(day)).signal).toBe('SIGKILL')
    const { operations } = await recordDayIn(folder.path, library, { seed: SEED, rounds: [] })
    const ofLog = operations.filter((one) => 'path' in one && one.path === 'ledger.db-wal')
    const kinds = ofLog.map(({ kind }) => kind).filter((kind) => kind !== 'open')
    expect(kinds.slice(0, 2), `seed ${SEED}`).toEqual(['sync_start', 'sync_end'])
  })

  test('answers are missing when nothing is synced, or the harness is broken', {
    timeout: 120_000,
  }, async (context) => {
    const library = recorderOrSkip(context)
    const random = seededRandom(SEED)
    const recordings = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        recordDay(library, { seed: SEED + index, rounds: [40], synchronous: 'OFF' }),
      ),
    )
    let lossy = 0
    for (const recording of recordings) {
      const last = recording.operations.length
      const lost = []
      for (const position of randomPositions(5, { from: Math.floor(last * 0.8), to: last })) {
        lost.push(...(await afterCut(recording, { position, random }, restart)))
      }
      if (lost.length > 0) lossy += 1
    }
    expect(lossy, `seed ${SEED}`).toBeGreaterThanOrEqual(9)
  })
})
