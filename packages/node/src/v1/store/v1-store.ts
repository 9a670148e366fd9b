/** What v1's clients know and the book does not: one SQLite file in the data folder. */
import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '../../store/database.ts'
import { FoldThread } from '../../store/fold-thread.ts'
import { V1Checkouts } from './checkouts.ts'
import { V1Keys } from './keys.ts'
import { V1Marks } from './marks.ts'
import { connectQuick, type V1Note, type V1Noted, V1Notes } from './notes.ts'
import { V1Past } from './past.ts'
import { V1People } from './people.ts'
import { V1Places } from './places.ts'
import { type V1KeptAnswer, V1Requests } from './requests.ts'
import { V1Rewards } from './rewards.ts'
import { V1Shown } from './shown.ts'
import { V1Tokens } from './tokens.ts'
import { V1_MIGRATIONS } from './v1-migrations.ts'

export const V1_FILE = 'v1.db'

/** Requests that the intake writes in one SQL transaction, more or less. */
const WRITTEN_TOGETHER = 8

interface V1Connections {
  readonly path: string
  readonly db: DatabaseSync
  readonly quick: DatabaseSync
  readonly folding: FoldThread
}

export class V1Store implements Disposable {
  readonly path: string
  readonly keys: V1Keys
  readonly places: V1Places
  readonly people: V1People
  readonly tokens: V1Tokens
  readonly marks: V1Marks
  readonly rewards: V1Rewards
  readonly checkouts: V1Checkouts
  readonly past: V1Past
  readonly requests: V1Requests
  readonly shown: V1Shown
  readonly #notes: V1Notes
  readonly #db: DatabaseSync
  readonly #connections: readonly DatabaseSync[]
  readonly #folding: FoldThread
  #written = 0

  /** `db` waits for the disk at each write; `quick` survives the end of the program, not that of the machine. */
  constructor({ path, db, quick, folding }: V1Connections) {
    this.path = path
    this.keys = new V1Keys(db)
    this.places = new V1Places(db)
    this.people = new V1People(db)
    this.tokens = new V1Tokens(db)
    this.marks = new V1Marks(db)
    this.rewards = new V1Rewards(db)
    this.checkouts = new V1Checkouts(db)
    this.past = new V1Past(db)
    this.requests = new V1Requests(quick)
    this.shown = new V1Shown(quick)
    this.#notes = new V1Notes(quick)
    this.#db = db
    this.#connections = [quick, db]
    this.#folding = folding
  }

  /**
   * Runs work of which the file keeps all or nothing: it may take turns with others, none of whom may write meanwhile.
   * After a failure this object is of no use any more.
   */
  async allOrNothing(work: () => Promise<void>): Promise<void> {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      await work()
      this.#db.exec('COMMIT')
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw cause
    }
  }

  /** Writes what a signature was for, or how a request was answered, here and now. */
  note(one: V1Note | V1KeptAnswer): V1Noted {
    const [noted = 'new'] = this.#notes.write([one])
    this.#folding.committed()
    return noted
  }

  /** Another connection has written something about one request. */
  written(): void {
    this.#written += 1
    if (this.#written % WRITTEN_TOGETHER === 0) this.#folding.committed()
  }

  [Symbol.dispose](): void {
    this.#folding[Symbol.dispose]()
    for (const connection of this.#connections) connection.close()
  }
}

/** Opens or makes the file, readable by its owner alone. */
export function openV1Store(path: string): V1Store {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: V1_MIGRATIONS })
  try {
    return new V1Store({ path, db, quick: connectQuick(path), folding: new FoldThread(path) })
  } catch (cause) {
    db.close()
    throw cause
  }
}
