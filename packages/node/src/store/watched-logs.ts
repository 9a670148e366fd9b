/** Logs whose checkpoints this node co-signs, and how far it has seen each. In `people.db`, durable before any answer. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { inSqlTransaction } from './database.ts'

/** Most logs watched. */
export const WATCHED_MAX = 1_000
/** A log whose proofs fail again and again is written down no more often than this. */
const UNPROVEN_LAG_MS = 60_000

/** The latest checkpoint of a log that was co-signed. */
export interface Seen {
  readonly size: number
  readonly root: Uint8Array
  /** The signed note. */
  readonly note: string
  /** When, in seconds since 1970. */
  readonly timeS: number
}

/**
 * A checkpoint that the log signed and that was not co-signed. `conflict`: of the same size as the co-signed one, with
 * another root, so that the two notes prove two histories. `unproven`: larger, without a proof that leads to it;
 * whoever has a signed checkpoint may have sent it.
 */
export interface RefusedCheckpoint {
  readonly kind: 'conflict' | 'unproven'
  readonly cosigned: string
  readonly refused: string
  readonly timeMs: number
}

export interface WatchedLog {
  readonly origin: string
  readonly vkey: string
  readonly isWatched: boolean
  readonly seen?: Seen
}

/** What is to be remembered of a submission. */
export type Remembered =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'refused'; readonly refused: RefusedCheckpoint }
  | { readonly kind: 'nothing' }

export class WatchedLogs {
  readonly #db: DatabaseSync
  readonly #one: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#one = db.prepare('SELECT * FROM watched_log WHERE origin = ?')
  }

  /** Logs that are watched or were, by origin. */
  all(): readonly WatchedLog[] {
    return this.#db.prepare('SELECT * FROM watched_log ORDER BY origin').all().map(toLog)
  }

  get(origin: string): WatchedLog | undefined {
    const row = this.#one.get(origin)
    return row === undefined ? undefined : toLog(row)
  }

  /**
   * Watches a log, from what was last seen of it if it was watched before. Answers `other_key` when it is watched under
   * another key, `too_many` at `WATCHED_MAX`.
   */
  watch(origin: string, vkey: string): 'watched' | 'other_key' | 'too_many' {
    return inSqlTransaction(this.#db, () => {
      const known = this.get(origin)
      if (known?.isWatched && known.vkey !== vkey) return 'other_key'
      const sql = 'SELECT count(*) AS count FROM watched_log WHERE is_watched = 1 AND origin <> ?'
      if (Number(this.#db.prepare(sql).get(origin)?.['count']) >= WATCHED_MAX) return 'too_many'
      this.#db
        .prepare(
          `INSERT INTO watched_log (origin, vkey, is_watched) VALUES (?1, ?2, 1)
           ON CONFLICT (origin) DO UPDATE SET vkey = ?2, is_watched = 1`,
        )
        .run(origin, vkey)
      return 'watched'
    })
  }

  /** Co-signs no more for a log. What was seen stays known. */
  unwatch(origin: string): void {
    this.#db.prepare('UPDATE watched_log SET is_watched = 0 WHERE origin = ?').run(origin)
  }

  /**
   * Reads what was seen of a log, lets it be judged, and writes down what follows, in one SQL transaction: no two
   * submissions are judged by the same past. Durable when it answers.
   */
  judge<T>(
    origin: string,
    judge: (log: WatchedLog | undefined) => { readonly answer: T; readonly remember: Remembered },
  ): T {
    return inSqlTransaction(this.#db, () => {
      const { answer, remember } = judge(this.get(origin))
      if (remember.kind === 'seen') this.#see(origin, remember.seen)
      if (remember.kind === 'refused') this.#refuse(origin, remember.refused)
      return answer
    })
  }

  #see(origin: string, { size, root, note, timeS }: Seen): void {
    this.#db
      .prepare('UPDATE watched_log SET size = ?, root = ?, note = ?, time_s = ? WHERE origin = ?')
      .run(BigInt(size), root, note, BigInt(timeS), origin)
  }

  /** The first proof of two histories is never replaced; of the rest, the latest is kept. */
  #refuse(origin: string, { kind, cosigned, refused, timeMs }: RefusedCheckpoint): void {
    this.#db
      .prepare(
        `INSERT INTO refused_checkpoint VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (origin, kind) DO UPDATE SET cosigned = ?3, refused = ?4, time_ms = ?5
         WHERE kind = 'unproven' AND time_ms <= ?6`,
      )
      .run(origin, kind, cosigned, refused, BigInt(timeMs), BigInt(timeMs - UNPROVEN_LAG_MS))
  }

  /** What was refused of a log. */
  refusedOf(origin: string): readonly RefusedCheckpoint[] {
    return this.#db
      .prepare('SELECT * FROM refused_checkpoint WHERE origin = ? ORDER BY kind')
      .all(origin)
      .map(({ kind, cosigned, refused, time_ms: timeMs }) => ({
        kind: kind as RefusedCheckpoint['kind'],
        cosigned: String(cosigned),
        refused: String(refused),
        timeMs: Number(timeMs),
      }))
  }
}

function toLog(row: Readonly<Record<string, unknown>>): WatchedLog {
  const { size, root, note, time_s: timeS } = row
  return {
    origin: String(row['origin']),
    vkey: String(row['vkey']),
    isWatched: row['is_watched'] === 1,
    ...(size !== null && {
      seen: {
        size: Number(size),
        root: root as Uint8Array,
        note: String(note),
        timeS: Number(timeS),
      },
    }),
  }
}
