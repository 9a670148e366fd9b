/** Melting in the words of a person: the terms, what is ahead, and why something melted. One function for each. */
import {
  type AssetKind,
  type Demurrage,
  dayOf,
  isSleeper,
  type Melt,
  type MeltForm,
  type MeltPeriod,
  type MeltShare,
  type MeltShares,
  type PlannedShare,
  PPM,
  type Schedule,
  type Sleeper,
  yearly,
} from '@fedow/ledger'
import { formatAmount, toDayText, type Unit } from './amount-text.ts'

/** An asset as these sentences name it. */
export interface MeltingUnit extends Unit {
  readonly kind: AssetKind | 'EUR'
  readonly name: string
}

/** Parts per million as a percentage, exact: 10000 is `1 %`, 164 is `0.0164 %`. */
export function toPercent(ppm: number): string {
  const digits = String(ppm).padStart(5, '0')
  const decimals = digits.slice(-4).replace(/0+$/, '')
  return `${digits.slice(0, -4)}${decimals === '' ? '' : `.${decimals}`} %`
}

/**
 * Parts per million as a percentage of three figures: 113616 is `11.4 %`. Rounding: to the nearest, a half up; what is
 * not all of it is never called 100 %.
 */
export function toRoundPercent(ppm: number): string {
  if (ppm === Number(PPM)) return '100 %'
  const step = 10 ** Math.max(0, String(ppm).length - 3)
  const round = Math.floor((ppm + step / 2) / step) * step
  return toPercent(Math.min(round, 999_000))
}

/** Terms in one plain sentence. Amounts in the unit of the asset. */
export function termsSentence(terms: Demurrage, unit: Unit): string {
  const parts = [
    `${whenText(terms)}${partText(terms, unit)}${yearText(terms, unit)}`,
    sharesText(terms.shares),
    ...(terms.floor > 0n ? [`never the last ${formatAmount(terms.floor, unit)}`] : []),
    ...(terms.exempt.length > 0
      ? [`not in the wallets of ${listed(terms.exempt.map(plural))}`]
      : []),
  ]
  return `${parts.join('; ')}.`
}

function whenText({ form, basis, graceDays }: Demurrage): string {
  if ('allDay' in form) return `On ${toDayText(form.allDay)} `
  if (basis === 'inactivity') {
    return graceDays === 0
      ? 'From the day after a gesture on, '
      : `After ${countText(graceDays, 'day')} without a gesture, `
  }
  return graceDays === 0
    ? 'From the day on which it comes, '
    : `After ${countText(graceDays, 'day')} in the same wallet, on average of what is there, `
}

function partText({ form, period }: Demurrage, unit: Unit): string {
  if ('allDay' in form) return 'all of it melts'
  const part = 'ppm' in form ? toPercent(form.ppm) : formatAmount(form.fixed, unit)
  return `${part} melts each ${periodText(period)}`
}

function yearText(terms: Demurrage, unit: Unit): string {
  const { ppm, fixed } = yearly(terms)
  const upTo = isPartOfYear(terms.period) ? '' : 'at most '
  if (ppm !== undefined) return `: ${upTo}${toRoundPercent(ppm)} in a year`
  return fixed === undefined ? '' : `: ${upTo}${formatAmount(fixed, unit)} in a year`
}

/** True when whole periods make a year. */
function isPartOfYear(period: MeltPeriod): boolean {
  return 'months' in period ? 12 % period.months === 0 : 365 % period.days === 0
}

/** After `each`. */
function periodText(period: MeltPeriod): string {
  if ('months' in period) {
    const named = { 1: 'month', 3: 'quarter', 12: 'year' }[period.months]
    return named ?? `${period.months} months`
  }
  return { 1: 'day', 7: 'week' }[period.days] ?? `${period.days} days`
}

/** After an amount: `a month`, `each 30 days`. */
function paceText(period: MeltPeriod): string {
  const text = periodText(period)
  return /^\d/.test(text) ? `each ${text}` : `a ${text}`
}

const RECEIVERS: Readonly<Record<keyof MeltShares, string>> = {
  node: 'the place of origin',
  commons: 'the commons',
  maintenance: 'maintenance',
  burnt: 'nobody',
}

/** What the unequal rounding of thirds leaves. Units: parts per million. */
const NEARLY = 2

function sharesText(shares: MeltShares): string {
  const { burnt, ...others } = shares
  const given = Object.entries(others).filter(([, ppm]) => ppm > 0) as [keyof MeltShares, number][]
  const names = given.map(([name]) => RECEIVERS[name])
  if (given.length === 0) return 'it leaves circulation'
  if (burnt > 0) {
    const parts = given.map(([name, ppm]) => `${toPercent(ppm)} to ${RECEIVERS[name]}`)
    return `${listed(parts)}, ${toPercent(burnt)} leaves circulation`
  }
  if (given.length === 1) return `all of it to ${listed(names)}`
  const equal = Number(PPM) / given.length
  if (given.every(([, ppm]) => Math.abs(ppm - equal) < NEARLY)) {
    return `${given.length === 2 ? 'half' : 'a third'} each to ${listed(names)}`
  }
  return listed(given.map(([name, ppm]) => `${toPercent(ppm)} to ${RECEIVERS[name]}`))
}

function plural(kind: string): string {
  return `${kind}s`
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

function countText(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

/** An account on a day, with what is ahead of it. */
export interface Ahead {
  readonly sleeper: Sleeper
  readonly schedule: Schedule
  /** Counted from 1970, in UTC. */
  readonly today: number
  readonly unit: MeltingUnit
}

/** What is ahead of an account if nobody makes a gesture, in one sentence. */
export function scheduleSentence(ahead: Ahead): string {
  const { schedule, today } = ahead
  const { next } = schedule
  const melts = schedule.melts.length === 0 && next !== undefined ? [next] : schedule.melts
  if (melts.length === 0) return nothingText(ahead)
  const due = melts.filter(({ dueDay }) => dueDay <= today)
  const coming = melts.slice(due.length)
  const [first] = coming
  const quiet = first !== undefined && due.length === 0
  const parts = [
    ...dueText(due, ahead),
    ...(quiet ? [`Until ${toDayText(first.dueDay)} nothing`] : []),
    ...runs(coming).map((run) => {
      const begin = quiet && run[0] === first ? 'then' : `from ${toDayText(run[0].dueDay)}`
      return `${begin} ${runText(run, ahead)}`
    }),
  ]
  return `${parts.join('; ')}${next === undefined ? endText(melts, ahead) : ''}.`
}

function nothingText({ sleeper, unit }: Ahead): string {
  const { account, wallet, policies } = sleeper
  if (!isSleeper(policies, wallet.kind)) {
    return `Nothing melts: ${unit.name} does not melt in the wallet of a ${wallet.kind}.`
  }
  if (account.balance <= 0n) return `Nothing melts: there is no ${unit.name} here.`
  if (account.balance === account.held) return 'Nothing melts while all of it is held.'
  const floor = policies.at(-1)?.demurrage?.floor ?? 0n
  if (account.balance - account.held <= floor) {
    return `Nothing melts: the last ${formatAmount(floor, unit)} never do.`
  }
  return 'Nothing melts: by the policy nothing of it falls due.'
}

function dueText(due: readonly Melt[], { unit }: Ahead): readonly string[] {
  const [first] = due
  if (first === undefined) return []
  const sum = due.reduce((total, { amount }) => total + amount, 0n)
  return [
    `${formatAmount(sum, unit)} fell due on ${toDayText(first.dueDay)}${due.length > 1 ? ' and after' : ''} and will melt before anything else happens to it`,
  ]
}

/** Melts of one version, which have one pace. */
type Run = readonly [Melt, ...Melt[]]

function runs(melts: readonly Melt[]): readonly Run[] {
  const all: [Melt, ...Melt[]][] = []
  for (const melt of melts) {
    const run = all.at(-1)
    if (run?.[0].version === melt.version) run.push(melt)
    else all.push([melt])
  }
  return all
}

function runText(run: Run, { sleeper, schedule, unit }: Ahead): string {
  const [{ amount, version }] = run
  const terms = sleeper.policies.find((one) => one.version === version)?.demurrage
  const goesOn = run.at(-1) === schedule.melts.at(-1) && schedule.next?.version === version
  const isAlone = run.length === 1 && !goesOn && schedule.next !== run[0]
  const sum = formatAmount(amount, unit)
  if (terms === undefined || 'allDay' in terms.form || isAlone) return `${sum} at once`
  // The last part of all may be what is left.
  const full = schedule.next === undefined ? run.slice(0, -1) : run
  const isFalling = full.some((melt) => melt.amount !== amount)
  return `${sum} ${paceText(terms.period)}${isFalling ? ' at first' : ''}`
}

/** Where melting ends by itself. */
function endText(melts: readonly Melt[], { unit }: Ahead): string {
  const last = melts.at(-1)
  if (last === undefined) return ''
  const left = last.balance - last.amount
  const rest = left === 0n ? 'nothing is left' : `${formatAmount(left, unit)} are left`
  return melts.length === 1 ? `, and ${rest}` : `; from ${toDayText(last.dueDay)} on ${rest}`
}

/** What a line that melted something follows from, as its entry has it. */
export interface MeltReason {
  readonly melt: Melt
  readonly terms: Demurrage
  readonly unit: MeltingUnit
}

/** Why a part of a balance melted, with the numbers behind it. */
export function meltSentence({ melt, terms, unit }: MeltReason): string {
  const { amount, dueDay, version } = melt
  const sum = formatAmount(amount, unit)
  const rule = `by version ${version} of the policy of ${unit.name}`
  const parts = [reasonText(terms.form, melt, unit), ...cutText(terms, melt, unit)]
  const sleep = sleepText(terms, melt)
  return `${sum} melted on ${toDayText(dueDay)}: ${parts.join(', ')}${sleep}, ${rule}.`
}

function reasonText(form: MeltForm, { balance, held }: Melt, unit: Unit): string {
  const all = formatAmount(balance, unit)
  const of = held === 0n ? all : `${all} less ${formatAmount(held, unit)} that was held`
  if ('ppm' in form) return `${toPercent(form.ppm)} of ${of}, rounded down`
  if ('fixed' in form) return `${formatAmount(form.fixed, unit)} of ${of}`
  return `all of ${of}`
}

/** Of a part that was smaller than the rate or the fixed amount says. */
function cutText({ form, floor }: Demurrage, melt: Melt, unit: Unit): readonly string[] {
  const awake = melt.balance - melt.held
  const wanted = 'ppm' in form ? (awake * BigInt(form.ppm)) / PPM : undefined
  const full = 'fixed' in form ? form.fixed : (wanted ?? awake)
  if (melt.amount >= full) return []
  return [floor > 0n ? `but never the last ${formatAmount(floor, unit)}` : 'as there was no more']
}

function sleepText({ form, basis, period }: Demurrage, melt: Melt): string {
  const { restDay, beginDay, dueDay } = melt
  if ('allDay' in form) return ''
  const ended = `, for the ${periodText(period)} from ${toDayText(beginDay)} on`
  if (restDay === undefined) return ended
  const days = countText(dueDay - restDay, 'day')
  return basis === 'inactivity'
    ? `${ended}, after ${days} without a gesture`
    : `${ended}, after ${days} in this wallet on average`
}

/** What a line that shared something out follows from. */
export interface ShareReason {
  readonly planned: PlannedShare
  /** All that melted in the epoch from wallets of one origin. */
  readonly total: bigint
  /** The end of the epoch. Units: milliseconds. */
  readonly dueMs: number
  /** The name of the place of origin, for wallets that have one. */
  readonly origin: string | undefined
  /** Who got it when its own receiver could not take it. */
  readonly fellTo: string | undefined
  readonly unit: MeltingUnit
}

const SHARES: Readonly<Record<MeltShare, string>> = {
  places: 'the place of origin',
  commons: 'the commons',
  maintenance: 'maintenance',
  burnt: 'what leaves circulation',
}

/** Why somebody got a share of what melted, with the numbers behind it. */
export function shareSentence(reason: ShareReason): string {
  const { planned, total, dueMs, origin, fellTo, unit } = reason
  const of =
    origin === undefined ? 'from wallets that no place handed out' : `from wallets of ${origin}`
  const fallen = fellTo === undefined ? '' : `, which cannot take it: it fell to ${fellTo}`
  const share = `${formatAmount(planned.amount, unit)} of the ${formatAmount(total, unit)}`
  return `${share} that melted up to ${toDayText(dayOf(dueMs))} ${of}: ${toPercent(planned.ppm)} for ${SHARES[planned.share]}${fallen}.`
}
