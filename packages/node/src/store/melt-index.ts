/**
 * On which days accounts may melt, on disk: so that the opening of a block looks at those alone.
 *
 * Entries are only added while they might be true for a state from which a restart would go on, and forgotten when the
 * last seal has passed their day. Who reads them looks at the account again.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type MeltDue, toUuidBytes } from '@fedow/ledger'

export class MeltIndex {
  readonly #db: DatabaseSync
  readonly #add: StatementSync
  readonly #until: StatementSync
  readonly #forget: StatementSync
  readonly #next: StatementSync
  readonly #survey: StatementSync
  readonly #surveyed: StatementSync
  /** Added outside of a SQL transaction, each once: written with the next one. */
  readonly #waiting = new Map<string, MeltDue>()
  /** Assets whose accounts are being looked at, with the record id up to which that is done. */
  readonly #surveys = new Map<string, string>()

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#add = db.prepare('INSERT OR IGNORE INTO melt_due VALUES (?, ?)')
    this.#until = db.prepare(
      `SELECT day, account FROM melt_due WHERE (day, account) >= (:day, :account)
       AND day <= :until ORDER BY day, account`,
    )
    this.#forget = db.prepare(
      `DELETE FROM melt_due WHERE (day, account) IN
       (SELECT day, account FROM melt_due WHERE day <= ? ORDER BY day, account LIMIT ?)`,
    )
    this.#next = db.prepare('SELECT min(day) AS day FROM melt_due WHERE day > ?')
    this.#survey = db.prepare('INSERT OR REPLACE INTO melt_survey VALUES (?, ?)')
    this.#surveyed = db.prepare('DELETE FROM melt_survey WHERE asset = ?')
    for (const { asset, after } of db.prepare('SELECT asset, after FROM melt_survey').iterate()) {
      this.#surveys.set(fromUuidBytes(asset as Uint8Array), String(after))
    }
  }

  add(due: MeltDue): void {
    this.#waiting.set(`${due.day}/${due.account}`, due)
    if (this.#db.isTransaction) this.#writeWaiting()
  }

  #writeWaiting(): void {
    for (const { day, account } of this.#waiting.values()) {
      this.#add.run(BigInt(day), toBytes(account))
    }
    this.#waiting.clear()
  }

  /** Entries up to a day, from one of them on, in the order (day, account). */
  *until(untilDay: number, from: MeltDue): Generator<MeltDue> {
    const account = from.account === '' ? new Uint8Array() : toBytes(from.account)
    const range = { day: BigInt(from.day), account, until: BigInt(untilDay) }
    for (const row of this.#until.iterate(range)) {
      yield { day: Number(row['day']), account: toAccount(row['account'] as Uint8Array) }
    }
  }

  /** Entries that wait to be written, up to a day. */
  waitingUntil(untilDay: number): readonly MeltDue[] {
    return [...this.#waiting.values()].filter(({ day }) => day <= untilDay)
  }

  /** The first day after another that has entries. */
  nextDay(after: number): number | undefined {
    const day = this.#next.get(BigInt(after))?.['day']
    const waiting = [...this.#waiting.values()].reduce(
      (least, one) => (one.day > after && one.day < least ? one.day : least),
      Number.POSITIVE_INFINITY,
    )
    const next = day === null || day === undefined ? waiting : Math.min(Number(day), waiting)
    return Number.isFinite(next) ? next : undefined
  }

  /** Forgets up to so many entries of days that the last seal has passed. Inside a SQL transaction. */
  forget(untilDay: number, count: number): void {
    // What replaces a forgotten entry is on disk before.
    this.#writeWaiting()
    this.#forget.run(BigInt(untilDay), BigInt(count))
  }

  /** The accounts of an asset are to be looked at, from the first one on. Inside a SQL transaction. */
  beginSurvey(asset: string): void {
    this.noteSurvey(asset, 'account/')
  }

  /** The accounts up to a record id are looked at; `undefined`: all of them. Inside a SQL transaction. */
  noteSurvey(asset: string, after: string | undefined): void {
    // A restart that finishes a survey does so outside of a SQL transaction: what it found is on disk before its end is.
    this.#writeWaiting()
    if (after === undefined) {
      this.#surveys.delete(asset)
      this.#surveyed.run(toUuidBytes(asset))
    } else {
      this.#surveys.set(asset, after)
      this.#survey.run(toUuidBytes(asset), after)
    }
  }

  /** Assets that are being looked at. */
  get surveys(): ReadonlyMap<string, string> {
    return this.#surveys
  }
}

function toBytes(account: string): Uint8Array {
  const bytes = new Uint8Array(32)
  bytes.set(toUuidBytes(account.slice(0, 36)), 0)
  bytes.set(toUuidBytes(account.slice(37)), 16)
  return bytes
}

function toAccount(bytes: Uint8Array): string {
  return `${fromUuidBytes(bytes.subarray(0, 16))}/${fromUuidBytes(bytes.subarray(16))}`
}
