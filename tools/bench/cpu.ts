/** How much of the machine's processors others used while something was measured. */
import { readFileSync } from 'node:fs'

/** Processor time in clock ticks. */
export interface Ticks {
  /** All processors, idle or not. */
  readonly total: number
  /** All processors, not idle; what a hypervisor took away counts too. */
  readonly busy: number
  /** Our own programs. */
  readonly own: number
}

/** Reads the first line of /proc/stat. */
export function parseMachineTicks(text: string): Omit<Ticks, 'own'> {
  const [line = ''] = text.split('\n', 1)
  // user nice system idle iowait irq softirq steal; what follows is counted in user already.
  const numbers = line.trim().split(/ +/).slice(1, 9).map(Number)
  const total = numbers.reduce((sum, one) => sum + one, 0)
  const idle = (numbers[3] ?? 0) + (numbers[4] ?? 0)
  return { total, busy: total - idle }
}

/** Reads /proc/<id>/stat: ticks of the program, and of its children that have ended. */
export function parseProgramTicks(text: string): { readonly self: number; readonly ended: number } {
  // The name of the program, in brackets, may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const at = (field: number) => Number(fields[field - 3] ?? 0)
  return { self: at(14) + at(15), ended: at(16) + at(17) }
}

/** The share of all processors that others used between two moments, 0 to 1. */
export function foreignShare(before: Ticks, after: Ticks): number {
  const total = after.total - before.total
  const foreign = after.busy - before.busy - (after.own - before.own)
  return total <= 0 ? 0 : Math.min(Math.max(foreign / total, 0), 1)
}

/** Length of a clock tick as Linux counts it for programs. */
const TICK_US = 10_000

/** Processor time of one running program in microseconds; `undefined` where the system does not tell. */
export function readProgramUs(id: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  return parseProgramTicks(readFileSync(`/proc/${id}/stat`, 'latin1')).self * TICK_US
}

/** Ticks now, for this program and its running children; `undefined` where the system does not tell. */
export function readTicks(children: Iterable<number>): Ticks | undefined {
  if (process.platform !== 'linux') return undefined
  const { self, ended } = parseProgramTicks(readFileSync('/proc/self/stat', 'latin1'))
  let own = self + ended
  for (const id of children) {
    try {
      own += parseProgramTicks(readFileSync(`/proc/${id}/stat`, 'latin1')).self
    } catch (cause) {
      // A child that has just ended is counted in `ended` from now on.
      if (!['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    }
  }
  return { ...parseMachineTicks(readFileSync('/proc/stat', 'latin1')), own }
}
