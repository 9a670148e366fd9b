/** The rule by which sleeping money melts, as a policy states it. Source: docs/spec/demurrage.md. */
import type { AssetKind } from '../records.ts'
import { type Rejection, refuse } from '../rejection.ts'
import {
  amount,
  array,
  day,
  either,
  integer,
  type Of,
  object,
  oneOf,
  type Shape,
} from '../shape.ts'
import { quotient } from './calendar.ts'

/** One million parts: the whole of something. */
export const PPM = 1_000_000n

const partsPerMillion = integer({ min: 0, max: 1_000_000 })

/** After how long the next part melts: whole days, or whole months of the calendar. */
export const meltPeriod = either(
  'months',
  object({ months: integer({ min: 1, max: 120 }) }),
  object({ days: integer({ min: 1, max: 3_660 }) }),
)
export type MeltPeriod = Of<typeof meltPeriod>

const rate = object({ ppm: integer({ min: 1, max: 1_000_000 }) })
const fixed = object({ fixed: amount })
const expiry = object({ allDay: day })
export type MeltForm = Of<typeof rate> | Of<typeof fixed> | Of<typeof expiry>

/** How much melts each time: parts per million of what is there, a fixed amount, or all of it on one day. */
const meltForm: Shape<MeltForm> = either('ppm', rate, either('fixed', fixed, expiry))

/** What becomes of what melts, in parts per million that add up to a million. */
export const meltShares = object({
  /** The places that keep the book: the wallet's place of origin, and validators. */
  node: partsPerMillion,
  commons: partsPerMillion,
  maintenance: partsPerMillion,
  /** Taken out of circulation. */
  burnt: partsPerMillion,
})
export type MeltShares = Of<typeof meltShares>

export const EXEMPT_KINDS = ['person', 'place', 'card', 'fund'] as const

export const demurrage = object({
  /** What sleeps: a wallet whose holder makes no gesture, or money that stays where it is. */
  basis: oneOf(['inactivity', 'age']),
  /** Days of sleep before the first period begins. */
  graceDays: integer({ min: 0, max: 3_660 }),
  period: meltPeriod,
  form: meltForm,
  /** What is never melted of a balance. */
  floor: amount,
  /** Kinds of wallets in which it does not melt. */
  exempt: array(oneOf(EXEMPT_KINDS), { min: 0, max: EXEMPT_KINDS.length }),
  shares: meltShares,
})
export type Demurrage = Of<typeof demurrage>

/** What no policy of the network may exceed; written in its genesis. */
export const meltLaw = object({
  /** Most that melts of euro-backed money in a year, compound. */
  yearlyPpm: partsPerMillion,
  /** The same for fixed amounts, in minor units. */
  yearlyFixed: amount,
  /** Fewest days of sleep before federated euros melt. */
  graceDays: integer({ min: 0, max: 3_660 }),
})
export type MeltLaw = Of<typeof meltLaw>

/** A quarter, or 12.00, in a year. */
export const LAW_USUAL: MeltLaw = {
  yearlyPpm: 250_000,
  yearlyFixed: 1_200n as MeltLaw['yearlyFixed'],
  graceDays: 365,
}

/** Two thirds to the commons and to maintenance, one to those who keep the book; the rounded rest to the commons. */
export const SHARES_USUAL: MeltShares = {
  node: 333_333,
  commons: 333_334,
  maintenance: 333_333,
  burnt: 0,
}

/** The cooperative's own terms: nothing for a year, then 1 % a month, a third each. */
export const COOPERATIVE_MELTING: Demurrage = {
  basis: 'inactivity',
  graceDays: 365,
  period: { months: 1 },
  form: { ppm: 10_000 },
  floor: 0n as Demurrage['floor'],
  exempt: ['place', 'fund'],
  shares: SHARES_USUAL,
}

/** Kinds that are backed by euros: the law binds them, and they never expire at a date. */
const EURO_BACKED: readonly AssetKind[] = ['FED', 'TLF']

/** Kinds whose money never melts: presence, debts, and money that grows for everybody instead. */
const NEVER_MELTS: readonly AssetKind[] = ['BDG', 'SUB', 'MUT', 'LIB']

/** Periods that may end within one year. */
export function periodsPerYear(period: MeltPeriod): number {
  return 'months' in period
    ? quotient(11 + period.months, period.months)
    : quotient(364 + period.days, period.days)
}

/**
 * What melts of a large balance in one year, compound.
 *
 * Units: parts per million. Rounding: up, at each period, so that no law is passed by rounding.
 */
export function yearlyPpm(ppm: number, period: MeltPeriod): number {
  const SCALE = 1_000_000_000_000n
  let left = SCALE
  for (let count = periodsPerYear(period); count > 0; count -= 1) {
    left = (left * (PPM - BigInt(ppm))) / PPM
  }
  return Number(((SCALE - left) * PPM + SCALE - 1n) / SCALE)
}

/**
 * Demands that terms are lawful for a kind of asset.
 *
 * Rejects with, in this order: demurrage_refused (kind), amount_must_be_positive, shares_do_not_add_up,
 * demurrage_refused (burnt federated euros; euros that expire), grace_below_law (FED), rate_above_law.
 */
export function demandLawful(kind: AssetKind, terms: Demurrage | undefined, law: MeltLaw): void {
  const fault = terms && lawFault(kind, terms, law)
  if (fault !== undefined) refuse(fault)
}

/** What terms would be rejected with for a kind of asset; `undefined` when they are lawful. As `demandLawful`. */
export function lawFault(kind: AssetKind, terms: Demurrage, law: MeltLaw): LawFault | undefined {
  const { form, shares } = terms
  const refused = (why: string) => ({ code: 'demurrage_refused', kind, why }) as const
  if (NEVER_MELTS.includes(kind)) return refused('kind')
  if ('fixed' in form && form.fixed === 0n) return { code: 'amount_must_be_positive' }
  const sumPpm = shares.node + shares.commons + shares.maintenance + shares.burnt
  if (sumPpm !== Number(PPM)) return { code: 'shares_do_not_add_up', sumPpm }
  if (kind === 'FED' && shares.burnt > 0) return refused('burnt')
  if (!EURO_BACKED.includes(kind)) return undefined
  if ('allDay' in form) return refused('expiry')
  if (kind === 'FED' && terms.graceDays < law.graceDays) {
    return { code: 'grace_below_law', leastDays: law.graceDays }
  }
  return rateFault(terms, law)
}

/** The rejections of terms that break the law. */
export type LawFault = Extract<
  Rejection,
  {
    readonly code:
      | 'demurrage_refused'
      | 'amount_must_be_positive'
      | 'shares_do_not_add_up'
      | 'grace_below_law'
      | 'rate_above_law'
  }
>

function rateFault(terms: Demurrage, { yearlyPpm: most, yearlyFixed }: MeltLaw) {
  const { ppm = 0, fixed = 0n } = yearly(terms)
  if (ppm > most) return { code: 'rate_above_law', most: BigInt(most) } as const
  return fixed > yearlyFixed ? ({ code: 'rate_above_law', most: yearlyFixed } as const) : undefined
}

/** What terms take in a year of sleep at most: of a rate in parts per million, of a fixed amount in minor units. */
export function yearly({ form, period }: Pick<Demurrage, 'form' | 'period'>): {
  readonly ppm?: number
  readonly fixed?: bigint
} {
  if ('ppm' in form) return { ppm: yearlyPpm(form.ppm, period) }
  return 'fixed' in form ? { fixed: form.fixed * BigInt(periodsPerYear(period)) } : {}
}

/** True when no holder loses anything by the new terms, and nothing falls due earlier. */
export function loosensMelting(
  before: Demurrage | undefined,
  after: Demurrage | undefined,
): boolean {
  if (after === undefined) return true
  if (before === undefined || before.basis !== after.basis) return false
  return (
    after.graceDays >= before.graceDays &&
    isSamePeriod(before.period, after.period) &&
    isLower(before.form, after.form) &&
    after.floor >= before.floor &&
    before.exempt.every((kind) => after.exempt.includes(kind)) &&
    isSame(before.shares, after.shares)
  )
}

function isSamePeriod(before: MeltPeriod, after: MeltPeriod): boolean {
  if ('months' in before) return 'months' in after && after.months === before.months
  return 'days' in after && after.days === before.days
}

function isLower(before: MeltForm, after: MeltForm): boolean {
  if ('ppm' in before) return 'ppm' in after && after.ppm <= before.ppm
  if ('fixed' in before) return 'fixed' in after && after.fixed <= before.fixed
  return 'allDay' in after && after.allDay >= before.allDay
}

function isSame(before: MeltShares, after: MeltShares): boolean {
  const names = ['node', 'commons', 'maintenance', 'burnt'] as const
  return names.every((name) => before[name] === after[name])
}
