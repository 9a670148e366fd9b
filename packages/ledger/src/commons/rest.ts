/** What an account remembers of its sleep whenever a line changes it. Source: docs/spec/demurrage.md, "Schedule". */
import type { Account, Wallet } from '../records.ts'
import type { Policy } from '../registry/policy.ts'
import { dayOf } from './calendar.ts'
import { countsAge, isSleeper, meltedUntil, type Sleeper } from './melting.ts'

/** One account before and after a line. */
export interface Changed {
  readonly before: Account
  readonly after: Account
  readonly wallet: Wallet
  readonly policies: readonly Policy[]
  readonly timeMs: number
  /** An opening brings what was there before: it is no money that comes. */
  readonly isOpening?: boolean | undefined
  /** The account that a fusion empties, before it: money brings along its age, and when its last period was over. */
  readonly arrived?: Account | undefined
  /** The period that a melt has just ended. */
  readonly meltedDay?: number | undefined
}

/** The account with its anchors, for assets and wallets in which money can melt; else as it is. */
export function withAnchors(changed: Changed): Account {
  const { before, after, wallet, policies, timeMs, meltedDay, isOpening } = changed
  if (!isSleeper(policies, wallet.kind)) return after
  const day = dayOf(timeMs)
  const ageMs = countsAge(policies) ? ageOf(changed) : undefined
  const isNew = before.balance <= 0n && after.balance > 0n && isOpening !== true
  const anchored = {
    ...after,
    ...(isNew && { sinceDay: day }),
    ...(ageMs !== undefined && { ageMs }),
  }
  if (meltedDay !== undefined) return { ...anchored, meltedDay }
  const account = withEnd(anchored, overBefore(changed, day))
  return withOver({ account, wallet, policies }, day)
}

/**
 * The account at a new rest, on a day: what was due has melted before, so what would be due by this rest as well is over
 * without a melt.
 */
export function withOver(sleeper: Sleeper, day: number): Account {
  return withEnd(sleeper.account, meltedUntil(sleeper, day))
}

function withEnd({ meltedDay: _, ...account }: Account, meltedDay: number | undefined): Account {
  return meltedDay === undefined ? account : { ...account, meltedDay }
}

/** The end of the last period that was over. Where nothing was, none ran: periods go on as they did where it comes from. */
function overBefore(
  { before, wallet, policies, arrived }: Changed,
  day: number,
): number | undefined {
  if (before.balance > 0n) return meltedUntil({ account: before, wallet, policies }, day)
  return (arrived ?? before).meltedDay
}

/**
 * Weighted by amounts; what goes out has the age of what stays. Rounding: up, so that money is never older than it is.
 * Units: milliseconds. `undefined` while nothing has come in since somebody counts: the moment at which such money melts
 * by other terms, which is that of a block, says nothing of its age.
 */
function ageOf({ before, after, timeMs, arrived }: Changed): number | undefined {
  const arrivedMs = arrived?.ageMs ?? timeMs
  const added = after.balance - before.balance
  if (added <= 0n) return before.ageMs
  if (before.balance <= 0n) return arrivedMs
  const { ageMs = timeMs } = before
  const sum = before.balance * BigInt(ageMs) + added * BigInt(arrivedMs)
  return Number((sum + after.balance - 1n) / after.balance)
}
