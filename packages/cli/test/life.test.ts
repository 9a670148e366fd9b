import { DAY_MS } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import type { Deed } from '../src/demo/life/deed.ts'
import { LAST_ERRAND, type LifeDay } from '../src/demo/life/life.ts'
import { lifeOf } from '../src/demo/life/life-of-book.ts'
import { lifeOfNetwork, readLifeSpan } from '../src/demo/life-span.ts'
import { castOf } from '../src/demo/prepare.ts'
import { midnightBefore, type SeasonDay, seasonDay } from '../src/demo/seasons.ts'
import { readStory } from '../src/demo/story.ts'

/** In summer, after a festival. */
const NOON = Date.parse('2026-02-15T12:00:00Z')

describe('a length of life', () => {
  it('is years, months or days, and the name of the network tells it', () => {
    const spans = ['7d', '90d', '1m', '18m', '1y', '3y', '10y'].map(readLifeSpan)
    expect(spans.map(({ days }) => days)).toEqual([7, 90, 30, 548, 365, 1_096, 3_653])
    for (const { text, network } of spans) expect(lifeOfNetwork(network)).toBe(text)
    expect(readLifeSpan('3y').network).toBe('Démonstration, 3 ans')
    expect(['Fedow', 'Démonstration', 'Démonstration, 3 lunes'].map(lifeOfNetwork)).toEqual(
      Array.from({ length: 3 }, () => undefined),
    )
  })

  it.each(['', '3', 'y', '3 y', '0y', '-1y', '6d', '11y', '4000d', '03y', '1.5y', '3Y'])(
    'is not "%s"',
    (text) => {
      expect(() => readLifeSpan(text)).toThrow('is not a length of life')
    },
  )
})

describe('the seasons', () => {
  const days = daysFrom(Date.parse('2023-01-01T12:00:00Z'), 4 * 366)

  it('have a festival of three days in January, on a third weekend, and music in summer', () => {
    const festival = days.filter(({ feast }) => feast === 'festival')
    expect(festival.slice(0, 6).map(({ date }) => date)).toEqual([
      ...['2023-01-20', '2023-01-21', '2023-01-22'],
      ...['2024-01-19', '2024-01-20', '2024-01-21'],
    ])
    expect(festival).toHaveLength(12)
    const soirees = days.filter(({ feast }) => feast === 'soiree')
    expect(new Set(soirees.map(({ weekday }) => weekday))).toEqual(new Set([5, 6]))
    expect(new Set(soirees.map(({ date }) => date.slice(5, 7)))).toEqual(
      new Set(['12', '01', '02']),
    )
  })

  it('leave room between acts, so that one that begins late does not meet the next', () => {
    for (const { date, acts } of days) {
      const minutes = acts.map(({ minute }) => minute)
      const gaps = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0))
      expect(Math.min(10, ...gaps), date).toBe(10)
      expect(Math.max(0, ...minutes), date).toBeLessThanOrEqual(24 * 60 - 10)
    }
  })
})

describe('a life', () => {
  const told = tell('4m', 150)
  const moments = told.flatMap((day) => day.moments)
  const errands = moments.flatMap((moment) => moment.errands)

  it('is the same each time it is told', () => {
    expect(tell('4m', 150)).toEqual(told)
  })

  it('names every errand once, and the last one last', () => {
    const names = errands.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.indexOf(LAST_ERRAND)).toBe(names.length - 1)
  })

  it('goes forward, within its time', () => {
    const times = moments.map(({ timeMs }) => timeMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(times).size).toBe(times.length)
    expect(times.at(-1)).toBe(NOON)
    expect(times[0]).toBeGreaterThan(NOON - 122 * DAY_MS)
  })

  it('lets nobody do two things at a moment, as the book orders them as it likes', () => {
    const owners = new Map<string, string>()
    for (const moment of moments) {
      const shown = moment.errands.flatMap(({ deeds }) => {
        return [...new Set(deeds.flatMap((deed) => peopleOf(deed, owners)))]
      })
      expect(new Set(shown).size).toBe(shown.length)
    }
    expect(owners.size).toBeGreaterThan(50)
  })

  it('has votes, sales in several moneys, refused ones, and refills with a sale in one tx', () => {
    const kinds = new Set(errands.flatMap(({ deeds }) => deeds.map(({ kind }) => kind)))
    expect([...kinds].toSorted()).toEqual([
      ...['admit', 'badge', 'enrol', 'give', 'hand-in', 'issue', 'link', 'membership', 'payout'],
      ...['phone-sale', 'propose', 'refill', 'refund', 'replace', 'restore', 'sale', 'void'],
      ...['vote', 'wallet'],
    ])
    expect(errands.some(({ isRefused }) => isRefused)).toBe(true)
    const split = errands.flatMap(({ deeds }) =>
      deeds.flatMap((deed) => (deed.kind === 'sale' ? [deed.parts.length] : [])),
    )
    expect(Math.max(...split)).toBeGreaterThan(1)
    const longest = Math.max(...errands.map(({ deeds }) => deeds.length))
    expect(longest).toBeGreaterThanOrEqual(4)
    expect(longest).toBeLessThanOrEqual(16)
  })

  it('orders cards before a desk has none left', () => {
    const crowded = tell('1y', 4_000)
    const orders = crowded.flatMap((day) => day.orders)
    expect(orders.length).toBeGreaterThan(2)
    const wallets = crowded.flatMap((day) =>
      day.moments.flatMap((moment) =>
        moment.errands.filter(({ deeds }) => deeds[0]?.kind === 'wallet'),
      ),
    )
    // More than half of all live on the island, and each of them gets a card.
    expect(wallets.length).toBeGreaterThanOrEqual(2_200)
    const tags = orders.flatMap((order) => order.tags)
    expect(new Set(tags.map((tag) => tag.slice(0, 8))).size).toBe(tags.length)
    for (const order of orders) expect(order.file.split('\n')).toHaveLength(order.tags.length + 1)
  })
})

function tell(text: string, people: number): readonly LifeDay[] {
  const span = readLifeSpan(text)
  const story = readStory()
  const genesis = { genesis: { timeMs: NOON - span.days * DAY_MS } }
  return [...lifeOf({ genesis, span, story, cast: castOf(story), people }).tell()]
}

function daysFrom(timeMs: number, count: number): readonly SeasonDay[] {
  const first = midnightBefore(timeMs)
  return Array.from({ length: count }, (_, number) => seasonDay(number, first + number * DAY_MS))
}

/** Who takes part in a deed: persons by their number, others by their card. `owners` learns whose each card is. */
function peopleOf(deed: Deed, owners: Map<string, string>): readonly string[] {
  const persons: string[] = []
  const cards: string[] = []
  const { person, card, lost, to, from } = deed as Partial<Record<string, unknown>>
  if (person !== undefined) persons.push(String(person))
  for (const one of [to, from] as readonly ({ card?: string; person?: number } | undefined)[]) {
    if (one?.card !== undefined) cards.push(one.card)
    if (one?.person !== undefined) persons.push(String(one.person))
  }
  for (const tag of [card, lost]) if (tag !== undefined) cards.push(String(tag))
  for (const tag of person === undefined ? [] : cards) owners.set(tag, String(person))
  return [...persons, ...cards.map((tag) => owners.get(tag) ?? tag)]
}
