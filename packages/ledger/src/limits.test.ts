import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Amount } from './amount.ts'
import { type Counter, countIn, countUse, DAY_MS, HOUR_MS, type Window } from './limits.ts'
import { Refusal, type Rejection } from './rejection.ts'

const DAY: Window = { limit: 'card_day', most: 100n as Amount, lengthMs: DAY_MS }
const NOON = 1_700_000_000_000 - (1_700_000_000_000 % DAY_MS) + DAY_MS / 2

describe('a window', () => {
  it('lets through what it has left, to the unit, and says when it turns', () => {
    const first = countIn(DAY, undefined, { amount: 60n, timeMs: NOON })
    const second = countIn(DAY, first, { amount: 40n, timeMs: NOON + 1 })
    expect(second.used).toBe(100n)
    expect(refusal(() => countIn(DAY, first, { amount: 41n, timeMs: NOON }))).toEqual({
      code: 'limit_exceeded',
      limit: 'card_day',
      left: 40n,
      untilMs: NOON + DAY_MS / 2,
    })
  })

  it('turns at its start: one millisecond before is the old one', () => {
    const turnMs = NOON + DAY_MS / 2
    const full = countIn(DAY, undefined, { amount: 100n, timeMs: NOON })
    const use = { amount: 1n, timeMs: turnMs - 1 }
    expect(refusal(() => countIn(DAY, full, use))).toBeDefined()
    expect(countIn(DAY, full, { amount: 1n, timeMs: turnMs }).used).toBe(1n)
  })

  it('starts its day where the policy says', () => {
    const startMs = 6 * HOUR_MS
    const window = { ...DAY, startMs }
    const midnight = NOON - DAY_MS / 2
    const full = countIn(window, undefined, { amount: 100n, timeMs: midnight })
    const early = { amount: 1n, timeMs: midnight + startMs - 1 }
    expect(refusal(() => countIn(window, full, early))).toMatchObject({
      untilMs: midnight + startMs,
    })
    expect(countIn(window, full, { amount: 1n, timeMs: midnight + startMs }).used).toBe(1n)
  })

  it('lets nothing but zero through a limit of zero', () => {
    const none = { ...DAY, most: 0n as Amount }
    expect(countIn(none, undefined, { amount: 0n, timeMs: NOON }).used).toBe(0n)
    expect(refusal(() => countIn(none, undefined, { amount: 1n, timeMs: NOON }))).toMatchObject({
      left: 0n,
    })
  })

  it('has nothing left, not less, when the limit was lowered under what was used', () => {
    const used = countIn(DAY, undefined, { amount: 90n, timeMs: NOON })
    const lower = { ...DAY, most: 50n as Amount }
    expect(refusal(() => countIn(lower, used, { amount: 1n, timeMs: NOON }))).toMatchObject({
      left: 0n,
    })
  })

  it('never lets more through in one window than its limit', () => {
    const use = fc.record({ amount: fc.bigInt(0n, 60n), afterMs: fc.nat(DAY_MS / 2) })
    fc.assert(
      fc.property(fc.array(use), fc.nat(1_439), (uses, startMinutes) => {
        const window = { ...DAY, startMs: startMinutes * 60_000 }
        const taken = new Map<number, bigint>()
        let counter: Counter | undefined
        let timeMs = NOON
        for (const { amount, afterMs } of uses) {
          timeMs += afterMs
          const at = timeMs
          const before = counter
          if (refusal(() => (counter = countIn(window, before, { amount, timeMs: at })))) continue
          const day = (timeMs - window.startMs - ((timeMs - window.startMs) % DAY_MS)) / DAY_MS
          taken.set(day, (taken.get(day) ?? 0n) + amount)
        }
        for (const total of taken.values()) expect(total <= 100n).toBe(true)
      }),
    )
  })
})

describe('the limits of a key', () => {
  const limits = { perSale: 50n, perHour: 80n, perDay: 100n } as {
    perSale: Amount
    perHour: Amount
    perDay: Amount
  }

  it('count an hour and a day side by side', () => {
    const first = countUse(limits, undefined, { amount: 50n, timeMs: NOON })
    expect(limitOf(() => countUse(limits, first, { amount: 31n, timeMs: NOON }))).toBe('key_hour')
    const second = countUse(limits, first, { amount: 50n, timeMs: NOON + HOUR_MS })
    expect(second).toMatchObject({ hour: { used: 50n }, day: { used: 100n } })
    const later = { amount: 1n, timeMs: NOON + 2 * HOUR_MS }
    expect(limitOf(() => countUse(limits, second, later))).toBe('key_day')
  })

  it('bound one sale alone, without a counter', () => {
    const { perSale } = limits
    expect(countUse({ perSale }, undefined, { amount: 50n, timeMs: NOON })).toBeUndefined()
    const use = { amount: 51n, timeMs: NOON }
    expect(limitOf(() => countUse({ perSale }, undefined, use))).toBe('key_sale')
  })

  it('may be absent altogether', () => {
    expect(countUse({}, undefined, { amount: 2n ** 60n, timeMs: NOON })).toBeUndefined()
  })
})

function limitOf(count: () => unknown): string | undefined {
  const rejection = refusal(count)
  return rejection?.code === 'limit_exceeded' ? rejection.limit : undefined
}

function refusal(count: () => unknown): Rejection | undefined {
  try {
    count()
    return undefined
  } catch (cause) {
    if (cause instanceof Refusal) return cause.rejection
    throw cause
  }
}
