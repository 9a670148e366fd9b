/**
 * Which melts are due: the entries on disk, and the accounts that changed since they were written. Every answer is looked
 * at in the state as it is, so entries may be out of date, and are never missing.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Asset,
  assert,
  DAY_MS,
  dayFrom,
  inMeltOrder,
  type MeltDue,
  meltDayOf,
  type StateReader,
} from '@fedow/ledger'
import { MeltIndex } from './melt-index.ts'

/** What a seal changes here. */
export interface Sealed {
  readonly height: number
  readonly settledDay: number
  readonly assets: Iterable<readonly [string, Asset | null]>
}

/** Records that one step of a survey looks at, and entries that one seal forgets. */
const STEP = 256

const START: MeltDue = { day: -1, account: '' }

/** Accounts that changed in a block that is closed. */
interface Closed {
  readonly height: number
  readonly accounts: Iterable<string>
}

export interface MeltViews {
  /** The state as it is. */
  readonly now: StateReader
  /** The state as of the last seal. */
  readonly sealed: StateReader
  /** Accounts that changed in the running block. */
  readonly running: () => Iterable<string>
  /** Accounts that changed since the last seal. */
  readonly changed: () => Iterable<string>
  /** Assets that changed since the last seal. */
  readonly changedAssets: () => Iterable<string>
}

export class MeltWatch {
  readonly #views: MeltViews
  readonly #index: MeltIndex
  readonly #accounts: StatementSync
  /** Before this entry none on disk is due any more. */
  #from = START
  /** Closed blocks that are not sealed, and whose accounts have no entries yet. */
  #closed: readonly Closed[] = []
  /** Nothing is due at or before this day any more. */
  #settledDay = -1

  constructor(db: DatabaseSync, views: MeltViews) {
    this.#views = views
    this.#index = new MeltIndex(db)
    this.#accounts = db.prepare(
      `SELECT id FROM record WHERE id > ? AND id < 'account0' ORDER BY id LIMIT ${STEP}`,
    )
  }

  get settledDay(): number {
    return this.#settledDay
  }

  /** As `State.meltsDue`. */
  due(untilDay: number, max: number): readonly MeltDue[] {
    if (untilDay <= this.#settledDay) return []
    for (const asset of this.#index.surveys.keys()) this.#finishInTime(asset, untilDay)
    const due = new Map<string, MeltDue>()
    for (const { accounts } of this.#closed) this.#note(accounts)
    this.#closed = []
    // The running block gives its accounts their entries when it closes.
    const running = new Set(this.#views.running())
    for (const account of running) this.#look(account, untilDay, due)
    for (const asset of this.#views.changedAssets()) this.#lookAtAll(asset, untilDay, due)
    for (const { account } of this.#index.waitingUntil(untilDay))
      this.#lookAgain(account, untilDay, due)
    let first: MeltDue | undefined
    let found = 0
    for (const entry of this.#index.until(untilDay, this.#from)) {
      if (running.has(entry.account) && !due.has(entry.account)) continue
      if (this.#lookAgain(entry.account, untilDay, due)?.day !== entry.day) continue
      first ??= entry
      found += 1
      if (found >= max) break
    }
    if (first !== undefined) this.#from = first
    if (due.size === 0) this.#settledDay = untilDay
    return inMeltOrder([...due.values()]).slice(0, max)
  }

  /** A block closed, in which these accounts changed. */
  closed(height: number, accounts: Iterable<string>): void {
    this.#closed = [...this.#closed, { height, accounts }]
  }

  /** Gives every account of a closed block its entry, once: from then on it is found as those on disk are. */
  #note(accounts: Iterable<string>): void {
    for (const account of accounts) {
      const day = meltDayOf(this.#views.now, account)
      if (day !== undefined) this.#enter({ account, day })
    }
  }

  /** A new entry is found also when it comes before those that were found due. */
  #enter(entry: MeltDue): void {
    this.#index.add(entry)
    if (isBefore(entry, this.#from)) this.#from = entry
  }

  /**
   * Looks at every account of an asset whose new policy is in force already and not sealed yet: a start long after a kill
   * opens a block before there is a survey.
   */
  #lookAtAll(asset: string, untilDay: number, due: Map<string, MeltDue>): void {
    const known = this.#views.sealed.get('asset', asset)?.policies.length
    const policies = this.#views.now.get('asset', asset)?.policies ?? []
    if (!isLate(policies.slice(known), untilDay)) return
    // Those that changed before the policy have no entries from then.
    for (const account of this.#views.changed()) {
      if (account.endsWith(asset)) this.#look(account, untilDay, due)
    }
    // Of an asset that is not sealed, nobody else has any.
    if (known === undefined) return
    for (let after = 'account/'; ; ) {
      const ids = this.#accounts.all(after).map(({ id }) => String(id))
      for (const id of ids) if (id.endsWith(asset)) this.#look(id.slice(8), untilDay, due)
      const last = ids.at(-1)
      if (last === undefined) return
      after = last
    }
  }

  /** Where an account stands now. */
  #look(account: string, untilDay: number, due: Map<string, MeltDue>): MeltDue | undefined {
    const known = due.get(account)
    if (known !== undefined) return known
    const day = meltDayOf(this.#views.now, account)
    if (day === undefined) return undefined
    const actual = { account, day }
    if (day <= untilDay) due.set(account, actual)
    return actual
  }

  /** The same for an account with an entry; what is put off gets that of its later day. */
  #lookAgain(account: string, untilDay: number, due: Map<string, MeltDue>): MeltDue | undefined {
    const actual = this.#look(account, untilDay, due)
    if (actual !== undefined && actual.day > untilDay) this.#index.add(actual)
    return actual
  }

  /** When something may melt next, in milliseconds. */
  nextDueMs(): number | undefined {
    const day = this.#index.nextDay(this.#settledDay)
    return day === undefined ? undefined : day * DAY_MS
  }

  /** The record of an account is being written, as it was in a state. */
  written(state: StateReader, account: string): void {
    const asset = state.get('asset', account.slice(37))
    if (asset === undefined || !melts(asset)) return
    const day = meltDayOf(state, account)
    if (day !== undefined) this.#enter({ account, day })
  }

  /** A block is sealed at whose closing everything up to a day had melted: its accounts are written, so they have their entries. Inside its SQL transaction. */
  sealed({ height, settledDay, assets }: Sealed): void {
    this.#closed = this.#closed.filter((one) => one.height > height)
    for (const [id, asset] of assets)
      if (asset !== null && melts(asset)) this.#index.beginSurvey(id)
    this.#index.forget(settledDay, STEP)
  }

  /** True while accounts of an asset with a new policy are to be looked at. */
  get isSurveying(): boolean {
    return this.#index.surveys.size > 0
  }

  /** Looks at the next accounts of an asset with a new policy. Inside a SQL transaction. */
  survey(): void {
    const [next] = this.#index.surveys
    if (next !== undefined) this.#surveyStep(...next)
  }

  #surveyStep(asset: string, after: string): void {
    const ids = this.#accounts.all(after).map(({ id }) => String(id))
    for (const id of ids) {
      const account = id.slice('account/'.length)
      if (account.endsWith(asset)) this.written(this.#views.sealed, account)
    }
    this.#index.noteSurvey(asset, ids.length < STEP ? undefined : ids.at(-1))
  }

  /** A survey that is late is finished at once: something may be due by the new policy. */
  #finishInTime(asset: string, untilDay: number): void {
    const policies = this.#views.sealed.get('asset', asset)?.policies
    assert(policies !== undefined, 'a surveyed asset exists')
    if (!isLate(policies, untilDay)) return
    for (let after = this.#index.surveys.get(asset); after !== undefined; ) {
      this.#surveyStep(asset, after)
      after = this.#index.surveys.get(asset)
    }
  }
}

function isBefore(a: MeltDue, b: MeltDue): boolean {
  return a.day < b.day || (a.day === b.day && a.account < b.account)
}

/** True when money melts by one of some versions of a policy by a day. */
function isLate(policies: Asset['policies'], untilDay: number): boolean {
  return policies.some(({ demurrage, fromMs }) => demurrage && dayFrom(fromMs) <= untilDay)
}

function melts({ policies }: Asset): boolean {
  return policies.some(({ demurrage }) => demurrage !== undefined)
}
