/** Elements between which other requests get their turn. */
const STEP = 200

/** Goes through a long list until `each` answers false, letting other requests in from time to time. */
export async function inSteps<T>(values: Iterable<T>, each: (value: T) => boolean): Promise<void> {
  let left = STEP
  for (const value of values) {
    if (!each(value)) return
    left -= 1
    if (left > 0) continue
    left = STEP
    await new Promise(setImmediate)
  }
}
