import type { DatabaseSync } from 'node:sqlite'
import type { TxId } from '@fedow/ledger'
import { connect, inSqlTransaction } from '../../store/database.ts'
import { FOLD_AT_LAST_PAGES } from '../../store/fold-thread.ts'
import { type V1KeptAnswer, type V1Request, V1Requests } from './requests.ts'
import { V1Seen } from './seen.ts'

/** What is noted of a request whose signature holds, before anything comes of it. */
export interface V1Note {
  /** Follows from its signature. */
  readonly id: TxId
  /** Method, path, and who signed. */
  readonly route: string
  /** As received. */
  readonly body: string
  readonly timeMs: number
  /** True of a GET: its signature does not cover the path, and is bound to it. */
  readonly isRead: boolean
  /** True when the request is kept for ever: its signature does one thing, once. */
  readonly hasEffect: boolean
}

/**
 * What noting gave: `new`, or the request of this signature that was there before, or `elsewhere`: the signature was
 * used to read another path.
 */
export type V1Noted = 'new' | 'elsewhere' | V1Request

/** A connection that survives the end of the program, not that of the machine. */
export function connectQuick(path: string): DatabaseSync {
  const db = connect(path, { enableForeignKeyConstraints: true })
  db.exec(`PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=${FOLD_AT_LAST_PAGES}`)
  return db
}

/** Writes what signatures were for, and how requests were answered. */
export class V1Notes {
  readonly #db: DatabaseSync
  readonly #requests: V1Requests
  readonly #seen: V1Seen

  /** Of a quick connection. */
  constructor(db: DatabaseSync) {
    this.#db = db
    this.#requests = new V1Requests(db)
    this.#seen = new V1Seen(db)
  }

  /** In one SQL transaction: all or nothing. */
  write(all: readonly (V1Note | V1KeptAnswer)[]): readonly V1Noted[] {
    return inSqlTransaction(this.#db, () => {
      const [first] = all
      if (first !== undefined && 'timeMs' in first) this.#seen.prune(first.timeMs)
      return all.map((one) => this.#write(one))
    })
  }

  /** An answer, which is kept with a request that is there, gives `new`. */
  #write(one: V1Note | V1KeptAnswer): V1Noted {
    if ('status' in one) {
      this.#requests.answer(one)
      return 'new'
    }
    const { id, route, timeMs, isRead, hasEffect } = one
    if (isRead && !this.#seen.admit(id, route, timeMs)) return 'elsewhere'
    return (hasEffect ? this.#requests.add(one) : undefined) ?? 'new'
  }
}
