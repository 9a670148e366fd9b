import { constants, getPriority, setPriority } from 'node:os'

/** Nice steps: enough that the scheduler does not put the event loop aside for the thread, too few to starve it. */
const STEPS = 4

/**
 * Lets the event loop go first where both want the same processor: whoever waits for this thread waits for the event
 * loop anyway. Linux alone has priorities for threads; elsewhere nothing changes.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(getPriority() + STEPS, constants.priority.PRIORITY_LOW))
  } catch {
    // A sandbox may forbid it: then it is a thread like any other.
  }
}
