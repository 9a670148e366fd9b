/** The terms of an asset in words, a line for each, so that two versions can be laid side by side. */
import type { Demurrage, LevelLimits, PolicyTerms } from '@fedow/ledger'
import { type NameOf, toDecimal } from './sentence.ts'

/** One term of a policy that differs between two versions. */
export interface TermChange {
  /** What it is about. */
  readonly term: string
  readonly before: string
  readonly after: string
}

const REFUNDS: Readonly<Record<PolicyTerms['refund'], string>> = {
  never: 'never',
  issuer: 'by its issuer',
  payer: 'to the payer',
  payout: 'to the payer, as a payout',
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Each term in words, in the order in which people ask. */
const TERMS: readonly (readonly [
  term: string,
  words: (terms: PolicyTerms, nameOf: NameOf) => string,
])[] = [
  ['melting', ({ demurrage }) => (demurrage ? meltWords(demurrage) : 'none')],
  ['from person to person', ({ personToPerson }) => (personToPerson ? 'yes' : 'no')],
  ['where it is spent', spendWords],
  ['euros back', ({ refund }) => REFUNDS[refund]],
  ['limits of cards', ({ limits }) => limitWords(limits)],
  ['days on which it is spent', ({ days }) => dayWords(days)],
  ['most that a wallet spends in a day', ({ dayCap }) => amountWords(dayCap)],
  ['when its days start', ({ dayStartUtcMinutes }) => clockWords(dayStartUtcMinutes)],
  ['growth of credit limits', ({ creditGrowth }) => growthWords(creditGrowth)],
]

/** What differs between two versions of a policy; empty when nothing does. */
export function termChanges(
  before: PolicyTerms,
  after: PolicyTerms,
  nameOf: NameOf,
): readonly TermChange[] {
  return TERMS.map(([term, words]) => {
    return { term, before: words(before, nameOf), after: words(after, nameOf) }
  }).filter((change) => change.before !== change.after)
}

/** How money melts, in one line. Units: minor units in, two decimals out. */
export function meltWords(demurrage: Demurrage): string {
  const { basis, graceDays, period, form, floor, exempt, shares } = demurrage
  const what = 'ppm' in form ? toPercent(form.ppm) : formWords(form)
  const each = 'months' in period ? count(period.months, 'month') : count(period.days, 'day')
  const sleep = basis === 'age' ? 'it is there' : 'its holder makes no gesture'
  const parts = [
    'allDay' in form
      ? what
      : `${what} each ${each}, after ${count(graceDays, 'day')} that ${sleep}`,
    ...(floor > 0n ? [`never below ${toDecimal(floor)}`] : []),
    ...(exempt.length > 0 ? [`not in wallets of a ${exempt.join(' or ')}`] : []),
    `shared out ${toPercent(shares.node)} to the place, ${toPercent(shares.commons)} to the commons, ${toPercent(shares.maintenance)} to maintenance, ${toPercent(shares.burnt)} to nobody`,
  ]
  return parts.join('; ')
}

function formWords(form: Exclude<Demurrage['form'], { readonly ppm: number }>): string {
  if ('fixed' in form) return toDecimal(form.fixed)
  return `all of it on ${new Date(form.allDay * 86_400_000).toISOString().slice(0, 10)}`
}

/** Parts per million as percent, exact: 333333 is `33.3333 %`. */
function toPercent(ppm: number): string {
  const rest = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '')
  return `${Math.floor(ppm / 10_000)}${rest === '' ? '' : `.${rest}`} %`
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`
}

function spendWords({ spendAt }: PolicyTerms, nameOf: NameOf): string {
  return 'only' in spendAt
    ? `only at ${spendAt.only.map(nameOf).join(', ')}`
    : 'wherever it is accepted'
}

function limitWords(limits: PolicyTerms['limits']): string {
  const levels = Object.entries(limits).flatMap(([level, of]) => levelWords(level, of))
  return levels.length === 0 ? 'none' : levels.join(', ')
}

function levelWords(level: string, limits: LevelLimits | undefined): readonly string[] {
  const names = ['balance', 'sale', 'day'] as const
  return names.flatMap((name) => {
    const most = limits?.[name]
    return most === undefined ? [] : [`${toDecimal(most)} for the ${name} of a card ${level}`]
  })
}

function dayWords(days: PolicyTerms['days']): string {
  return days === undefined ? 'every day' : days.map((day) => WEEKDAYS[day]).join(', ')
}

function amountWords(amount: bigint | undefined): string {
  return amount === undefined ? 'no limit' : toDecimal(amount)
}

function clockWords(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)} UTC`
}

function growthWords(growth: PolicyTerms['creditGrowth']): string {
  if (growth === undefined) return 'none'
  return `${toPercent(growth.ratePpm)} of what is earned, up to ${toDecimal(growth.max)}`
}
