/**
 * A whole life, day by day: what everybody does, at which moment. Pure: the same beginning, length and number of people
 * give the same life, so that an interrupted one is told again to where it was, and goes on.
 */
import { DAY_MS } from '@fedow/ledger'
import { LOCAL, RAFFINERIE } from '../cast.ts'
import { midnightBefore, type SeasonDay, seasonDay, timeOf } from '../seasons.ts'
import { Lot } from '../seed.ts'
import type { CardOrder } from './card-stock.ts'
import type { Errand } from './deed.ts'
import { Melting } from './melting.ts'
import { Moment } from './moment.ts'
import type { Motion } from './motions.ts'
import { PLAY } from './play.ts'
import { populate } from './population.ts'
import { BOOKSHOP, MARKET } from './scenes/shops.ts'
import { World, type WorldOptions } from './world.ts'

const SEED = 20_231_122
/** Nothing happens at a full minute: acts begin within so many milliseconds. */
const LATE_MS = 540_000
const MARKET_OPENS_DAY = 5
/** The bookshop opens when so much of the life is over. */
const BOOKSHOP_OPENS_SHARE = 0.3
const TILLS_OF_NEW_PLACE = 2
const LAST_TOP_UP = 2_000

/** The very last errand: who finds it in the book knows that the life was lived. */
export const LAST_ERRAND = 'the card to try with is filled up for the last time'

/** When a life is. */
export interface LifeTime {
  /** No season begins before. */
  readonly fromMs: number
  /** Nothing happens after. */
  readonly untilMs: number
}

/** What is on the card to try with, when the seasons begin. */
export interface TryOut {
  readonly tag: string
  readonly parts: readonly { readonly asset: string; readonly amount: number }[]
}

export type LifeOptions = Omit<WorldOptions, 'lot' | 'arrivals' | 'melting'> &
  LifeTime & {
    readonly people: number
    readonly tryOut: TryOut
  }

/** A place that joins the federation. */
export interface NewPlace {
  readonly name: string
  readonly primaries: readonly string[]
}

export interface LifeDay {
  readonly day: SeasonDay
  readonly newPlaces: readonly NewPlace[]
  readonly orders: readonly CardOrder[]
  /** By their time, each with something to do. */
  readonly moments: readonly {
    readonly timeMs: number
    readonly errands: readonly Errand[]
  }[]
}

export class Life {
  readonly days: readonly SeasonDay[]
  readonly #options: LifeOptions
  readonly #world: World
  readonly #melting = new Melting()

  constructor(options: LifeOptions) {
    const lot = new Lot(SEED)
    this.days = daysOf(options)
    this.#options = options
    const arrivals = populate(lot, { days: this.days, count: options.people })
    this.#world = new World({ ...options, lot, arrivals, melting: this.#melting })
    this.#melting.moveTo(options.fromMs)
    this.#addTryOut()
  }

  /** People who have come, and sales that were paid, so far. */
  get tally(): { readonly people: number; readonly payments: number } {
    return { people: this.#world.arrived, payments: this.#world.payments }
  }

  /** What the places put to the vote, so far. */
  get motions(): readonly Motion[] {
    return this.#world.assembly.put
  }

  /** Tells the life, once. */
  *tell(): Generator<LifeDay> {
    for (const day of this.days) {
      const newPlaces = this.#newPlaces(day)
      const orders = this.#world.orderCards()
      yield { day, newPlaces, orders, moments: this.#momentsOf(day) }
    }
  }

  #newPlaces({ number }: SeasonDay): readonly NewPlace[] {
    const opens = Math.floor(this.days.length * BOOKSHOP_OPENS_SHARE)
    const names = [
      ...(number === MARKET_OPENS_DAY ? [MARKET] : []),
      ...(number === Math.max(opens, MARKET_OPENS_DAY) ? [BOOKSHOP] : []),
    ]
    return names.map((name) => {
      this.#world.joined.add(name)
      const primaries = Array.from({ length: TILLS_OF_NEW_PLACE }, () =>
        this.#world.takeCard(RAFFINERIE),
      )
      return { name, primaries: primaries.filter((tag) => tag !== undefined) }
    })
  }

  #momentsOf(day: SeasonDay): LifeDay['moments'] {
    const world = this.#world
    const { untilMs } = this.#options
    let errands = 0
    const nameOf = () => errandName(day, errands++)
    const moments: LifeDay['moments'][number][] = []
    for (const act of day.acts) {
      const timeMs = timeOf(day, act) + world.lot.below(LATE_MS)
      if (timeMs >= untilMs) break
      this.#melting.moveTo(timeMs)
      const moment = new Moment(timeMs, { nameOf, wake: (bearer) => world.wake(bearer) })
      for (const scene of act.scenes) PLAY[scene]({ world, day, moment })
      if (moment.errands.length > 0) moments.push(moment)
    }
    return day.number === this.days.length - 1 ? [...moments, this.#lastMoment()] : moments
  }

  #lastMoment(): LifeDay['moments'][number] {
    const to = { card: this.#options.tryOut.tag }
    const deed = { kind: 'refill', asset: LOCAL, amount: LAST_TOP_UP, to } as const
    const errand = { name: LAST_ERRAND, deeds: [deed], isRefused: false }
    return { timeMs: this.#options.untilMs, errands: [errand] }
  }

  /** The card to try with is one of a neighbour who never leaves, so that it has something to show. */
  #addTryOut(): void {
    const { tag, parts } = this.#options.tryOut
    const likes = { bar: 2, lunch: 1, market: 1, books: 1, hours: 0, feast: 1 }
    const world = this.#world
    const person = world.newPerson({
      number: 0,
      arrives: 0,
      leaves: Number.POSITIVE_INFINITY,
      isGuest: false,
      likes,
      joins: false,
      volunteers: false,
      prefersEuros: false,
      hasPhone: false,
    })
    world.hand(person, tag)
    for (const part of parts) person.purse.add(part)
    person.purse.wake()
    world.settle(person)
  }
}

/** The name of an errand of a day, by its place in the day. */
export function errandName({ date }: SeasonDay, index: number): string {
  return `life ${date} ${index}`
}

/** The days that begin within a life: the first one is whole, the last one ends with it. */
function daysOf({ fromMs, untilMs }: LifeTime): readonly SeasonDay[] {
  const first = midnightBefore(fromMs) + DAY_MS
  const days: SeasonDay[] = []
  for (let startMs = first; startMs < untilMs; startMs += DAY_MS) {
    days.push(seasonDay(days.length, startMs))
  }
  return days
}
