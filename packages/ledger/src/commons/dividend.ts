/**
 * Universal dividend: the two published formulas, and the series that they make. Pure arithmetic.
 *
 * A series goes from one due time to the next, never by the clock of who asks: its n-th dividend has the value that
 * it has when it is computed on time. Source: docs/spec/dividend.md. Vectors: `dividend.json`.
 */
import { AMOUNT_MAX, type Amount, ZERO } from '../amount.ts'
import { amount, array, integer, type Of, object, optional, timeMs } from '../shape.ts'
import {
  DIGITS_MAX,
  type DividendStart,
  type DividendTerms,
  dividendTerms,
  PPB,
} from './dividend-terms.ts'

/** Re-evaluations that a record remembers: twenty years of half-years. */
export const REEVALS_MAX = 40

const count = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
/** Periods are long: a due time may lie beyond the last time that a block can have. */
const dueMs = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

const reeval = object({
  atMs: dueMs,
  /** The dividend from then on is `ud` times ten to the power of `unitBase`. */
  ud: amount,
  unitBase: integer({ min: 0, max: DIGITS_MAX }),
  /** What the formula read: the mass, and how many members. */
  mass: amount,
  members: count,
})
export type Reeval = Of<typeof reeval>

/** The shape of the record of an asset's dividend. */
export const dividend = object({
  terms: dividendTerms,
  ud: amount,
  unitBase: integer({ min: 0, max: DIGITS_MAX }),
  /** All dividends so far, claimed or not. */
  mass: amount,
  /** The mass just before the last re-evaluation: what version 1 reads at the next one. */
  massAtReeval: amount,
  members: count,
  nextMs: dueMs,
  nextReevalMs: dueMs,
  /** What one has received who is a member from the start. */
  sum: amount,
  /** Dividends so far. */
  made: count,
  /** The first value, then the last re-evaluations. */
  series: array(reeval, { min: 1, max: REEVALS_MAX }),
  /** When its asset was archived: nothing falls due after it. */
  endedMs: optional(timeMs),
})
export type Dividend = Of<typeof dividend>

/** A series that begins, with nobody in it. */
export function newDividend({ terms, firstMs, firstReevalMs }: DividendStart): Dividend {
  const { first: ud } = terms
  return {
    terms,
    ...{ ud, unitBase: 0, mass: ZERO, massAtReeval: ZERO, members: 0 },
    ...{ nextMs: firstMs, nextReevalMs: firstReevalMs, sum: ZERO, made: 0 },
    series: [{ atMs: firstMs, ud, unitBase: 0, mass: ZERO, members: 0 }],
  }
}

/** What one member gets at a due time. Units: minor units. Range: 1 to `AMOUNT_MAX`. */
export function dividendValue({ ud, unitBase }: Pick<Dividend, 'ud' | 'unitBase'>): Amount {
  return (ud * 10n ** BigInt(unitBase)) as Amount
}

/**
 * The series when everything that is due at a time, this moment included, has happened.
 *
 * Members do not change meanwhile: who changes them advances the series first. Going there in any number of steps
 * ends in the same record, and a time that has passed changes nothing. Equal dividends are added at once, so the
 * work is one step for each re-evaluation.
 */
export function advance(dividend: Dividend, timeMs: number): Dividend {
  const { endedMs = timeMs } = dividend
  const untilMs = endedMs < timeMs ? endedMs : timeMs
  let now = dividend
  while (true) {
    if (isReevalDue(now, untilMs)) now = reevaluate(now)
    else if (now.nextMs <= untilMs) now = pay(now, untilMs)
    else return now
  }
}

/**
 * At one instant the re-evaluation comes before the dividend. Version 1 re-evaluates at its own times; version 2
 * together with the first dividend at or after them.
 */
function isReevalDue({ terms, nextMs, nextReevalMs }: Dividend, untilMs: number): boolean {
  const atMs = terms.profile === 'g1-v1' ? nextReevalMs : nextMs
  return nextReevalMs <= nextMs && atMs <= untilMs
}

/** All dividends before the next re-evaluation: they have the same value. */
function pay(dividend: Dividend, untilMs: number): Dividend {
  const { terms, mass, members, nextMs, nextReevalMs, sum, made } = dividend
  const periodMs = terms.periodS * 1_000
  const lastMs = untilMs < nextReevalMs ? untilMs : nextReevalMs - 1
  const elapsedMs = lastMs - nextMs
  const due = (elapsedMs - (elapsedMs % periodMs)) / periodMs + 1
  const value = dividendValue(dividend)
  const times = timesThatFit({ due, mass, each: value * BigInt(members) })
  return {
    ...dividend,
    mass: (mass + value * BigInt(members) * times) as Amount,
    nextMs: nextMs + due * periodMs,
    sum: (sum + value * times) as Amount,
    made: made + Number(times),
  }
}

/** A dividend of nobody is none, and one that would lift the mass over the largest amount falls out. */
function timesThatFit({ due, mass, each }: { due: number; mass: bigint; each: bigint }): bigint {
  if (each === 0n) return 0n
  const room = (AMOUNT_MAX - mass) / each
  return room < BigInt(due) ? room : BigInt(due)
}

function reevaluate(dividend: Dividend): Dividend {
  const { terms, mass, massAtReeval, members, nextMs, nextReevalMs } = dividend
  const isV1 = terms.profile === 'g1-v1'
  const read = isV1 ? massAtReeval : mass
  const { ud, unitBase } = nextUd(terms, { ...dividend, mass: read })
  const entry = { atMs: isV1 ? nextReevalMs : nextMs, ud, unitBase, mass: read, members }
  return {
    ...dividend,
    ...{ ud, unitBase, massAtReeval: mass },
    nextReevalMs: nextReevalMs + terms.reevalS * 1_000,
    series: [...dividend.series, entry].slice(-REEVALS_MAX),
  }
}

/** What a formula reads. Units: `ud` and `mass` in minor units, `ud` in units of ten to the power of `unitBase`. */
export interface UdFigures {
  readonly ud: bigint
  /** Version 1: at the re-evaluation before. Version 2: now. */
  readonly mass: bigint
  readonly members: number
  readonly unitBase: number
}

/**
 * The dividend after a re-evaluation. One that would leave the range of amounts stays as it was.
 *
 * Rounding: version 1 up, version 2 down. Source: docs/spec/dividend.md, "Formulas".
 */
export function nextUd(
  terms: DividendTerms,
  figures: UdFigures,
): { readonly ud: Amount; readonly unitBase: number } {
  const { ud, unitBase } =
    terms.profile === 'g1-v1' ? nextV1(terms, figures) : nextV2(terms, figures)
  const isInRange = ud * 10n ** BigInt(unitBase) <= AMOUNT_MAX
  if (isInRange) return { ud: ud as Amount, unitBase }
  return { ud: figures.ud as Amount, unitBase: figures.unitBase }
}

type TermsOf<P extends DividendTerms['profile']> = Extract<DividendTerms, { profile: P }>

/** ceil(ud + c² · ceil(mass / 10^unitBase) / members / (reeval / period)); a tenth, rounded up, at 10^digits. */
function nextV1(
  { cPpb, digits, periodS, reevalS }: TermsOf<'g1-v1'>,
  { ud, mass, members, unitBase }: UdFigures,
): { readonly ud: bigint; readonly unitBase: number } {
  // The published formula divides by the members: with none of them the value stays.
  if (members === 0) return { ud, unitBase }
  const scaled = divideUp(mass, 10n ** BigInt(unitBase))
  const over = BigInt(PPB) ** 2n * BigInt(members) * BigInt(reevalS)
  const risen = ud + divideUp(BigInt(cPpb) ** 2n * scaled * BigInt(periodS), over)
  if (risen < 10n ** BigInt(digits)) return { ud: risen, unitBase }
  return { ud: divideUp(risen, 10n), unitBase: unitBase + 1 }
}

/** ud + (c² · mass) / (members · k), where k is how many whole periods a re-evaluation period has. */
function nextV2(
  { cSquaredPpb, periodS, reevalS }: TermsOf<'g1-v2'>,
  { ud, mass, members, unitBase }: UdFigures,
): { readonly ud: bigint; readonly unitBase: number } {
  const k = BigInt(reevalS) / BigInt(periodS)
  // As published: with no member left it divides by one.
  const among = BigInt(members === 0 ? 1 : members)
  return { ud: ud + (BigInt(cSquaredPpb) * mass) / (BigInt(PPB) * among * k), unitBase }
}

/** A quotient rounded up. Both are zero or above, the divisor above. */
function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}
