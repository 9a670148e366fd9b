/** Witnesses that this node asks to co-sign its checkpoints, and what they co-signed. In `people.db`. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  cosignatureBytes,
  keyId,
  type NoteSignature,
  SIGNATURES_MAX,
  type VerifierKey,
} from '@fedow/ledger'
import { inSqlTransaction } from './database.ts'
import { sha256 } from './hash.ts'
import { writtenKey } from './verifier-keys.ts'

/** Most witnesses asked: a note holds their signatures and that of the log. */
export const WITNESSES_MAX = SIGNATURES_MAX - 1
/** Co-signatures kept of each witness. The latest vouches for all before it. */
export const COSIGNATURES_KEPT = 10_000

/** Why a witness did not co-sign. Sizes in leaves of the history. */
export type WitnessProblem =
  /** No answer came. */
  | { readonly code: 'unreachable'; readonly why: string }
  | { readonly code: 'redirected'; readonly status: number }
  /** It does not watch this log, or knows it by another key. */
  | { readonly code: 'log_unknown' }
  | { readonly code: 'signature_refused' }
  /** It has co-signed more than this book has. */
  | { readonly code: 'ahead'; readonly size: number; readonly ours: number }
  /** It has co-signed as much as this book has, with other content. */
  | { readonly code: 'conflict'; readonly size: number }
  /** What it has co-signed is not what this book begins with. */
  | { readonly code: 'inconsistent'; readonly size: number; readonly ours: number }
  | { readonly code: 'cosignature_invalid' }
  | { readonly code: 'odd_answer'; readonly status: number; readonly why: string }

/** A witness, as this node knows it. */
export interface Witness {
  readonly number: number
  readonly key: VerifierKey
  readonly vkey: string
  /** Its submission prefix. */
  readonly url: string
  readonly isAsked: boolean
  /** Leaves of our history that it is known to have seen. */
  readonly size: number
  /** The newest block that it co-signed, and when, in seconds. */
  readonly cosigned?: { readonly height: number; readonly timeS: number }
  readonly problem?: WitnessProblem & { readonly sinceMs: number }
  /** When it was last asked. */
  readonly triedMs?: number
}

/** What a witness says of one of our checkpoints. */
export interface Cosigned {
  readonly height: number
  readonly size: number
  readonly timeS: number
  /** 64 bytes. */
  readonly signature: Uint8Array
}

export class WitnessStore {
  readonly #db: DatabaseSync
  readonly #all: StatementSync
  readonly #last: StatementSync
  readonly #at: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#all = db.prepare('SELECT * FROM witness ORDER BY number')
    this.#last = db.prepare(
      'SELECT height, time_s FROM cosignature WHERE witness = ? ORDER BY height DESC LIMIT 1',
    )
    this.#at = db.prepare(
      `SELECT vkey, time_s, signature FROM cosignature JOIN witness ON number = witness
       WHERE height = ? ORDER BY number LIMIT ${WITNESSES_MAX}`,
    )
  }

  /** Everyone who was ever asked, in the order in which they came. */
  all(): readonly Witness[] {
    return this.#all.all().map((row) => {
      const last = this.#last.get(row['number'] as number)
      return toWitness(row, last)
    })
  }

  /** Asks a witness from now on, at this address. Answers false when there are `WITNESSES_MAX` others. */
  ask(vkey: string, url: string): boolean {
    return inSqlTransaction(this.#db, () => {
      const sql = 'SELECT count(*) AS count FROM witness WHERE is_asked = 1 AND vkey <> ?'
      if (Number(this.#db.prepare(sql).get(vkey)?.['count']) >= WITNESSES_MAX) return false
      this.#db
        .prepare(
          `INSERT INTO witness (vkey, url, is_asked, size) VALUES (?1, ?2, 1, 0)
           ON CONFLICT (vkey) DO UPDATE SET url = ?2, is_asked = 1, problem = NULL, since_ms = NULL`,
        )
        .run(vkey, url)
      return true
    })
  }

  /** Asks it no more. What it co-signed stays. */
  unask(vkey: string): void {
    this.#db.prepare('UPDATE witness SET is_asked = 0 WHERE vkey = ?').run(vkey)
  }

  /** Keeps a co-signature whose signature was checked. */
  keep(number: number, { height, size, timeS, signature }: Cosigned, nowMs: number): void {
    inSqlTransaction(this.#db, () => {
      this.#db
        .prepare('INSERT OR REPLACE INTO cosignature VALUES (?, ?, ?, ?)')
        .run(BigInt(height), number, BigInt(timeS), signature)
      this.#db
        .prepare(
          `UPDATE witness SET size = ?, problem = NULL, since_ms = NULL, tried_ms = ?
           WHERE number = ?`,
        )
        .run(BigInt(size), BigInt(nowMs), number)
      this.#db
        .prepare(
          `DELETE FROM cosignature WHERE witness = ?1 AND height <= (
             SELECT height FROM cosignature WHERE witness = ?1
             ORDER BY height DESC LIMIT 1 OFFSET ${COSIGNATURES_KEPT})`,
        )
        .run(number)
    })
  }

  /** Notes why a witness did not co-sign. The same problem again keeps the time at which it came up. */
  fail(number: number, problem: WitnessProblem, nowMs: number): void {
    this.#db
      .prepare(
        `UPDATE witness SET
           since_ms = CASE WHEN json_extract(problem, '$.code') = ?1 THEN since_ms ELSE ?2 END,
           problem = ?3, tried_ms = ?2 WHERE number = ?4`,
      )
      .run(problem.code, BigInt(nowMs), JSON.stringify(problem), number)
  }

  /** The co-signatures over the checkpoint of a block, as lines of its note; at most `WITNESSES_MAX`. */
  cosignaturesAt(height: number): readonly NoteSignature[] {
    return this.#at.all(BigInt(height)).map((row) => {
      const key = writtenKey(String(row['vkey']))
      const bytes = cosignatureBytes(Number(row['time_s']), row['signature'] as Uint8Array)
      return { name: key.name, id: keyId(sha256, key), bytes }
    })
  }

  /** The newest block, at this height or above, whose checkpoint somebody co-signed. */
  cosignedHeight(atLeast: number): number | undefined {
    const sql = 'SELECT max(height) AS height FROM cosignature WHERE height >= ?'
    const height = this.#db.prepare(sql).get(BigInt(atLeast))?.['height']
    return typeof height === 'number' ? height : undefined
  }
}

type Row = Readonly<Record<string, unknown>>

function toWitness(row: Row, last: Row | undefined): Witness {
  const { problem, since_ms: sinceMs, tried_ms: triedMs } = row
  const vkey = String(row['vkey'])
  return {
    number: Number(row['number']),
    key: writtenKey(vkey),
    vkey,
    url: String(row['url']),
    isAsked: row['is_asked'] === 1,
    size: Number(row['size']),
    ...(last && { cosigned: { height: Number(last['height']), timeS: Number(last['time_s']) } }),
    ...(typeof problem === 'string' && {
      problem: { ...(JSON.parse(problem) as WitnessProblem), sinceMs: Number(sinceMs) },
    }),
    ...(triedMs !== null && { triedMs: Number(triedMs) }),
  }
}
