import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { compileFaults } from '../power-cut/recording.ts'
import { type EndedDay, runDay } from './child.ts'
import type { Journal } from './journal.ts'
import { contradictions, copyFolder, temporaryFolder } from './verify.ts'
import type { Day } from './workload.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`faults seed: ${SEED}`)

interface Fault {
  readonly call: 'sync' | 'write'
  /** How the name of the file ends; empty for every file of the folder. */
  readonly file: string
  readonly nth: number
  /** 0: the disk stays as it is. */
  readonly times: number
  readonly error: 'EIO' | 'ENOSPC'
}

function faultsOrSkip(context: TestContext): string {
  return compileFaults() ?? context.skip('failing disks need Linux and a C compiler')
}

/** A folder that a crash left with a block to close and records to write. */
const crashed = temporaryFolder()
let before: Journal

beforeAll(async () => {
  const crash = { point: 'batch_answered', nth: 12 } as const
  const day = { folder: crashed.path, seed: SEED, rounds: [10, 100], orders: 1, crash }
  const { journal, signal } = await runDay(day)
  expect(signal).toBe('SIGKILL')
  before = journal
})

afterAll(() => crashed.remove())

/** What a day does: people pay, or nobody comes and it only seals what the day before owes. */
const BUSY = { rounds: [60, 60], orders: 2 }
const QUIET = { rounds: [] }

type Gestures = Pick<Day, 'rounds' | 'orders'>

async function failingDay(
  { library, folder }: { readonly library: string; readonly folder: string },
  fault: Fault,
  gestures: Gestures,
): Promise<EndedDay> {
  const env = {
    LD_PRELOAD: library,
    FAULT_FOLDER: folder,
    FAULT_FILE: fault.file,
    FAULT_CALL: fault.call,
    FAULT_NTH: String(fault.nth),
    FAULT_TIMES: String(fault.times),
    FAULT_ERROR: fault.error,
  }
  return await runDay({ folder, seed: SEED + 1, ...gestures }, { env })
}

/** Says what a disk that fails did to a day, once the folder has been opened again on a sound disk. */
async function consequences(library: string, fault: Fault, gestures: Gestures = BUSY) {
  using copy = copyFolder(crashed.path)
  const of = { library, folder: copy.path }
  const { journal, complaint, signal } = await failingDay(of, fault, gestures)
  const answers = journal.sent.flatMap((sent) => sent.answers)
  return {
    isInjected: complaint.includes('fault: '),
    fatal: journal.fatal,
    silent: journal.sent.filter((sent) => sent.answers.length === 0).length,
    hasUnknown: answers.some(({ status }) => status === 'unknown'),
    end: journal.end,
    refused: journal.refused,
    signal,
    found: await contradictions(copy.path, [before, journal]),
  }
}

const FINE = { isInjected: true, silent: 0, refused: undefined, signal: null, found: [] }

const COMMITS = [2, 12].flatMap((nth): Fault[] => [
  { call: 'sync', file: '-wal', nth, times: 1, error: 'EIO' },
  { call: 'sync', file: '-wal', nth, times: 0, error: 'EIO' },
])
const WRITES = [5, 400].flatMap((nth): Fault[] => [
  { call: 'write', file: '-wal', nth, times: 1, error: 'ENOSPC' },
  { call: 'write', file: '-wal', nth, times: 1, error: 'EIO' },
])
const FULL: Fault = { call: 'write', file: '', nth: 100, times: 0, error: 'ENOSPC' }

test.concurrent.for([...COMMITS, ...WRITES, FULL])(
  'stops for good, and claims nothing, when $call $nth of "$file" gives $error ($times)',
  async (fault, context) => {
    const found = await consequences(faultsOrSkip(context), fault)
    const [{ isInBatch = false } = {}] = found.fatal
    // What is written for a batch leaves its txs without a known end; a block that closes or is sealed leaves none.
    const stopped = { ...FINE, fatal: [{ isInBatch }], hasUnknown: isInBatch, end: 'failed' }
    expect(found, `seed ${SEED}`).toEqual(stopped)
  },
)

const SEALS = [2, 3].flatMap((nth): Fault[] => [
  { call: 'sync', file: '-wal', nth, times: 1, error: 'EIO' },
  { call: 'write', file: '-wal', nth: nth * 3, times: 0, error: 'ENOSPC' },
])

test.concurrent.for(SEALS)(
  'stops for good, and leaves no payment unknown, when $call $nth gives $error while it seals',
  async (fault, context) => {
    const found = await consequences(faultsOrSkip(context), fault, QUIET)
    const stopped = { ...FINE, fatal: [{ isInBatch: false }], hasUnknown: false, end: 'failed' }
    expect(found, `seed ${SEED}`).toEqual(stopped)
  },
)

// The journal holds every answer until the book's own file has them, and a checkpoint is tried again.
test.concurrent.for<Fault>([
  { call: 'sync', file: 'ledger.db', nth: 1, times: 0, error: 'EIO' },
  { call: 'write', file: 'ledger.db', nth: 1, times: 0, error: 'ENOSPC' },
])(
  "loses nothing when $call of the book's own file always gives $error",
  async (fault, context) => {
    const found = await consequences(faultsOrSkip(context), fault)
    expect(found, `seed ${SEED}`).toEqual({ ...FINE, fatal: [], hasUnknown: false, end: 'closed' })
  },
)

test.concurrent('says so when the disk is full at the start', async (context) => {
  const fault: Fault = { call: 'write', file: '', nth: 1, times: 0, error: 'ENOSPC' }
  const { refused, isInjected, found } = await consequences(faultsOrSkip(context), fault)
  expect({ isInjected, found }).toEqual({ isInjected: true, found: [] })
  expect(refused).toMatch(
    /(ledger\.db|node\.lock) cannot be read or written \(.+\)\. No answer is lost/,
  )
})
