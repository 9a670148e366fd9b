/**
 * The outbox of reminders, one for each wallet, due day and step:
 *
 *   waiting -> sent
 *      |-> moved, superseded, stopped, over   nothing is left to say
 *      '-> failed                             the mail server refuses it for good
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import { type AssetId, fromUuidBytes, toUuidBytes, type WalletId } from '@fedow/ledger'
import { inSqlTransaction } from './database.ts'
import type { FoundMelt } from './melts-ahead-worker.ts'
import type { ReminderStep } from './reminder-steps.ts'

export const REMINDER_STATES = [
  ...(['waiting', 'sent', 'moved', 'superseded', 'stopped', 'over', 'failed'] as const),
] as const
export type ReminderState = (typeof REMINDER_STATES)[number]

/** An asset, and how much of it melts, in minor units. */
export type ReminderPart = readonly [AssetId, bigint]

export interface Reminder {
  readonly number: number
  readonly wallet: WalletId
  /** The UTC day, from 1970, at whose first moment it melts. */
  readonly dueDay: number
  /** Days before. */
  readonly step: ReminderStep
  readonly parts: readonly ReminderPart[]
  readonly state: ReminderState
  readonly tries: number
  /** Code of what stands in its way. */
  readonly problem: string | undefined
  readonly createdMs: number
  readonly changedMs: number
  /** When it is tried next, while it waits. */
  readonly nextMs: number
}

export interface ReminderCounts {
  readonly waiting: number
  /** Refused for good by the mail server. */
  readonly failed: number
  /** Of those that wait: how many have nowhere to go. */
  readonly unaddressed: number
}

/** From the newest on, below a number. */
export interface ReminderPage {
  readonly wallet?: WalletId | undefined
  readonly state?: ReminderState | undefined
  readonly before?: number | undefined
  readonly limit: number
}

type Row = Record<string, SQLOutputValue>

export const NO_ADDRESS = 'no_address'

export class ReminderStore {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** The last day for which all accounts were looked at. */
  get lookedDay(): number | undefined {
    const day = this.#prepare('SELECT day FROM reminder_round').get()?.['day']
    return day === undefined ? undefined : Number(day)
  }

  setLookedDay(day: number): void {
    this.#prepare('INSERT OR REPLACE INTO reminder_round VALUES (1, ?)').run(BigInt(day))
  }

  /** Adds those that are not there, for persons who want them. All or none. Answers how many are new. */
  add(found: readonly FoundMelt[], nowMs: number): number {
    const insert = this.#prepare(
      `INSERT INTO reminder (wallet, due_day, step, parts, state, created_ms, changed_ms, next_ms)
       SELECT ?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?5 WHERE NOT EXISTS
         (SELECT 1 FROM reminder_choice WHERE wallet = ?1 AND stopped_ms IS NOT NULL)
       ON CONFLICT DO NOTHING`,
    )
    return inSqlTransaction(this.#db, () =>
      found.reduce((sum, { wallet, dueDay, step, parts }) => {
        const times = [BigInt(dueDay), BigInt(step), toText(parts), BigInt(nowMs)] as const
        return sum + Number(insert.run(toUuidBytes(wallet), ...times).changes)
      }, 0),
    )
  }

  /** Wallets whose reminders are to be tried, at most `limit` of them, the one that waits longest first. */
  due(nowMs: number, limit: number): readonly WalletId[] {
    const sql = `SELECT wallet FROM reminder WHERE state = 'waiting' AND next_ms <= ?
      ORDER BY next_ms, number LIMIT ?`
    const rows = this.#prepare(sql).all(BigInt(nowMs), BigInt(limit))
    return [...new Set(rows.map(({ wallet }) => fromUuidBytes(wallet as Uint8Array) as WalletId))]
  }

  /** When the next one is to be tried. */
  nextMs(): number | undefined {
    const sql = `SELECT min(next_ms) AS next_ms FROM reminder WHERE state = 'waiting'`
    const nextMs = this.#prepare(sql).get()?.['next_ms']
    return nextMs === null || nextMs === undefined ? undefined : Number(nextMs)
  }

  /** Those of a wallet that wait, by due day; of one day the closest step first. */
  waitingOf(wallet: WalletId): readonly Reminder[] {
    const sql = `SELECT * FROM reminder WHERE wallet = ? AND state = 'waiting' ORDER BY due_day, step`
    return this.#prepare(sql).all(toUuidBytes(wallet)).map(toReminder)
  }

  /** Writes what may change of some. All or none. */
  save(reminders: readonly Reminder[]): void {
    const update = this.#prepare(
      `UPDATE reminder SET parts = ?, state = ?, tries = ?, problem = ?, changed_ms = ?, next_ms = ?
       WHERE number = ?`,
    )
    inSqlTransaction(this.#db, () => {
      for (const { parts, state, tries, problem, changedMs, nextMs, number } of reminders) {
        const times = [BigInt(changedMs), BigInt(nextMs), BigInt(number)] as const
        update.run(toText(parts), state, BigInt(tries), problem ?? null, ...times)
      }
    })
  }

  page({ wallet, state, before, limit }: ReminderPage): readonly Reminder[] {
    const where = [
      ...(wallet === undefined ? [] : ['AND wallet = ?']),
      ...(state === undefined ? [] : ['AND state = ?']),
    ]
    const sql = `SELECT * FROM reminder WHERE number < ? ${where.join(' ')}
      ORDER BY number DESC LIMIT ?`
    const values = [
      ...(wallet === undefined ? [] : [toUuidBytes(wallet)]),
      ...(state === undefined ? [] : [state]),
    ]
    return this.#prepare(sql)
      .all(BigInt(before ?? Number.MAX_SAFE_INTEGER), ...values, BigInt(limit))
      .map(toReminder)
  }

  counts(): ReminderCounts {
    const sql = `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
        count(*) FILTER (WHERE state = 'failed') AS failed,
        count(*) FILTER (WHERE state = 'waiting' AND problem = '${NO_ADDRESS}') AS unaddressed
      FROM reminder WHERE state IN ('waiting', 'failed')`
    const row = this.#prepare(sql).get()
    const count = (name: string) => Number(row?.[name] ?? 0)
    return {
      waiting: count('waiting'),
      failed: count('failed'),
      unaddressed: count('unaddressed'),
    }
  }

  /** Ends some whose day has come. Answers how many. */
  endOver(today: number, nowMs: number, limit: number): number {
    const sql = `UPDATE reminder SET state = 'over', changed_ms = ? WHERE number IN
      (SELECT number FROM reminder WHERE due_day <= ? AND state = 'waiting' LIMIT ?)`
    const { changes } = this.#prepare(sql).run(BigInt(nowMs), BigInt(today), BigInt(limit))
    return Number(changes)
  }

  /** Erases some of those that were due before a day. Answers how many. */
  erase(beforeDay: number, limit: number): number {
    const sql = `DELETE FROM reminder WHERE number IN
      (SELECT number FROM reminder WHERE due_day < ? LIMIT ?)`
    return Number(this.#prepare(sql).run(BigInt(beforeDay), BigInt(limit)).changes)
  }

  /** Those of a wallet that wait are not sent any more. */
  stop(wallet: WalletId, nowMs: number): void {
    const sql = `UPDATE reminder SET state = 'stopped', changed_ms = ?
      WHERE wallet = ? AND state = 'waiting'`
    this.#prepare(sql).run(BigInt(nowMs), toUuidBytes(wallet))
  }

  /** Tries those of a wallet again that failed or had nowhere to go: there is another address. */
  retry(wallet: WalletId, nowMs: number): void {
    const sql = `UPDATE reminder SET state = 'waiting', tries = 0, problem = NULL,
        changed_ms = ?1, next_ms = ?1 WHERE wallet = ?2 AND state IN ('waiting', 'failed')`
    this.#prepare(sql).run(BigInt(nowMs), toUuidBytes(wallet))
  }

  /** Erases all of a wallet. */
  forget(wallet: WalletId): void {
    this.#prepare('DELETE FROM reminder WHERE wallet = ?').run(toUuidBytes(wallet))
  }
}

function toText(parts: readonly ReminderPart[]): string {
  return JSON.stringify(parts.map(([asset, amount]) => [asset, String(amount)]))
}

function toReminder(row: Row): Reminder {
  const parts = JSON.parse(String(row['parts'])) as readonly (readonly [AssetId, string])[]
  return {
    number: Number(row['number']),
    wallet: fromUuidBytes(row['wallet'] as Uint8Array) as WalletId,
    dueDay: Number(row['due_day']),
    step: Number(row['step']) as ReminderStep,
    parts: parts.map(([asset, amount]) => [asset, BigInt(amount)]),
    state: row['state'] as ReminderState,
    tries: Number(row['tries']),
    problem: (row['problem'] as string | null) ?? undefined,
    createdMs: Number(row['created_ms']),
    changedMs: Number(row['changed_ms']),
    nextMs: Number(row['next_ms']),
  }
}
