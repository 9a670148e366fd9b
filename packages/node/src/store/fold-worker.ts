/** Folds the write-ahead log of a file into the file whenever it is told to, without holding up who writes. */
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
const db = new DatabaseSync(path)
const fold = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

port.on('message', (wish: 'fold' | 'end') => {
  if (wish === 'fold') fold.get()
  else {
    db.close()
    Atomics.store(closed, 0, 1)
    Atomics.notify(closed, 0)
    port.close()
  }
})
