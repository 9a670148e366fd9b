import { type Amount, ZERO } from './amount.ts'
import { demand, type LimitName } from './rejection.ts'
import { amount, integer, type Of, object, optional, timeMs } from './shape.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** What bounds a key, a grant or a till. Amounts of all assets count together, in minor units. */
export const limits = object({
  perSale: optional(amount),
  perHour: optional(amount),
  perDay: optional(amount),
  untilMs: optional(timeMs),
})
export type Limits = Of<typeof limits>

export const counter = object({ window: integer({ min: 0, max: 100_000_000 }), used: amount })
export type Counter = Of<typeof counter>

/** Counters of the running windows, overwritten when a window turns: nothing to prune. */
export const spent = object({ hour: optional(counter), day: optional(counter) })
export type Spent = Of<typeof spent>

/** A limited window: how much it lets through, how long it lasts, when it starts. */
export interface Window {
  readonly limit: LimitName
  readonly most: Amount
  readonly lengthMs: number
  /** Shifts the start of the window, for days that do not begin at midnight UTC. */
  readonly startMs?: number
}

/**
 * The counter of a window after `amount` more.
 *
 * Units: minor units. Rejects with: limit_exceeded, with what is left and when the window turns.
 * Source: docs/spec/keys.md, "Limits".
 */
export function countIn(
  { limit, most, lengthMs, startMs = 0 }: Window,
  counter: Counter | undefined,
  use: { readonly amount: bigint; readonly timeMs: number },
): Counter {
  const window = (use.timeMs - startMs - ((use.timeMs - startMs) % lengthMs)) / lengthMs
  const used = counter?.window === window ? counter.used : ZERO
  demand(used + use.amount <= most, () => ({
    code: 'limit_exceeded',
    limit,
    left: most > used ? most - used : 0n,
    untilMs: (window + 1) * lengthMs + startMs,
  }))
  return { window, used: (used + use.amount) as Amount }
}

/**
 * The counters of a key, grant or till after one use; `undefined` when no window is limited.
 *
 * Rejects with: limit_exceeded (key_sale, key_hour, key_day).
 */
export function countUse(
  limits: Limits,
  spent: Spent | undefined,
  use: { readonly amount: bigint; readonly timeMs: number },
): Spent | undefined {
  const { perSale, perHour, perDay } = limits
  demand(perSale === undefined || use.amount <= perSale, () => ({
    code: 'limit_exceeded',
    limit: 'key_sale',
    left: perSale ?? 0n,
  }))
  if (perHour === undefined && perDay === undefined) return undefined
  const hour =
    perHour !== undefined &&
    countIn({ limit: 'key_hour', most: perHour, lengthMs: HOUR_MS }, spent?.hour, use)
  const day =
    perDay !== undefined &&
    countIn({ limit: 'key_day', most: perDay, lengthMs: DAY_MS }, spent?.day, use)
  return { ...(hour && { hour }), ...(day && { day }) }
}
