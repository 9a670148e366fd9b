/** Folds the write-ahead log of a file into the file whenever it is told to, beside who writes. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

export interface FoldStart {
  readonly path: string
  /** Set to 1 when the file is closed here. */
  readonly closed: Int32Array
}

if (parentPort === null) throw new Error('A file is folded on a thread of its own.')
const port = parentPort
const { path, closed } = workerData as FoldStart

/** The log begins anew only when all of it is folded; from this size on who writes waits a moment for that. 16 MiB. */
const LONG_PAGES = 4_096
/** Longest wait for who writes, in milliseconds; the next folding tries again. */
const TURN_MS = 200

const db = new DatabaseSync(path, { timeout: TURN_MS })
const fold = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const foldRest = db.prepare('PRAGMA wal_checkpoint(FULL)')

port.on('message', (wish: 'fold' | 'end') => {
  if (wish === 'fold') {
    // Most is folded beside who writes, so that the rest is little.
    const pages = Number(fold.get()?.['log'])
    if (pages > LONG_PAGES) foldRest.get()
  } else {
    db.close()
    Atomics.store(closed, 0, 1)
    Atomics.notify(closed, 0)
    port.close()
  }
})
