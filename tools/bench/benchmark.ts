import type { Books, SharedBook } from './books.ts'
import type { Child, Children } from './children.ts'
import { foreignShare, readProgramUs, type Ticks } from './cpu.ts'
import { type LoadOptions, type LoadWindow, load } from './load.ts'
import type { Figure } from './report.ts'

/** What a benchmark works with. */
export interface Bench {
  readonly books: Books
  readonly children: Children
  /** A tenth of the sizes and a quarter of the times, for trying a benchmark out. */
  readonly isQuick: boolean
  /** Sizes that take half an hour to make. */
  readonly isLong: boolean
  /** Where a server that is measured leaves a profile. */
  readonly profile: string | undefined
  /** What one Ed25519 check costs now, in microseconds. */
  readonly verifyUs: number
  readonly report: (figure: Figure) => void
  readonly progress: (text: string) => void
}

export interface Benchmark {
  readonly name: string
  /** What it measures, as people say it. */
  readonly what: string
  /** Books that are filled before it runs. */
  readonly needs?: readonly SharedBook[]
  readonly run: (bench: Bench) => Promise<void>
}

/** A window of load, and what it took of the machine. */
export interface MeasuredWindow extends LoadWindow {
  /** Share of processor time that others used. */
  readonly foreignCpu: number | undefined
  /** Processor time of the server for each answer, in microseconds: others disturb it less than the rate. */
  readonly serverUs: number | undefined
}

export const MILLION = 1_000_000

/** A count, or a tenth of it in a quick run. */
export function sized({ isQuick }: Bench, count: number): number {
  return isQuick ? count / 10 : count
}

/** A duration, or a quarter of it in a quick run. */
export function timed({ isQuick }: Bench, seconds: number): number {
  return isQuick ? seconds / 4 : seconds
}

/** Starts a whole node on a data folder. Answers when it takes requests. */
export async function startNode({ children, profile }: Bench, folder: string): Promise<Server> {
  const program = children.start<number>('fedow', { args: [folder], profile })
  return { program, port: await program.result }
}

/** A server under load. */
export interface Server {
  readonly program: Child<number>
  readonly port: number
}

/** Runs a window of load and watches the machine. */
export async function measure(
  bench: Bench,
  { program, port }: Server,
  options: Omit<LoadOptions, 'port'>,
): Promise<MeasuredWindow> {
  const watch = watchCpu(bench)
  const beforeUs = readProgramUs(program.id)
  const window = await load({ ...options, port })
  const afterUs = readProgramUs(program.id)
  const serverUs = beforeUs && afterUs && (afterUs - beforeUs) / window.answers
  return { ...window, serverUs, foreignCpu: watch() }
}

/** Starts watching the processors; the answer tells the share that others used since. */
export function watchCpu({ children }: Pick<Bench, 'children'>): () => number | undefined {
  const before = children.ticks()
  return () => {
    const after = children.ticks()
    return before && after && foreignShare(before, after)
  }
}

const QUIET_SHARE = 0.02
const QUIET_CHECK_MS = 100
const QUIET_CHECKS_MAX = 40

/** Waits until our own programs rest, so that no window pays for the one before it. */
export async function settle({ children }: Bench): Promise<void> {
  for (let checks = 0; checks < QUIET_CHECKS_MAX; checks += 1) {
    const before = children.ticks()
    await new Promise((wake) => setTimeout(wake, QUIET_CHECK_MS))
    const after = children.ticks()
    if (before === undefined || after === undefined) continue
    if (isQuiet(before, after)) return
  }
}

function isQuiet(before: Ticks, after: Ticks): boolean {
  return after.own - before.own <= (after.total - before.total) * QUIET_SHARE
}
