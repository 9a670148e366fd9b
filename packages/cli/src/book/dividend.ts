/** The terms of a dividend as a command line has them. */
import type { BodyOf, createAsset } from '@fedow/api'
import {
  DIVIDEND_PROFILES,
  type DividendProfile,
  type DividendTerms,
  G1_V1,
  G1_V2,
  PERIOD_MAX_S,
  PERIOD_MIN_S,
  PPB,
} from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'
import { readPositive } from './price.ts'
import { readMoment } from './time.ts'

/** How a command says what a dividend is made of. What is absent is as the Ğ1 has it. */
export const termValues = {
  growth: text('number', 'c (g1-v1, 0.0488 unless given) or c² (g1-v2, 0.002382304)'),
  period: text('time', 'from one dividend to the next, such as 24h; a day unless given'),
  reeval: text('time', 'from one re-evaluation to the next; 15778800s, a half-year, unless given'),
  digits: text('number', 'g1-v1: digits of a dividend before it counts in tens; 4 unless given'),
}

interface TermTexts {
  readonly growth: string | undefined
  readonly period: string | undefined
  readonly reeval: string | undefined
  readonly digits: string | undefined
}

/** How a command that makes free money says when and with what it begins. */
export const beginningValues = {
  profile: text('profile', 'free money: g1-v1 (rounds up) or g1-v2 (rounds down)'),
  first: text('amount', 'free money: the first dividend; 10.00 unless given'),
  ...termValues,
  firstDividend: text('moment', 'free money: when the first dividend falls due; in one period'),
  firstReeval: text('moment', 'free money: when it is first re-evaluated'),
}

type Beginning = TermTexts & {
  readonly [K in 'profile' | 'first' | 'firstDividend' | 'firstReeval']: string | undefined
}
type NewDividend = NonNullable<BodyOf<typeof createAsset>['dividend']>

/** The dividend of new free money; none when no profile is named. Throws Misuse. */
export function readBeginning(values: Beginning): NewDividend | undefined {
  const { profile, first, firstDividend, firstReeval } = values
  if (profile === undefined) {
    const stray = Object.entries(values).find(([, value]) => value !== undefined)
    if (stray === undefined) return undefined
    throw new Misuse('Terms of a dividend need --profile g1-v1 or g1-v2. Nothing was sent.')
  }
  const given = {
    ...(first !== undefined && { first: readPositive(first) }),
    ...(values.period !== undefined && { periodS: readSeconds(values.period) }),
    ...(values.reeval !== undefined && { reevalS: readSeconds(values.reeval) }),
    ...(firstDividend !== undefined && { firstDividend: readMoment(firstDividend) }),
    ...(firstReeval !== undefined && { firstReeval: readMoment(firstReeval) }),
  }
  const { growth, digits } = values
  if (readProfile(profile) === 'g1-v2') {
    demandNoDigits(digits)
    const cSquaredPpb = growth === undefined ? undefined : readGrowth(growth)
    return { profile: 'g1-v2', ...given, ...(cSquaredPpb !== undefined && { cSquaredPpb }) }
  }
  return {
    profile: 'g1-v1',
    ...given,
    ...(growth !== undefined && { cPpb: readGrowth(growth) }),
    ...(digits !== undefined && { digits: readCount(digits, 'digits') }),
  }
}

/** The terms of a formula. Throws Misuse. */
export function readTerms(profile: string, values: TermTexts): DividendTerms {
  const { growth, period, reeval, digits } = values
  const periods = {
    periodS: period === undefined ? G1_V1.periodS : readSeconds(period),
    reevalS: reeval === undefined ? G1_V1.reevalS : readSeconds(reeval),
  }
  if (periods.reevalS < periods.periodS) {
    throw new Misuse('A dividend is not re-evaluated more often than it falls due.')
  }
  if (readProfile(profile) === 'g1-v2') {
    demandNoDigits(digits)
    const cSquaredPpb = growth === undefined ? G1_V2.cSquaredPpb : readGrowth(growth)
    return { profile: 'g1-v2', first: G1_V2.first, ...periods, cSquaredPpb }
  }
  const cPpb = growth === undefined ? G1_V1.cPpb : readGrowth(growth)
  const most = digits === undefined ? G1_V1.digits : readCount(digits, 'digits')
  if (most < 1 || most > 15) throw new Misuse('Digits are 1 to 15.')
  return { profile: 'g1-v1', first: G1_V1.first, ...periods, cPpb, digits: most }
}

function readProfile(text: string): DividendProfile {
  const profile = DIVIDEND_PROFILES.find((one) => one === text.toLowerCase())
  if (profile !== undefined) return profile
  throw new Misuse(`"${text}" is no profile: ${DIVIDEND_PROFILES.join(' or ')}. Nothing was sent.`)
}

function demandNoDigits(digits: string | undefined): void {
  if (digits !== undefined) throw new Misuse('Only g1-v1 has digits. Nothing was sent.')
}

/** `0.0488`, or `4.88%`, in parts per billion, exactly. Throws Misuse. */
export function readGrowth(text: string): number {
  const [, whole = '', decimals = '', percent] =
    /^(\d{1,3})(?:[.,](\d{1,9}))?(%?)$/.exec(text) ?? []
  const scale = percent === '%' ? 7 : 9
  const cut = decimals.slice(scale)
  const ppb = Number(whole) * 10 ** scale + Number(decimals.slice(0, scale).padEnd(scale, '0'))
  if (whole !== '' && !/[1-9]/.test(cut) && ppb >= 1 && ppb <= PPB) return ppb
  throw new Misuse(
    `"${text}" is no growth: write more than 0 and at most 1 with nine decimals, such as 0.0488, or 4.88%.`,
  )
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `86400s`, `24h` or `1d` in seconds. Throws Misuse. */
function readSeconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN)
  if (seconds >= PERIOD_MIN_S && seconds <= PERIOD_MAX_S) return seconds
  throw new Misuse(
    `"${text}" is no period: write 3600s, 24h or 7d, an hour at least. Nothing was sent.`,
  )
}

/** A whole number from 0. Throws Misuse. */
export function readCount(text: string, what: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Misuse(`"${text}" is not a whole number of ${what}.`)
}

/** What a formula reads. Throws Misuse. */
export function readFigures(values: {
  readonly ud: string
  readonly mass: string
  readonly members: string
  readonly base: string | undefined
}) {
  const unitBase = values.base === undefined ? 0 : readCount(values.base, 'bases')
  if (unitBase > 15) throw new Misuse('The base is 0 to 15.')
  return {
    ...{ ud: parseAmount(values.ud), mass: parseAmount(values.mass) },
    ...{ members: readCount(values.members, 'members'), unitBase },
  }
}
