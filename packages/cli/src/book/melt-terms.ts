/** Terms by which money melts, as they are typed. */
import { EXEMPT_KINDS, SHARES_USUAL, type SimulationQuestion } from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount, type Unit } from '../text/amount.ts'

export type Terms = NonNullable<SimulationQuestion['candidates'][number]['demurrage']>

/** What several commands ask about terms. A list has commas between its members. */
export const termOptions = {
  grace: text('days', 'days of sleep before the first period; a list tries each; 365 if absent'),
  rate: text('percent', 'part that melts at the end of a period, such as 1%; a list tries each'),
  fixed: text('amount', 'amount that melts at the end of a period; a list tries each'),
  every: text('period', 'a period: 1m for a month, 30d for days; 1m if absent'),
  floor: text('amount', 'what is never melted of a balance; 0 if absent'),
  basis: text('basis', 'what sleeps: inactivity of the holder (if absent) or age of the money'),
  exempt: text('kinds', 'wallets in which nothing melts; place,fund if absent, none for none'),
} as const

export type TypedTerms = { readonly [K in keyof typeof termOptions]: string | undefined }

/** Each grace with each rate and each fixed amount. Throws Misuse. */
export function readTerms(typed: TypedTerms, unit: Unit): readonly Terms[] {
  const period = readPeriod(typed.every ?? '1m')
  const fixed = list(typed.fixed).map((amount) => ({ fixed: parseAmount(amount, unit.kind) }))
  const forms = [...list(typed.rate).map((rate) => ({ ppm: readPpm(rate) })), ...fixed]
  const graces = list(typed.grace ?? '365').map(readDays)
  return graces.flatMap((graceDays) =>
    forms.map((form) => ({
      ...{ basis: readBasis(typed.basis), graceDays, period, form },
      floor: parseAmount(typed.floor ?? '0', unit.kind),
      ...{ exempt: readExempt(typed.exempt), shares: SHARES_USUAL },
    })),
  )
}

function list(typed: string | undefined): readonly string[] {
  return typed === undefined ? [] : typed.split(',').map((one) => one.trim())
}

/** `1%` or `0.5 %` in parts per million. Throws Misuse. */
export function readPpm(typed: string): number {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:\.(\d{1,4}))? ?%$/.exec(typed) ?? []
  const ppm = Number(`${whole}${decimals.padEnd(4, '0')}`)
  if (whole !== undefined && ppm <= 1_000_000) return ppm
  throw new Misuse(`"${typed}" is not a rate. Write it as 1% or 0.5%. Nothing was asked.`)
}

function readDays(typed: string): number {
  if (/^\d{1,4}$/.test(typed)) return Number(typed)
  throw new Misuse(`"${typed}" are not days. Write a whole number, such as 365. Nothing was asked.`)
}

function readPeriod(typed: string): Terms['period'] {
  const [, count, unit] = /^(\d{1,4})([md])$/.exec(typed) ?? []
  if (count === undefined) {
    throw new Misuse(`"${typed}" is not a period. Write it as 1m or 30d. Nothing was asked.`)
  }
  return unit === 'm' ? { months: Number(count) } : { days: Number(count) }
}

function readBasis(typed = 'inactivity'): Terms['basis'] {
  if (typed === 'inactivity' || typed === 'age') return typed
  throw new Misuse(`"${typed}" is not what sleeps: inactivity or age. Nothing was asked.`)
}

function readExempt(typed = 'place,fund'): Terms['exempt'] {
  if (typed === 'none') return []
  return list(typed).map((one) => {
    const kind = EXEMPT_KINDS.find((known) => known === one)
    if (kind !== undefined) return kind
    throw new Misuse(
      `"${one}" is not a kind of wallet: ${EXEMPT_KINDS.join(', ')}. Nothing was asked.`,
    )
  })
}
