import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { connect, toOpeningError } from './database.ts'

/** Another process works on the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string) {
    super(
      `Another Fedow process works on ${folder}. A folder belongs to one process: stop the other one, or send it your command (fedow does so by itself while it runs).`,
    )
  }
}

const BUSY = 5

/**
 * Holds a data folder for this process until it ends, however it ends: the lock is SQLite's own on a small file,
 * and the system drops it with the process.
 */
export class FolderLock implements Disposable {
  readonly #db: DatabaseSync

  /** Throws FolderLockedError. */
  constructor(folder: string) {
    const path = join(folder, 'node.lock')
    this.#db = connect(path, { timeout: 0 })
    try {
      this.#db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
    } catch (cause) {
      this.#db.close()
      if (((cause as { errcode?: number }).errcode ?? 0) % 256 === BUSY) {
        throw new FolderLockedError(folder)
      }
      throw toOpeningError(path, cause)
    }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}
