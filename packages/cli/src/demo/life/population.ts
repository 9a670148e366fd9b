import type { SeasonDay } from '../seasons.ts'
import type { Lot } from '../seed.ts'
import { type Character, newGuest, newMember } from './person.ts'

/** So many of a hundred live on the island; the others come for the feasts. */
const MEMBERS_PERCENT = 55
/** So many of a hundred members are there from the first weeks on. */
const FOUNDERS_PERCENT = 12
const FIRST_WEEKS_DAYS = 21
/** Nobody comes so late that the welcome is after the life. */
const LAST_WEEK_DAYS = 7
/** So many of a hundred members leave one day, others than guests, who all do; how many days they are there. */
const LEAVERS_PERCENT = 60
const STAY_DAYS = { least: 60, more: 840 } as const
const GUEST_STAY_DAYS = { least: 1, more: 800 } as const
/** A day of the festival brings as many new guests as so many evenings of the summer. */
const FESTIVAL_WEIGHT = 9

/** Everybody who comes over the days, by the day on which they come first. */
export function populate(
  lot: Lot,
  { days, count }: { readonly days: readonly SeasonDay[]; readonly count: number },
): readonly Character[] {
  const arrivals = arrivalsOf(days)
  const members = arrivals.length === 0 ? count : Math.ceil((count * MEMBERS_PERCENT) / 100)
  const people: Character[] = []
  for (let number = 1; number <= count; number += 1) {
    const isGuest = number > members
    const arrives = isGuest ? lot.pick(arrivals) : arrivalOfMember(lot, days.length)
    const stays = isGuest ? stayOf(lot, GUEST_STAY_DAYS) : stayOfMember(lot)
    const about = { number, arrives, leaves: arrives + stays }
    people.push(isGuest ? newGuest(lot, about) : newMember(lot, about))
  }
  return people.toSorted((a, b) => a.arrives - b.arrives || a.number - b.number)
}

function arrivalOfMember(lot: Lot, days: number): number {
  const isFounder = lot.chance(FOUNDERS_PERCENT)
  const most = Math.max(1, days - LAST_WEEK_DAYS)
  return lot.below(isFounder ? Math.min(FIRST_WEEKS_DAYS, most) : most)
}

function stayOfMember(lot: Lot): number {
  return lot.chance(LEAVERS_PERCENT) ? stayOf(lot, STAY_DAYS) : Number.POSITIVE_INFINITY
}

function stayOf(lot: Lot, { least, more }: typeof STAY_DAYS | typeof GUEST_STAY_DAYS): number {
  return least + lot.below(more)
}

/** Numbers of the days on which guests come, as often as they bring new ones. */
function arrivalsOf(days: readonly SeasonDay[]): readonly number[] {
  return days.slice(0, -1).flatMap(({ feast, number }) => {
    if (feast === undefined) return []
    return Array.from({ length: feast === 'festival' ? FESTIVAL_WEIGHT : 1 }, () => number)
  })
}
