/**
 * When and how much an account melts: one function for the book, for the schedule that a holder sees before, and for
 * simulations. Source: docs/spec/demurrage.md, "Schedule".
 *
 *   last gesture | day after it ... grace ... | period | period | period |
 *                                             begin    due      due      due
 */
import type { Amount } from '../amount.ts'
import type { Account, Wallet } from '../records.ts'
import type { Policy } from '../registry/policy.ts'
import { addMonths, dayFrom, quotient } from './calendar.ts'
import { type Demurrage, type MeltPeriod, PPM } from './demurrage.ts'

/** Days for which a policy is public before money melts by it. */
export const NOTICE_DAYS = 90

/** What of a version of a policy melting is about. */
export type MeltTerms = Pick<Policy, 'version' | 'fromMs' | 'demurrage'>

/** One account as melting sees it. */
export interface Sleeper {
  readonly account: Account
  readonly wallet: Pick<Wallet, 'kind' | 'activeDay' | 'keptUntilDay'>
  readonly policies: readonly MeltTerms[]
}

/** What melts at the end of one period. */
export interface Melt {
  /** Version of the policy in force when the period began, which rules it to its end. */
  readonly version: number
  /** First day of the rest, from which the grace counts; absent when all of it melts on one day. */
  readonly restDay?: number
  /** First day of the period. */
  readonly beginDay: number
  /** The day at whose first moment it melts. */
  readonly dueDay: number
  readonly balance: bigint
  readonly held: Amount
  /** Minor units, more than zero. Rounding: down, in the holder's favour. */
  readonly amount: Amount
}

/** True when money of an asset melts in wallets of a kind by any version of its policy, also one only announced. */
export function isSleeper(policies: readonly MeltTerms[], kind: Wallet['kind']): boolean {
  return policies.some(({ demurrage }) => demurrage !== undefined && !isExempt(demurrage, kind))
}

/** True when the age of its money counts by any version. */
export function countsAge(policies: readonly MeltTerms[]): boolean {
  return policies.some(({ demurrage }) => demurrage?.basis === 'age')
}

/** The next part that melts if nobody makes a gesture; `undefined` for none. It may be due already. */
export function nextMelt(sleeper: Sleeper): Melt | undefined {
  const { account } = sleeper
  if (account.balance - account.held <= 0n) return undefined
  let meltedDay = account.meltedDay ?? 0
  for (const era of eras(sleeper)) {
    const { version, terms, untilDay } = era
    const amount = meltOf(terms, account)
    const step = stepOf(era, sleeper, meltedDay)
    if (step === undefined) continue
    if (amount > 0n) {
      const { balance, held } = account
      return { version, ...step, balance, held, amount: amount as Amount }
    }
    if (untilDay === Number.POSITIVE_INFINITY) return undefined
    meltedDay = firstBoundary(era, step, untilDay)
  }
  return undefined
}

/** All that melts up to a day if nobody makes a gesture, in order. */
export function* meltsUntil(sleeper: Sleeper, untilDay: number): Generator<Melt, void> {
  let { account } = sleeper
  for (;;) {
    const melt = nextMelt({ ...sleeper, account })
    if (melt === undefined || melt.dueDay > untilDay) return
    yield melt
    account = afterMelt(account, melt)
  }
}

/** The account once a part has melted. */
export function afterMelt(account: Account, { amount, dueDay }: Melt): Account {
  return { ...account, balance: account.balance - amount, meltedDay: dueDay }
}

/**
 * The end of the last period that was over on a day, when what is due has melted: from there the next one runs, however
 * the balance changes today. `undefined` while the first has not ended.
 */
export function meltedUntil(sleeper: Sleeper, day: number): number | undefined {
  let { meltedDay } = sleeper.account
  for (const era of eras(sleeper)) {
    const step = stepOf(era, sleeper, meltedDay ?? 0)
    if (step === undefined) continue
    if (step.dueDay > day) return meltedDay
    const boundary = firstBoundary(era, step, era.untilDay)
    if (boundary > day) return lastBoundary(era, step, day)
    meltedDay = boundary
  }
  return meltedDay
}

/** A version of a policy that makes money melt, and the days in which its periods begin. */
interface Era {
  readonly version: number
  readonly terms: Demurrage
  readonly fromDay: number
  readonly untilDay: number
}

function* eras({ policies, wallet }: Sleeper): Generator<Era, void> {
  const [first] = policies
  const publicDay = first?.demurrage === undefined ? 0 : dayFrom(first.fromMs) + NOTICE_DAYS
  for (const [index, { version, fromMs, demurrage: terms }] of policies.entries()) {
    if (terms === undefined || isExempt(terms, wallet.kind)) continue
    const next = policies[index + 1]
    const untilDay = next === undefined ? Number.POSITIVE_INFINITY : dayFrom(next.fromMs)
    yield { version, terms, fromDay: later(dayFrom(fromMs), publicDay), untilDay }
  }
}

function isExempt({ exempt }: Demurrage, kind: Wallet['kind']): boolean {
  if (kind === 'keeper' || kind === 'issuance' || kind === 'reserve' || kind === 'pool') return true
  return exempt.includes(kind)
}

interface Step {
  readonly restDay?: number
  readonly beginDay: number
  readonly dueDay: number
}

/** The first period that begins in an era, after what has melted before; `undefined` when none does. */
function stepOf(
  { terms, fromDay, untilDay }: Era,
  { account, wallet }: Sleeper,
  meltedDay: number,
): Step | undefined {
  const { form, basis, graceDays, period } = terms
  const keptDay = later(fromDay, wallet.keptUntilDay ?? 0)
  if ('allDay' in form) {
    const dueDay = later(form.allDay, keptDay)
    const isOver = meltedDay >= dueDay || dueDay >= untilDay
    return isOver ? undefined : { beginDay: fromDay, dueDay }
  }
  // What never moved since before anybody counted sleeps from the day on which the version began.
  const restDay = (basis === 'age' ? ageDay(account) : sleepDay(account, wallet)) ?? fromDay
  const beginDay = later(later(restDay + graceDays, keptDay), meltedDay)
  if (beginDay >= untilDay) return undefined
  return { restDay, beginDay, dueDay: addPeriod(beginDay, period) }
}

/** The day after its holder's last gesture, or after money came where there was none. */
function sleepDay(account: Account, { activeDay }: Pick<Wallet, 'activeDay'>): number | undefined {
  const { sinceDay } = account
  if (activeDay === undefined && sinceDay === undefined) return undefined
  return later(activeDay ?? 0, sinceDay ?? 0) + 1
}

function ageDay({ ageMs }: Account): number | undefined {
  return ageMs === undefined ? undefined : dayFrom(ageMs)
}

/** What one period takes of a balance: never what is held, never below the floor. Rounding: down. */
export function meltOf({ form, floor }: Demurrage, { balance, held }: Account): bigint {
  const awake = balance - held
  const most = awake - floor
  if (most <= 0n) return 0n
  if ('allDay' in form) return most
  const wanted = 'ppm' in form ? (awake * BigInt(form.ppm)) / PPM : form.fixed
  return wanted < most ? wanted : most
}

/** The first end of a period, of those that begin one after the other, at or after a day. */
function firstBoundary({ terms }: Era, { dueDay }: Step, day: number): number {
  if ('allDay' in terms.form || dueDay >= day) return dueDay
  const { period } = terms
  if (day === Number.POSITIVE_INFINITY) return day
  if ('days' in period)
    return dueDay + quotient(day - dueDay + period.days - 1, period.days) * period.days
  let boundary = dueDay
  while (boundary < day) boundary = addPeriod(boundary, period)
  return boundary
}

/** The last end of a period at or before a day, which is not before the first one. */
function lastBoundary({ terms }: Era, { dueDay }: Step, day: number): number {
  const { period } = terms
  if ('days' in period) return day - ((day - dueDay) % period.days)
  let boundary = dueDay
  for (let next = boundary; next <= day; next = addPeriod(next, period)) boundary = next
  return boundary
}

/** The end of a period that begins on a day. */
export function addPeriod(day: number, period: MeltPeriod): number {
  return 'months' in period ? addMonths(day, period.months) : day + period.days
}

function later(a: number, b: number): number {
  return a > b ? a : b
}
