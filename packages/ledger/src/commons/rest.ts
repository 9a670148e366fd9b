/** What an account remembers of its sleep whenever a line changes it. Source: docs/spec/demurrage.md, "Anchors". */
import type { Account, Wallet } from '../records.ts'
import type { Policy } from '../registry/policy.ts'
import { dayOf } from './calendar.ts'
import { countsAge, isSleeper, meltedUntil } from './melting.ts'

/** One account before and after a line. */
export interface Changed {
  readonly before: Account
  readonly after: Account
  readonly wallet: Wallet
  readonly policies: readonly Policy[]
  readonly timeMs: number
  /** An opening brings what was there before: it is no money that comes. */
  readonly isOpening?: boolean | undefined
  /** The mean time since which money that comes in was where it comes from: a fusion brings its age along. */
  readonly arrivedMs?: number | undefined
  /** The period that a melt has just ended. */
  readonly meltedDay?: number | undefined
}

/** The account with its anchors, for assets and wallets in which money can melt; else as it is. */
export function withAnchors(changed: Changed): Account {
  const { before, after, wallet, policies, timeMs, meltedDay, isOpening } = changed
  if (!isSleeper(policies, wallet.kind)) return after
  const day = dayOf(timeMs)
  const rest = meltedDay ?? meltedUntil({ account: before, wallet, policies }, day)
  const ageMs = countsAge(policies) ? ageOf(changed) : undefined
  const isNew = before.balance <= 0n && after.balance > 0n && isOpening !== true
  return {
    ...after,
    ...(isNew && { sinceDay: day }),
    ...(rest !== undefined && { meltedDay: rest }),
    ...(ageMs !== undefined && { ageMs }),
  }
}

/**
 * Weighted by amounts; what goes out has the age of what stays. Rounding: up, so that money is never older than it is.
 * Units: milliseconds. `undefined` while nothing has come in since somebody counts: the moment at which such money melts
 * by other terms, which is that of a block, says nothing of its age.
 */
function ageOf({ before, after, timeMs, arrivedMs }: Changed): number | undefined {
  const added = after.balance - before.balance
  if (added <= 0n) return before.ageMs
  if (before.balance <= 0n) return arrivedMs ?? timeMs
  const { ageMs = timeMs } = before
  const sum = before.balance * BigInt(ageMs) + added * BigInt(arrivedMs ?? timeMs)
  return Number((sum + after.balance - 1n) / after.balance)
}
