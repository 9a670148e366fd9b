/**
 * What the places put to the vote over the years, and how each of them votes. A motion is put on a Monday, voted on the
 * next, decided a week later, and applied a week after that.
 */
import {
  type Amount,
  type Choice,
  DAY_MS,
  DELAY_USUAL_MS,
  type Demurrage,
  dayFrom,
  NOTICE_DAYS,
  type ParameterName,
  SHARES_USUAL,
  VOTE_USUAL_MS,
} from '@fedow/ledger'
import { BAR, FESTIVAL, GIFT, LOCAL, RAFFINERIE, TIME_BANK } from '../cast.ts'
import { FED } from './deed.ts'
import type { Announced } from './melting.ts'
import { BOOKSHOP, MARKET } from './scenes/shops.ts'

/** What a motion asks for, in the words of the story. */
export type Wish =
  | { readonly kind: 'admit'; readonly place: string }
  | { readonly kind: 'policy'; readonly asset: string; readonly melting: Melts }
  | { readonly kind: 'parameter'; readonly name: ParameterName; readonly value: number }
  /** From the fund of the commons to a place: a fixed amount, or half of what is there. */
  | { readonly kind: 'grant'; readonly to: string; readonly amount: number | 'half' }

/** A share of it each month while it sleeps for more than a year, a share each quarter, or all of it on one day. */
export type Melts = { readonly monthlyPpm: number } | { readonly quarterlyPpm: number } | 'gone'

export interface Motion {
  readonly name: string
  /** Who asks, and says yes. */
  readonly by: string
  readonly wish: Wish
  /** How the others vote; who is not named says nothing. */
  readonly votes: Readonly<Record<string, Choice>>
  readonly isApplied: boolean
}

const YEAR_WEEKS = 52
const SEASON_WEEKS = 13
/** By then something has slept for a year, has melted, and was shared out. */
const FIRST_GRANT_WEEK = 64
/** Who gets the grant of a season, by turns. */
const GRANTED: readonly string[] = [TIME_BANK, FESTIVAL, MARKET, BAR]

const FIRST_RATE_PPM = 10_000
const SECOND_RATE_PPM = 20_000

/** By the Monday on which they are put, from 0. */
const MOTIONS: ReadonlyMap<number, Motion> = new Map([
  [2, giftsEnd('of the first year')],
  [
    6,
    {
      name: 'federated euros melt by 1 % a month after a year of sleep',
      by: RAFFINERIE,
      wish: { kind: 'policy', asset: FED, melting: { monthlyPpm: FIRST_RATE_PPM } },
      // Two thirds of yes and no: exactly enough. The festival says nothing.
      votes: { [MARKET]: 'yes', [BAR]: 'no', [TIME_BANK]: 'abstain' },
      isApplied: true,
    },
  ],
  [
    10,
    {
      name: 'Peaksu melts by 2 % a quarter',
      by: BAR,
      wish: { kind: 'policy', asset: LOCAL, melting: { quarterlyPpm: 20_000 } },
      votes: { [RAFFINERIE]: 'no', [FESTIVAL]: 'no', [MARKET]: 'abstain' },
      isApplied: false,
    },
  ],
  [
    14,
    {
      name: 'a stage for the festival, before there is anything in the fund',
      by: FESTIVAL,
      wish: { kind: 'grant', to: FESTIVAL, amount: 150_000 },
      votes: { [RAFFINERIE]: 'yes', [BAR]: 'yes', [TIME_BANK]: 'yes' },
      isApplied: false,
    },
  ],
  [
    24,
    {
      name: 'up to 12,000.00 federated euros circulate',
      by: RAFFINERIE,
      wish: { kind: 'parameter', name: 'fedCap', value: 1_200_000 },
      votes: { [FESTIVAL]: 'yes', [BAR]: 'yes', [MARKET]: 'abstain' },
      isApplied: true,
    },
  ],
  [YEAR_WEEKS + 2, giftsEnd('of the second year')],
  [
    60,
    {
      name: 'federated euros melt by 2 % a month after a year of sleep',
      by: TIME_BANK,
      wish: { kind: 'policy', asset: FED, melting: { monthlyPpm: SECOND_RATE_PPM } },
      votes: { [RAFFINERIE]: 'yes', [FESTIVAL]: 'yes', [MARKET]: 'yes', [BAR]: 'no' },
      isApplied: true,
    },
  ],
  [2 * YEAR_WEEKS + 2, giftsEnd('of the third year')],
])

function giftsEnd(which: string): Motion {
  return {
    name: `gifts ${which} end on one day`,
    by: FESTIVAL,
    wish: { kind: 'policy', asset: GIFT, melting: 'gone' },
    votes: { [RAFFINERIE]: 'yes', [BAR]: 'yes', [MARKET]: 'yes' },
    isApplied: true,
  }
}

/** The motions that are put on a Monday; `joined` are the places that asked to vote since the last one. */
export function motionsOf(week: number, joined: readonly string[]): readonly Motion[] {
  const planned = MOTIONS.get(week)
  const season = (week - FIRST_GRANT_WEEK) / SEASON_WEEKS
  return [
    ...joined.map(admission),
    ...(planned === undefined ? [] : [planned]),
    ...(season >= 0 && Number.isInteger(season) ? [grantOf(season)] : []),
  ]
}

function admission(place: string): Motion {
  return {
    name: `${place} votes`,
    by: RAFFINERIE,
    wish: { kind: 'admit', place },
    votes: { [FESTIVAL]: 'yes', [BAR]: place === BOOKSHOP ? 'abstain' : 'yes' },
    isApplied: true,
  }
}

function grantOf(season: number): Motion {
  const to = GRANTED[season % GRANTED.length] ?? BAR
  const isTight = season % 3 === 2
  return {
    name: `grant of season ${season + 1}`,
    by: RAFFINERIE,
    wish: { kind: 'grant', to, amount: 'half' },
    votes: { [FESTIVAL]: 'yes', [MARKET]: isTight ? 'no' : 'yes', [BOOKSHOP]: 'yes' },
    isApplied: true,
  }
}

/** What both assets have beside melting: the usual terms of their kinds. */
const USUAL = {
  personToPerson: false,
  spendAt: { accepted: true },
  limits: {},
  dayStartUtcMinutes: 0,
} as const
const REFUND: Readonly<Record<string, Announced['refund']>> = {
  [FED]: 'payout',
  [LOCAL]: 'issuer',
  [GIFT]: 'never',
}

const GRACE_DAYS = 365
const MONTH_DAYS = 30

/** When what is put to the vote at a time would apply. */
export function appliesMs(putMs: number): number {
  return putMs + VOTE_USUAL_MS + DELAY_USUAL_MS
}

/** The terms that a motion asks for, from the first midnight with the lawful notice on. */
export function termsOf(
  { asset, melting }: { readonly asset: string; readonly melting: Melts },
  putMs: number,
): Announced {
  const fromDay = dayFrom(appliesMs(putMs)) + NOTICE_DAYS
  return {
    fromMs: fromDay * DAY_MS,
    ...USUAL,
    refund: REFUND[asset] ?? 'never',
    demurrage: demurrageOf(melting, fromDay),
  }
}

function demurrageOf(melting: Melts, fromDay: number): Demurrage {
  const usual = {
    basis: 'inactivity',
    graceDays: GRACE_DAYS,
    floor: 0n as Amount,
    exempt: ['place', 'fund'],
    shares: SHARES_USUAL,
  } as const
  if (melting === 'gone') {
    const shares = { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 }
    const form = { allDay: fromDay + MONTH_DAYS }
    return { ...usual, graceDays: 0, period: { months: 12 }, form, shares }
  }
  return 'monthlyPpm' in melting
    ? { ...usual, period: { days: MONTH_DAYS }, form: { ppm: melting.monthlyPpm } }
    : { ...usual, period: { months: 3 }, form: { ppm: melting.quarterlyPpm } }
}
