/** What v1's clients know and the book does not: one SQLite file in the data folder. */
import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { connect, openDatabase } from '../../store/database.ts'
import { FOLD_AT_LAST_PAGES, FoldThread } from '../../store/fold-thread.ts'
import { V1Checkouts } from './checkouts.ts'
import { V1Keys } from './keys.ts'
import { V1Marks } from './marks.ts'
import { V1Past } from './past.ts'
import { V1People } from './people.ts'
import { V1Places } from './places.ts'
import { V1Requests } from './requests.ts'
import { V1Rewards } from './rewards.ts'
import { V1Seen } from './seen.ts'
import { V1Shown } from './shown.ts'
import { V1Tokens } from './tokens.ts'
import { V1_MIGRATIONS } from './v1-migrations.ts'

export const V1_FILE = 'v1.db'

interface V1Connections {
  readonly db: DatabaseSync
  readonly quick: DatabaseSync
  readonly folding: FoldThread
}

export class V1Store implements Disposable {
  readonly keys: V1Keys
  readonly places: V1Places
  readonly people: V1People
  readonly tokens: V1Tokens
  readonly marks: V1Marks
  readonly rewards: V1Rewards
  readonly checkouts: V1Checkouts
  readonly past: V1Past
  readonly requests: V1Requests
  readonly seen: V1Seen
  readonly shown: V1Shown
  readonly #db: DatabaseSync
  readonly #connections: readonly DatabaseSync[]
  readonly #folding: FoldThread

  /** `db` waits for the disk at each write; `quick` survives the end of the program, not that of the machine. */
  constructor({ db, quick, folding }: V1Connections) {
    this.keys = new V1Keys(db)
    this.places = new V1Places(db)
    this.people = new V1People(db)
    this.tokens = new V1Tokens(db)
    this.marks = new V1Marks(db)
    this.rewards = new V1Rewards(db)
    this.checkouts = new V1Checkouts(db)
    this.past = new V1Past(db)
    this.requests = new V1Requests(quick, folding)
    this.seen = new V1Seen(quick, folding)
    this.shown = new V1Shown(quick)
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

  [Symbol.dispose](): void {
    this.requests[Symbol.dispose]()
    this.seen[Symbol.dispose]()
    this.#folding[Symbol.dispose]()
    for (const connection of this.#connections) connection.close()
  }
}

/** Opens or makes the file, readable by its owner alone. */
export function openV1Store(path: string): V1Store {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: V1_MIGRATIONS })
  try {
    const quick = connect(path, { enableForeignKeyConstraints: true })
    quick.exec(`PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=${FOLD_AT_LAST_PAGES}`)
    return new V1Store({ db, quick, folding: new FoldThread(path) })
  } catch (cause) {
    db.close()
    throw cause
  }
}
