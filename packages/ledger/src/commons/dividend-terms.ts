/** What the issuer of free money chooses once, for ever. Source: docs/spec/dividend.md, "Terms". */
import type { Amount } from '../amount.ts'
import { demand } from '../rejection.ts'
import {
  amount,
  integer,
  literal,
  type Of,
  object,
  optional,
  type Shape,
  timeMs,
} from '../shape.ts'

/** The published formulas: Ğ1 version 1 rounds up, Ğ1 version 2 rounds down. */
export const DIVIDEND_PROFILES = ['g1-v1', 'g1-v2'] as const
export type DividendProfile = (typeof DIVIDEND_PROFILES)[number]

/** One part in a billion: growth is whole parts of it, so that 0.0488 is exact. */
export const PPB = 1_000_000_000

/** Shortest time between two dividends, in seconds: an hour. */
export const PERIOD_MIN_S = 3_600
/** Longest time between two dividends, or two re-evaluations, in seconds: twenty years of 365 days. */
export const PERIOD_MAX_S = 630_720_000
/** Most digits of a dividend of version 1 before its base rises: 10^15 minor units are below the largest amount. */
export const DIGITS_MAX = 15

/** Version 1 as the Ğ1 ran it from 2017-03-08: 10.00 a day at first, c = 4.88 % a half-year, re-evaluated twice a year. */
export const G1_V1 = {
  first: 1_000n as Amount,
  periodS: 86_400,
  reevalS: 15_778_800,
  cPpb: 48_800_000,
  digits: 4,
} as const

/** Version 2 as the Ğ1 runs it from 2026-03-08: c² = 0.002382304, which is 10 % a year. */
export const G1_V2 = {
  first: 1_000n as Amount,
  periodS: 86_400,
  reevalS: 15_778_800,
  cSquaredPpb: 2_382_304,
} as const

const period = integer({ min: PERIOD_MIN_S, max: PERIOD_MAX_S })
const growth = integer({ min: 1, max: PPB })
const digits = integer({ min: 1, max: DIGITS_MAX })

const v1 = object({
  profile: literal('g1-v1'),
  first: amount,
  periodS: period,
  reevalS: period,
  cPpb: growth,
  digits,
})

const v2 = object({
  profile: literal('g1-v2'),
  first: amount,
  periodS: period,
  reevalS: period,
  cSquaredPpb: growth,
})

const asked = {
  /** The first dividend, in minor units. */
  first: optional(amount),
  /** Seconds from one dividend to the next, and from one re-evaluation to the next. */
  periodS: optional(period),
  reevalS: optional(period),
  /** When the first dividend, and the first re-evaluation, fall due. */
  firstMs: optional(timeMs),
  firstReevalMs: optional(timeMs),
} as const

const askedV1 = object({
  profile: literal('g1-v1'),
  ...asked,
  cPpb: optional(growth),
  digits: optional(digits),
})

const askedV2 = object({ profile: literal('g1-v2'), ...asked, cSquaredPpb: optional(growth) })

function byProfile<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, path) =>
    (value as { profile?: unknown } | null)?.profile === 'g1-v2'
      ? second(value, path)
      : first(value, path)
}

/** The terms that a dividend goes by, all of them. */
export const dividendTerms = byProfile(v1, v2)
export type DividendTerms = Of<typeof dividendTerms>

/** The terms as they are asked for: what is absent is as the Ğ1 has it. */
export const askedDividend = byProfile(askedV1, askedV2)
export type AskedDividend = Of<typeof askedDividend>

/** Terms, and when they begin. */
export interface DividendStart {
  readonly terms: DividendTerms
  readonly firstMs: number
  readonly firstReevalMs: number
}

/**
 * The terms that are asked for, complete. The first dividend falls due one period from now, the first re-evaluation
 * one re-evaluation period after it, unless they are given.
 *
 * Rejects with: dividend_refused, for `first` (0, or as large as the base of version 1), `reevalS` (shorter than the
 * period), `firstMs` (before now), `firstReevalMs` (before the first dividend); in this order.
 */
export function toDividendStart(asked: AskedDividend, nowMs: number): DividendStart {
  const terms = complete(asked)
  const { first, periodS, reevalS } = terms
  const { firstMs = nowMs + periodS * 1_000 } = asked
  const { firstReevalMs = firstMs + reevalS * 1_000 } = asked
  const isSmall = terms.profile === 'g1-v2' || first < 10n ** BigInt(terms.digits)
  demandMember(first > 0n && isSmall, 'first')
  demandMember(reevalS >= periodS, 'reevalS')
  demandMember(firstMs >= nowMs, 'firstMs')
  demandMember(firstReevalMs >= firstMs, 'firstReevalMs')
  return { terms, firstMs, firstReevalMs }
}

function complete(asked: AskedDividend): DividendTerms {
  if (asked.profile === 'g1-v2') {
    const { profile, first, periodS, reevalS, cSquaredPpb } = { ...G1_V2, ...asked }
    return { profile, first, periodS, reevalS, cSquaredPpb }
  }
  const { profile, first, periodS, reevalS, cPpb, digits } = { ...G1_V1, ...asked }
  return { profile, first, periodS, reevalS, cPpb, digits }
}

function demandMember(isRight: boolean, member: string): void {
  demand(isRight, () => ({ code: 'dividend_refused', member }))
}
