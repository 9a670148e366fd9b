/**
 * The year of the island, day by day: what is open, at which hours, how lively it is. Pure: a date alone tells it.
 *
 * Summer is in December, as the island lies south of the equator; the festival is on the third weekend of January.
 */
import { DAY_MS, HOUR_MS } from '@fedow/ledger'

/** The clocks of the island are four hours ahead of UTC all year. */
const AHEAD_MS = 4 * HOUR_MS
const MINUTE_MS = 60_000

/** What goes on at some hour. */
export type Scene =
  | 'assembly'
  | 'bar'
  | 'books'
  | 'farewells'
  | 'feast'
  | 'hours'
  | 'lost cards'
  | 'lunch'
  | 'market'
  | 'refunds'
  | 'settlement'
  | 'top-ups'
  | 'welcome'
  | 'workshop'

/** `soiree`: an evening with music, in summer. `festival`: one of the three days of the year. */
export type Feast = 'soiree' | 'festival'

/** What goes on together. */
export interface Act {
  /** Minutes after midnight. */
  readonly minute: number
  readonly scenes: readonly Scene[]
}

export interface SeasonDay {
  /** From 0, the first day of the life. */
  readonly number: number
  /** Such as `2026-01-16`. */
  readonly date: string
  /** Midnight on the island. */
  readonly startMs: number
  /** From 0, a Sunday. */
  readonly weekday: number
  readonly dayOfMonth: number
  /** How many come, in percent of a usual day. */
  readonly liveliness: number
  readonly feast: Feast | undefined
  /** By their hour. */
  readonly acts: readonly Act[]
}

/** From January on. */
const LIVELINESS: readonly number[] = [135, 120, 105, 95, 85, 70, 60, 65, 80, 95, 110, 135]
const SUMMER: readonly number[] = [0, 1, 11]
/** Months of so few people that the bar stays closed on Sundays. */
const QUIET_BELOW = 75

/** Midnight on the island before a time. */
export function midnightBefore(timeMs: number): number {
  return timeMs - ((timeMs + AHEAD_MS) % DAY_MS)
}

/** The day that begins at a midnight of the island. */
export function seasonDay(number: number, startMs: number): SeasonDay {
  const local = new Date(startMs + AHEAD_MS)
  const weekday = local.getUTCDay()
  const month = local.getUTCMonth()
  const dayOfMonth = local.getUTCDate()
  const about = { weekday, month, dayOfMonth, liveliness: LIVELINESS[month] ?? 100 }
  const feast = feastOf(about)
  const date = local.toISOString().slice(0, 10)
  return { number, date, startMs, ...about, feast, acts: actsOf(about, feast) }
}

interface About {
  readonly weekday: number
  readonly month: number
  readonly dayOfMonth: number
  readonly liveliness: number
}

function feastOf(about: About): Feast | undefined {
  const { weekday, month } = about
  if (isFestival(about)) return 'festival'
  return SUMMER.includes(month) && (weekday === 5 || weekday === 6) ? 'soiree' : undefined
}

function isFestival({ weekday, month, dayOfMonth }: About): boolean {
  const sinceFriday = (weekday + 2) % 7
  const friday = dayOfMonth - sinceFriday
  return month === 0 && sinceFriday < 3 && friday >= 15 && friday <= 21
}

type Hour = readonly [string, ...Scene[]]

/** Hours of each day of the week, from Sunday on. Each is a block of the book or two: few, so that years go by quickly. */
const WEEK: readonly (readonly Hour[])[] = [
  [['11:20', 'top-ups', 'bar']],
  [
    ['8:50', 'settlement', 'assembly'],
    ['12:25', 'top-ups', 'lunch', 'workshop', 'farewells', 'welcome'],
  ],
  [
    ['12:20', 'top-ups', 'lunch', 'books', 'lost cards', 'welcome'],
    ['18:40', 'workshop', 'bar'],
  ],
  [
    ['12:20', 'top-ups', 'lunch'],
    ['16:40', 'hours', 'books', 'workshop', 'welcome'],
    ['19:30', 'bar'],
  ],
  [
    ['12:25', 'top-ups', 'lunch', 'books', 'welcome'],
    ['18:40', 'workshop', 'bar'],
  ],
  [
    ['12:25', 'top-ups', 'lunch', 'books'],
    ['18:30', 'workshop', 'welcome', 'bar'],
    ['21:00', 'bar'],
  ],
  [
    ['9:10', 'top-ups', 'market'],
    ['10:20', 'market'],
    ['15:30', 'hours', 'books', 'welcome'],
    ['18:30', 'bar'],
    ['21:00', 'bar'],
  ],
]

const FEAST_HOURS: Readonly<Record<Feast, readonly Hour[]>> = {
  soiree: [
    ['20:10', 'feast'],
    ['21:30', 'feast'],
    ['22:40', 'feast'],
    ['23:40', 'feast'],
  ],
  festival: [
    ['18:10', 'feast'],
    ['19:20', 'feast'],
    ['20:10', 'feast'],
    ['21:30', 'feast'],
    ['22:20', 'feast'],
    ['23:10', 'feast'],
    ['23:50', 'feast'],
  ],
}

function actsOf(about: About, feast: Feast | undefined): readonly Act[] {
  const { weekday, liveliness } = about
  const isClosed = weekday === 0 && liveliness < QUIET_BELOW
  const hours: Hour[] = isClosed ? [] : [...(WEEK[weekday] ?? [])]
  if (feast !== undefined) hours.push(...FEAST_HOURS[feast])
  if (weekday === 1) hours.push(['10:10', 'refunds'])
  return hours
    .map(([time, ...scenes]) => ({ minute: toMinute(time), scenes }))
    .toSorted((a, b) => a.minute - b.minute)
}

function toMinute(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return 60 * hours + minutes
}

/** The moment of an act on its day. */
export function timeOf({ startMs }: SeasonDay, { minute }: Act): number {
  return startMs + minute * MINUTE_MS
}
