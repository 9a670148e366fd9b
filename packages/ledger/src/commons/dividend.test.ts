import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AMOUNT_MAX, type Amount } from '../amount.ts'
import { DAY_MS, HOUR_MS } from '../limits.ts'
import type { Refusal } from '../rejection.ts'
import { Malformed } from '../shape.ts'
import { advance, type Dividend, dividendValue, newDividend, nextUd } from './dividend.ts'
import {
  type AskedDividend,
  askedDividend,
  type DividendTerms,
  G1_V1,
  G1_V2,
  toDividendStart,
} from './dividend-terms.ts'

const HALF_YEAR_MS = 15_778_800_000

describe('the published figures', () => {
  const one = { first: 100n as Amount, periodS: 3_600, reevalS: 3_600 }
  const tenPercent = { ...one, profile: 'g1-v1', cPpb: 100_000_000, digits: 4 } as const
  const v2 = { ...one, profile: 'g1-v2', reevalS: 4 * 3_600, cSquaredPpb: 100_000_000 } as const
  /** What is read, and what it must give: the tests and the protocol of both networks. */
  const table: readonly [string, DividendTerms, [bigint, bigint, number, number], bigint][] = [
    ['c 4.88 %', { ...tenPercent, cPpb: 48_800_000 }, [100n, 18_000n, 3, 1], 102n],
    ['c 10 %, no mass yet', tenPercent, [100n, 0n, 2, 0], 100n],
    ['c 10 %, one dividend', tenPercent, [100n, 200n, 3, 0], 101n],
    ['c 10 %, two dividends', tenPercent, [101n, 400n, 3, 0], 103n],
    ['c 10 %, three dividends', tenPercent, [103n, 703n, 3, 0], 106n],
    ['c² 10 %, first', v2, [1_000n, 9_000n, 3, 0], 1_075n],
    ['c² 10 %, second', v2, [1_075n, 21_900n, 3, 0], 1_257n],
    ['c² 10 %, from the start of a chain', v2, [1_000n, 12_000n, 3, 0], 1_100n],
  ]
  it.each(table)('%s', (_, terms, [ud, mass, members, unitBase], wanted) => {
    expect(nextUd(terms, { ud, mass, members, unitBase })).toEqual({ ud: wanted, unitBase })
  })

  it('are those of the mass too: version 2, three members, a re-evaluation each fourth dividend', () => {
    const start = series({
      ...{ profile: 'g1-v2', first: 1_000n as Amount, periodS: 43_200, reevalS: 172_800 },
      ...{ cSquaredPpb: 100_000_000, firstMs: 43_200_000, firstReevalMs: 172_800_000 },
    })
    const after = (dividends: number) =>
      advance({ ...start, members: 3 }, dividends * 43_200_000 + 1)
    const masses = [0, 1, 2, 3, 4, 7, 8].map((dividends) => after(dividends).mass)
    expect(masses).toEqual([0n, 3_000n, 6_000n, 9_000n, 12_225n, 21_900n, 25_671n])
    expect(after(4).sum).toBe(4_075n)
    expect(after(8).sum - after(4).sum).toBe(4_482n)
  })

  it('re-evaluate one re-evaluation period after the first dividend when no time is given', () => {
    const start = series({
      ...{ profile: 'g1-v2', first: 1_000n as Amount, periodS: 43_200, reevalS: 172_800 },
      cSquaredPpb: 100_000_000,
    })
    expect(start).toMatchObject({ nextMs: 43_200_000, nextReevalMs: 5 * 43_200_000 })
    expect(advance({ ...start, members: 3 }, 5 * 43_200_000).mass).toBe(15_300n)
  })

  it('change on the days on which the Ğ1 changed, the first time by nothing', () => {
    const start = series({
      profile: 'g1-v1',
      ...{ firstMs: at('2017-03-08T11:00:00Z'), firstReevalMs: at('2017-03-21T11:00:00Z') },
    })
    expect(dividendValue(start)).toBe(1_000n)
    const days = ['2017-03-21', '2017-09-20', '2018-03-22', '2018-09-20', '2019-03-22']
    let now: Dividend = { ...start, members: 59 }
    for (const day of days) {
      const before = advance(now, at(`${day}T11:00:00Z`) - DAY_MS)
      now = advance(before, at(`${day}T11:00:00Z`))
      expect([day, now.series.length - before.series.length]).toEqual([day, 1])
      expect(now.sum - before.sum).toBe(dividendValue(now))
    }
    // How much it changed later hangs on how many members the network had.
    expect(now.series.slice(0, 2).map(dividendValue)).toEqual([1_000n, 1_000n])
    expect(now.made).toBe(745)
  })

  it('of version 2 change with the first dividend after the re-evaluation, as on 2026-03-22', () => {
    const [firstMs, firstReevalMs] = [1_772_967_600_000, 1_774_112_400_000]
    const start = series({ profile: 'g1-v2', first: 1_148n as Amount, firstMs, firstReevalMs })
    const before = advance({ ...start, members: 8_000 }, firstReevalMs + 3_600_000)
    expect(before.series).toHaveLength(1)
    const after = advance(before, firstMs + 14 * DAY_MS)
    expect(after.series[1]).toMatchObject({ atMs: at('2026-03-22T11:00:00Z'), mass: before.mass })
  })

  it('have named terms: what is left out is as the Ğ1 has it', () => {
    expect(toDividendStart({ profile: 'g1-v1' }, 0)).toEqual({
      terms: { profile: 'g1-v1', ...G1_V1 },
      ...{ firstMs: DAY_MS, firstReevalMs: DAY_MS + HALF_YEAR_MS },
    })
    expect(toDividendStart({ profile: 'g1-v2' }, 0).terms).toEqual({ profile: 'g1-v2', ...G1_V2 })
    // c = 0.0488 exactly; c² of version 2 is (the square root of 1.1, less 1) squared: 10 % a year.
    expect([G1_V1.cPpb, G1_V2.cSquaredPpb]).toEqual([48_800_000, 2_382_304])
  })
})

describe('a re-evaluation', () => {
  const v1: DividendTerms = { profile: 'g1-v1', ...G1_V1 }
  const v2: DividendTerms = { profile: 'g1-v2', ...G1_V2 }

  it('of version 1 has 182.625 dividends a half-year, of version 2 182', () => {
    // c² · mass / members is 182,200 (version 1) and 182,000 (version 2): a hair below and just at the next whole.
    const even = { ...v1, cPpb: 1_000_000_000, digits: 15 }
    expect(nextUd(even, { ud: 1n, mass: 182_625n, members: 1, unitBase: 0 }).ud).toBe(1_001n)
    expect(nextUd(even, { ud: 1n, mass: 182_626n, members: 1, unitBase: 0 }).ud).toBe(1_002n)
    const whole = { ...v2, cSquaredPpb: 1_000_000_000 }
    expect(nextUd(whole, { ud: 1n, mass: 182_000n, members: 1, unitBase: 0 }).ud).toBe(1_001n)
    expect(nextUd(whole, { ud: 1n, mass: 181_999n, members: 1, unitBase: 0 }).ud).toBe(1_000n)
  })

  it('raises the base of version 1 at 10^digits, and rounds up', () => {
    const large = { mass: 10_000_000_000n, members: 1_000, unitBase: 0 }
    const { ud } = nextUd({ ...v1, digits: 15 }, { ud: 9_900n, ...large })
    expect(ud).toBe(10_031n)
    expect(nextUd(v1, { ud: 9_900n, ...large })).toEqual({ ud: 1_004n, unitBase: 1 })
    // In base 1 the mass counts in tens, rounded up.
    expect(nextUd(v1, { ud: 1_004n, mass: 1n, members: 1, unitBase: 1 })).toEqual({
      ...{ ud: 1_005n, unitBase: 1 },
    })
  })

  it('with no member left: version 1 stays, version 2 divides by one', () => {
    const nobody = { ud: 1_000n, mass: 91_000_000n, members: 0, unitBase: 0 }
    expect(nextUd(v1, nobody).ud).toBe(1_000n)
    expect(nextUd(v2, nobody).ud).toBe(nextUd(v2, { ...nobody, members: 1 }).ud)
    expect(nextUd(v2, nobody).ud).toBe(2_191n)
  })

  it('that would leave the range of amounts does not happen', () => {
    const figures = { ud: AMOUNT_MAX, mass: AMOUNT_MAX, members: 1, unitBase: 0 }
    expect(nextUd({ ...v2, cSquaredPpb: 1_000_000_000 }, figures).ud).toBe(AMOUNT_MAX)
  })
})

describe('a series', () => {
  it('comes to the same after years of silence as day by day', () => {
    for (const profile of ['g1-v1', 'g1-v2'] as const) {
      const start = { ...series({ profile, periodS: 3_600 }), members: 7 }
      const tenYearsMs = 3_652 * DAY_MS
      let daily: Dividend = start
      for (let day = 1; day <= 3_652; day += 1) daily = advance(daily, day * DAY_MS)
      expect(advance(start, tenYearsMs)).toEqual(daily)
      expect(daily.made).toBe(3_652 * 24)
      expect(daily.series).toHaveLength(20)
    }
  })

  it('makes no dividend that would lift the mass over the largest amount, and goes on', () => {
    const start = series({ profile: 'g1-v2', first: AMOUNT_MAX as Amount, cSquaredPpb: 1 })
    const two = advance({ ...start, members: 2 }, 10 * DAY_MS)
    expect([two.mass, two.sum, two.made]).toEqual([0n, 0n, 0])
    const one = advance({ ...two, members: 1 }, 20 * DAY_MS)
    expect([one.mass, one.sum, one.made]).toEqual([AMOUNT_MAX, AMOUNT_MAX, 1])
    expect(one.nextMs).toBe(21 * DAY_MS)
  })

  it('ends with its asset', () => {
    const start = { ...series({ profile: 'g1-v1' }), members: 1, endedMs: 2 * DAY_MS }
    expect(advance(start, 9 * DAY_MS).sum).toBe(2_000n)
  })

  it('is what one dividend after the other makes, in any steps', () => {
    fc.assert(
      fc.property(anyScript, ({ asked, changes }) => {
        let [jumped, stepped, slow] = [series(asked), series(asked), series(asked)]
        let timeMs = 0
        for (const { afterMs, members, cuts } of changes) {
          for (const cut of cuts) stepped = advance(stepped, timeMs + (afterMs * cut) / 1_000)
          timeMs += afterMs
          ;[jumped, stepped] = [advance(jumped, timeMs), advance(stepped, timeMs)]
          slow = oneByOne(slow, timeMs)
          expect(jumped).toEqual(slow)
          expect(stepped).toEqual(slow)
          expect(advance(jumped, timeMs)).toBe(jumped)
          jumped = { ...jumped, members }
          stepped = { ...stepped, members }
          slow = { ...slow, members }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('terms', () => {
  it.each([
    ['a period of zero', { periodS: 0 }],
    ['a period below an hour', { periodS: 3_599 }],
    ['a re-evaluation period of zero', { reevalS: 0 }],
    ['growth of zero', { cPpb: 0 }],
    ['growth over 100 %', { cPpb: 1_000_000_001 }],
    ['no digit', { digits: 0 }],
    ['more digits than an amount has', { digits: 16 }],
    ['a negative first dividend', { first: -1 }],
    ['a fraction', { first: 10.5 }],
    ['the growth of the other profile', { cSquaredPpb: 1 }],
    ['another profile', { profile: 'g1-v3' }],
    ['a stranger', { unitBase: 1 }],
  ])('with %s are malformed', (_, members) => {
    expect(() => askedDividend({ profile: 'g1-v1', ...members }, '$')).toThrow(Malformed)
  })

  it.each([
    ['first', { first: 0n }],
    ['first', { first: 10_000n }],
    ['reevalS', { periodS: 86_401, reevalS: 86_400 }],
    ['firstMs', { firstMs: 999 }],
    ['firstReevalMs', { firstMs: 2_000, firstReevalMs: 1_999 }],
  ])('that do not fit are refused for %s', (member, members) => {
    const asked = { profile: 'g1-v1', ...members } as AskedDividend
    expect(() => toDividendStart(asked, 1_000)).toThrow(
      expect.objectContaining({ rejection: { code: 'dividend_refused', member } }) as Refusal,
    )
  })
})

function series(asked: AskedDividend): Dividend {
  return newDividend(toDividendStart(asked, 0))
}

function at(text: string): number {
  return Date.parse(text)
}

/** One event after the other, as the networks do it on time. */
function oneByOne(dividend: Dividend, untilMs: number): Dividend {
  const { terms } = dividend
  const isV1 = terms.profile === 'g1-v1'
  let now = dividend
  while (true) {
    const { nextMs, nextReevalMs, mass, members } = now
    const reevalMs = isV1 ? nextReevalMs : nextReevalMs <= nextMs ? nextMs : Infinity
    const dueMs = Math.min(reevalMs, nextMs)
    if (dueMs > untilMs) return now
    if (reevalMs === dueMs) {
      const read = isV1 ? now.massAtReeval : mass
      const ud = nextUd(terms, { ...now, mass: read })
      const entry = { atMs: dueMs, ...ud, mass: read, members }
      now = {
        ...{ ...now, ...ud, massAtReeval: mass },
        nextReevalMs: nextReevalMs + terms.reevalS * 1_000,
        series: [...now.series, entry].slice(-40),
      }
      continue
    }
    now = { ...now, nextMs: nextMs + terms.periodS * 1_000 }
    const value = dividendValue(now)
    const total = value * BigInt(members)
    if (members === 0 || mass + total > AMOUNT_MAX) continue
    now = { ...now, mass: (mass + total) as Amount, sum: (now.sum + value) as Amount }
    now = { ...now, made: now.made + 1 }
  }
}

const anyScript = fc.record({
  asked: fc
    .record({
      isV1: fc.boolean(),
      first: fc.constantFrom(1n, 99n, 1_000n, AMOUNT_MAX / 4n) as fc.Arbitrary<Amount>,
      hours: fc.integer({ min: 1, max: 30 }),
      reevalS: fc.integer({ min: 0, max: 300_000 }),
      growth: fc.constantFrom(1, 2_382_304, 48_800_000, 1_000_000_000),
      firstMs: fc.integer({ min: 0, max: 2 * HOUR_MS }),
      reevalAfterMs: fc.integer({ min: 0, max: 100 * HOUR_MS }),
    })
    .map(({ isV1, first, hours, reevalS, growth, firstMs, reevalAfterMs }): AskedDividend => {
      const times = { firstMs, firstReevalMs: firstMs + reevalAfterMs }
      const periods = { periodS: hours * 3_600, reevalS: hours * 3_600 + reevalS }
      const digits = first > 1_000n ? 15 : 4
      return isV1
        ? {
            profile: 'g1-v1',
            first: first > 10n ** 15n ? (1n as Amount) : first,
            ...periods,
            ...times,
            cPpb: growth,
            digits,
          }
        : { profile: 'g1-v2', first, ...periods, ...times, cSquaredPpb: growth }
    }),
  changes: fc.array(
    fc.record({
      afterMs: fc.oneof(
        fc.integer({ min: 0, max: 100 * HOUR_MS }),
        fc.integer({ min: 0, max: 100 }).map((hours) => hours * HOUR_MS),
      ),
      members: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(100_000)),
      cuts: fc
        .array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 4 })
        .map((cuts) => cuts.sort((a, b) => a - b)),
    }),
    { minLength: 1, maxLength: 12 },
  ),
})
