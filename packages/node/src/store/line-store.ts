/** Until when an account at a provider was read, and the lines of it that the book cannot take yet. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Migration } from './database.ts'
import type { ProviderName } from './payment-store.ts'

export const LINE_MIGRATION: Migration = {
  name: 'lines of accounts at providers',
  sql: `
CREATE TABLE provider_lines (
  provider TEXT PRIMARY KEY CHECK (provider IN ('stripe', 'sandbox')),
  until_ms INTEGER NOT NULL      -- each line before has been read
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting_line (
  number     INTEGER PRIMARY KEY,
  reference  TEXT NOT NULL UNIQUE,   -- at the provider: the line
  provider   TEXT NOT NULL CHECK (provider IN ('stripe', 'sandbox')),
  kind       TEXT NOT NULL CHECK (kind IN ('refund', 'refund_failed', 'reversed')),
  source     TEXT NOT NULL,          -- the refund, or the reversal
  about      TEXT NOT NULL,          -- the payment, or the transfer
  amount     INTEGER NOT NULL,       -- cents before the fee; below zero: it left
  fee        INTEGER NOT NULL,
  rejections INTEGER NOT NULL,       -- txs that the book refused
  tries      INTEGER NOT NULL,
  problem    TEXT,
  next_ms    INTEGER                 -- when to look again; null: it is over
) STRICT;
CREATE INDEX waiting_line_next ON waiting_line (next_ms) WHERE next_ms IS NOT NULL;

-- Of a refund that nobody here asked for, the first part burns its own reference: a hand may not book it again.
ALTER TABLE due_move ADD COLUMN is_plain INTEGER NOT NULL DEFAULT 0 CHECK (is_plain IN (0, 1));
`,
}

export type WaitingKind = 'refund' | 'refund_failed' | 'reversed'

/** A line of the account that the book has to answer. Amounts in cents. */
export interface WaitingLine {
  readonly reference: string
  readonly provider: ProviderName
  readonly kind: WaitingKind
  readonly source: string
  readonly about: string
  readonly amount: bigint
  readonly fee: bigint
  readonly rejections: number
  readonly tries: number
  readonly problem: string | undefined
  /** When to look again; undefined: it is over. */
  readonly nextMs: number | undefined
}

export class LineStore {
  readonly #until: StatementSync
  readonly #setUntil: StatementSync
  readonly #put: StatementSync
  readonly #find: StatementSync
  readonly #due: StatementSync
  readonly #counts: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#until = prepare('SELECT until_ms FROM provider_lines WHERE provider = ?')
    this.#setUntil = prepare('INSERT OR REPLACE INTO provider_lines VALUES (?, ?)')
    this.#put = prepare(
      `INSERT INTO waiting_line (reference, provider, kind, source, about, amount, fee, rejections, tries, problem,
         next_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
       ON CONFLICT (reference) DO UPDATE SET rejections = ?8, tries = ?9, problem = ?10, next_ms = ?11`,
    )
    this.#find = prepare('SELECT * FROM waiting_line WHERE reference = ?')
    this.#due = prepare('SELECT * FROM waiting_line WHERE next_ms <= ? ORDER BY number')
    this.#counts = prepare('SELECT count(*) AS count FROM waiting_line WHERE next_ms IS NOT NULL')
  }

  /** In milliseconds since 1970; undefined: nothing was read yet. */
  untilMs(provider: ProviderName): number | undefined {
    const until = this.#until.get(provider)?.['until_ms']
    return typeof until === 'bigint' ? Number(until) : undefined
  }

  setUntilMs(provider: ProviderName, untilMs: number): void {
    this.#setUntil.run(provider, BigInt(untilMs))
  }

  /** Durable when it returns. */
  save(line: WaitingLine): WaitingLine {
    const { reference, provider, kind, source, about, amount, fee, problem, nextMs } = line
    this.#put.run(
      ...[reference, provider, kind, source, about, amount, fee],
      ...[BigInt(line.rejections), BigInt(line.tries), problem ?? null],
      nextMs === undefined ? null : BigInt(nextMs),
    )
    return line
  }

  find(reference: string): WaitingLine | undefined {
    const row = this.#find.get(reference)
    return row === undefined ? undefined : toWaiting(row)
  }

  /** Oldest first. */
  due(nowMs: number): readonly WaitingLine[] {
    return this.#due.all(BigInt(nowMs)).map(toWaiting)
  }

  /** How many the book has not answered. */
  waiting(): number {
    return Number(this.#counts.get()?.['count'] ?? 0n)
  }
}

function toWaiting(row: Record<string, SQLOutputValue>): WaitingLine {
  const next = row['next_ms']
  return {
    reference: String(row['reference']),
    provider: row['provider'] as ProviderName,
    kind: row['kind'] as WaitingKind,
    source: String(row['source']),
    about: String(row['about']),
    amount: row['amount'] as bigint,
    fee: row['fee'] as bigint,
    rejections: Number(row['rejections']),
    tries: Number(row['tries']),
    problem: (row['problem'] ?? undefined) as string | undefined,
    nextMs: typeof next === 'bigint' ? Number(next) : undefined,
  }
}
