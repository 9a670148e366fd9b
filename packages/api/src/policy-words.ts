/** The terms of an asset in words, a line for each, so that two versions can be laid side by side. */
import type { LevelLimits, PolicyTerms } from '@fedow/ledger'
import { formatAmount, type Unit } from './amount-text.ts'
import { termsSentence, toPercent } from './melting-sentences.ts'
import type { NameOf } from './sentence.ts'

/** What terms are told with. */
export interface TermContext {
  readonly nameOf: NameOf
  /** Of the asset whose terms they are. */
  readonly unit: Unit
}

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
  words: (terms: PolicyTerms, context: TermContext) => string,
])[] = [
  ['melting', meltWords],
  ['from person to person', ({ personToPerson }) => (personToPerson ? 'yes' : 'no')],
  ['where it is spent', spendWords],
  ['euros back', ({ refund }) => REFUNDS[refund]],
  ['limits of cards', limitWords],
  ['days on which it is spent', ({ days }) => dayWords(days)],
  ['most that a wallet spends in a day', capWords],
  ['when its days start', ({ dayStartUtcMinutes }) => clockWords(dayStartUtcMinutes)],
  ['growth of credit limits', growthWords],
]

/** What differs between two versions of a policy; empty when nothing does. */
export function termChanges(
  before: PolicyTerms,
  after: PolicyTerms,
  context: TermContext,
): readonly TermChange[] {
  return TERMS.map(([term, words]) => {
    return { term, before: words(before, context), after: words(after, context) }
  }).filter((change) => change.before !== change.after)
}

function meltWords({ demurrage }: PolicyTerms, { unit }: TermContext): string {
  return demurrage === undefined ? 'never' : termsSentence(demurrage, unit).replace(/\.$/, '')
}

function spendWords({ spendAt }: PolicyTerms, { nameOf }: TermContext): string {
  return 'only' in spendAt
    ? `only at ${spendAt.only.map(nameOf).join(', ')}`
    : 'wherever it is accepted'
}

function limitWords({ limits }: PolicyTerms, { unit }: TermContext): string {
  const levels = Object.entries(limits).flatMap(([level, of]) => levelWords(level, of, unit))
  return levels.length === 0 ? 'none' : levels.join(', ')
}

function levelWords(level: string, limits: LevelLimits | undefined, unit: Unit): readonly string[] {
  const names = ['balance', 'sale', 'day'] as const
  return names.flatMap((name) => {
    const most = limits?.[name]
    if (most === undefined) return []
    return [`${formatAmount(most, unit)} for the ${name} of a card ${level}`]
  })
}

function dayWords(days: PolicyTerms['days']): string {
  return days === undefined ? 'every day' : days.map((day) => WEEKDAYS[day]).join(', ')
}

function capWords({ dayCap }: PolicyTerms, { unit }: TermContext): string {
  return dayCap === undefined ? 'no limit' : formatAmount(dayCap, unit)
}

function clockWords(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)} UTC`
}

function growthWords({ creditGrowth }: PolicyTerms, { unit }: TermContext): string {
  if (creditGrowth === undefined) return 'none'
  const { ratePpm, max } = creditGrowth
  return `${toPercent(ratePpm)} of what is earned, up to ${formatAmount(max, unit)}`
}
