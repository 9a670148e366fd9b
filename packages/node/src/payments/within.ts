import { setTimeout as wait } from 'node:timers/promises'

/** What a work answers within a time; undefined when it takes longer, and goes on. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const done = new AbortController()
  try {
    const patience = wait(ms, undefined, { signal: done.signal, ref: false })
    return await Promise.race([work, patience.catch(() => undefined)])
  } finally {
    done.abort()
    // Nobody may be listening any more when it fails.
    work.catch(() => undefined)
  }
}
