/** Starts a day in a process of its own, and kills it by its number alone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type Journal, readJournal } from './journal.ts'
import type { Day } from './workload.ts'

export const WORKLOAD = join(import.meta.dirname, 'workload.ts')

export interface Ended {
  /** What it wrote to standard output. */
  readonly lines: readonly string[]
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly complaint: string
}

export interface EndedDay extends Ended {
  readonly journal: Journal
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeOptions?: readonly string[]
  /** Called for each line that the child has said, with their number so far. */
  readonly onLine?: (lines: number, child: ChildProcess) => void
}

/** Starts a script under the Node that runs the test. */
export function startScript(
  script: string,
  args: readonly string[],
  { env, nodeOptions = [], onLine = () => {} }: ChildOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...nodeOptions, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ended: watch(child, onLine) }
}

async function watch(
  child: ChildProcess,
  onLine: NonNullable<ChildOptions['onLine']>,
): Promise<Ended> {
  if (!child.stdout || !child.stderr) throw new Error('the child has no pipes')
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    onLine(lines.length, child)
  })
  const [[code, signal], complaint] = await Promise.all([
    once(child, 'close'),
    text(child.stderr),
    once(reader, 'close'),
  ])
  return { lines, code, signal, complaint }
}

export function startDay(
  day: Day,
  options: ChildOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<EndedDay> } {
  const { child, ended } = startScript(WORKLOAD, [JSON.stringify(day)], options)
  return { child, ended: ended.then((end) => ({ ...end, journal: readJournal(end.lines) })) }
}

export async function runDay(day: Day, options?: ChildOptions): Promise<EndedDay> {
  return await startDay(day, options).ended
}
