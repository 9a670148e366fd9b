/** What v1's clients know and the book does not: one SQLite file in the data folder. */
import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { connect, openDatabase } from '../../store/database.ts'
import { V1Keys } from './keys.ts'
import { V1Marks } from './marks.ts'
import { V1People } from './people.ts'
import { V1Places } from './places.ts'
import { V1Requests } from './requests.ts'
import { V1Rewards } from './rewards.ts'
import { V1Seen } from './seen.ts'
import { V1Tokens } from './tokens.ts'
import { V1_MIGRATIONS } from './v1-migrations.ts'

export const V1_FILE = 'v1.db'

export class V1Store implements Disposable {
  readonly keys: V1Keys
  readonly places: V1Places
  readonly people: V1People
  readonly tokens: V1Tokens
  readonly marks: V1Marks
  readonly rewards: V1Rewards
  readonly requests: V1Requests
  readonly seen: V1Seen
  readonly #connections: readonly DatabaseSync[]

  /** `db` waits for the disk at each write; `quick` survives the end of the program, not that of the machine. */
  constructor({ db, quick }: { readonly db: DatabaseSync; readonly quick: DatabaseSync }) {
    this.keys = new V1Keys(db)
    this.places = new V1Places(db)
    this.people = new V1People(db)
    this.tokens = new V1Tokens(db)
    this.marks = new V1Marks(db)
    this.rewards = new V1Rewards(db)
    this.requests = new V1Requests(quick)
    this.seen = new V1Seen(quick)
    this.#connections = [quick, db]
  }

  [Symbol.dispose](): void {
    this.requests[Symbol.dispose]()
    this.seen[Symbol.dispose]()
    for (const connection of this.#connections) connection.close()
  }
}

/** Opens or makes the file, readable by its owner alone. */
export function openV1Store(path: string): V1Store {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: V1_MIGRATIONS })
  try {
    const quick = connect(path, { enableForeignKeyConstraints: true })
    quick.exec('PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4096')
    return new V1Store({ db, quick })
  } catch (cause) {
    db.close()
    throw cause
  }
}
