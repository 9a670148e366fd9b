/** Everybody and everything of the seasons, as it stands on a day: what the story knows of the book without asking it. */
import type { FESTIVAL, RAFFINERIE } from '../cast.ts'
import type { SeasonDay } from '../seasons.ts'
import type { Lot } from '../seed.ts'
import { type CardOrder, CardPrinter, CardStock } from './card-stock.ts'
import type { Bearer } from './deed.ts'
import type { Melting } from './melting.ts'
import type { Moment } from './moment.ts'
import type { Motion } from './motions.ts'
import { type Character, HABITS, type Habit, Person } from './person.ts'
import { Purse } from './purse.ts'
import { Reserve } from './reserve.ts'

/** A desk orders cards when it has fewer than these left. */
const CARDS_LOW = 250
/** An order, and by how much each one of a place is bigger than the one before. */
const ORDER_CARDS = 400
const ORDER_GROWTH = 100

/** The places that hand out cards. */
export type CardDesk = typeof RAFFINERIE | typeof FESTIVAL

/** An evening of music: who is there, and how far it is. */
export interface Party {
  readonly day: SeasonDay
  readonly people: Set<Person>
  round: number
}

/** Where the places meet on Mondays. */
export interface Assembly {
  /** How many Mondays there were. */
  week: number
  /** Everything that was put so far. */
  readonly put: Motion[]
  /** What was put a week ago. */
  open: readonly Motion[]
  /** Places whose manager has a key. */
  readonly enrolled: Set<string>
  /** Those that ask for a vote. */
  candidates: readonly string[]
}

/** Something with a price. */
export type Product = readonly [string, number]

export interface WorldOptions {
  readonly lot: Lot
  readonly melting: Melting
  /** Everybody who comes, by the day on which they come. */
  readonly arrivals: readonly Character[]
  readonly products: Readonly<Record<string, readonly Product[]>>
  /** Tags of cards that nobody has, by the place that hands them out. */
  readonly stocks: ReadonlyMap<string, readonly string[]>
  /** Tags and printed numbers of every card there is. */
  readonly printed: readonly string[]
  /** The last generation of the cards of each place. */
  readonly generations: ReadonlyMap<string, number>
  /** Federated euros in circulation before, and the fees of them. */
  readonly issued: number
  readonly due: number
}

export class World {
  readonly lot: Lot
  readonly melting: Melting
  readonly products: WorldOptions['products']
  readonly reserve: Reserve
  /** Who should fill up their card. */
  readonly low = new Set<Person>()
  /** Who lives on the island. */
  readonly residents = new Set<Person>()
  /** Lost cards, and the day on which somebody finds them. */
  lost: readonly { readonly tag: string; readonly foundOn: number }[] = []
  /** Places that have joined the federation since the beginning. */
  readonly joined = new Set<string>()
  /** What the places decide together. */
  readonly assembly: Assembly = { week: 0, put: [], open: [], enrolled: new Set(), candidates: [] }
  /** The last evening of music. */
  party: Party | undefined
  /** Sales that the book applies. */
  payments = 0
  readonly #toCome: Readonly<Record<'members' | 'guests', Character[]>>
  #arrived = 0
  readonly #regulars = new Map<Habit, Person[]>(HABITS.map((habit) => [habit, []]))
  readonly #stocks: ReadonlyMap<string, CardStock>
  readonly #printer: CardPrinter
  readonly #generations: Map<string, number>
  readonly #places = new Map<string, Purse>()
  readonly #people = new Map<number, Person>()
  readonly #holders = new Map<string, Person>()

  constructor(options: WorldOptions) {
    const { lot, melting, arrivals, products, stocks, printed, generations } = options
    this.lot = lot
    this.melting = melting
    this.products = products
    this.reserve = new Reserve(options)
    this.#toCome = {
      members: arrivals.filter(({ isGuest }) => !isGuest),
      guests: arrivals.filter(({ isGuest }) => isGuest),
    }
    this.#stocks = new Map([...stocks].map(([place, tags]) => [place, new CardStock(tags)]))
    this.#printer = new CardPrinter(printed)
    this.#generations = new Map(generations)
  }

  /** People who have come so far. */
  get arrived(): number {
    return this.#arrived
  }

  /** Those whose day has come, once. */
  arrivals(of: 'members' | 'guests', day: SeasonDay): readonly Person[] {
    const toCome = this.#toCome[of]
    const next = toCome.findIndex(({ arrives }) => arrives > day.number)
    const come = toCome.splice(0, next < 0 ? toCome.length : next)
    this.#arrived += come.length
    return come.map((character) => this.newPerson(character))
  }

  newPerson(character: Character): Person {
    const person = new Person(character, this.melting)
    this.#people.set(character.number, person)
    return person
  }

  /** From now on the card is theirs. */
  hand(person: Person, tag: string): void {
    person.tag = tag
    this.#holders.set(tag, person)
  }

  /** What somebody has stays awake. */
  wake(bearer: Bearer): void {
    const who = 'card' in bearer ? this.#holders.get(bearer.card) : this.#people.get(bearer.person)
    who?.purse.wake()
  }

  /** From now on they come for what they like. */
  settle(person: Person): void {
    if (!person.character.isGuest) this.residents.add(person)
    for (const habit of HABITS) {
      const regulars = this.#regulars.get(habit)
      for (let times = person.character.likes[habit]; times > 0; times -= 1) regulars?.push(person)
    }
  }

  /** So many of a thousand of those who like something, who are here and free. */
  visitors(
    habit: Habit,
    {
      day,
      moment,
      permille,
    }: { readonly day: SeasonDay; readonly moment: Moment; permille: number },
  ): readonly Person[] {
    const regulars = this.#regulars.get(habit) ?? []
    const wanted = (regulars.length * permille * day.liveliness) / 100_000
    // A small town has an evening with one guest, and an evening without.
    const count = Math.floor(wanted) + (this.lot.below(1_000) < (wanted % 1) * 1_000 ? 1 : 0)
    const chosen: Person[] = []
    for (let tries = 0; tries < count; tries += 1) {
      const person = this.lot.pick(regulars)
      if (comes(person, habit, day) && moment.take(person)) chosen.push(person)
    }
    return chosen
  }

  /** One of those who like something; `undefined` when nobody is here and free. */
  somebody(
    habit: Habit,
    at: { readonly day: SeasonDay; readonly moment: Moment },
  ): Person | undefined {
    const regulars = this.#regulars.get(habit) ?? []
    if (regulars.length === 0) return undefined
    const person = this.lot.pick(regulars)
    return comes(person, habit, at.day) && at.moment.take(person) ? person : undefined
  }

  placePurse(place: string): Purse {
    const known = this.#places.get(place) ?? new Purse()
    this.#places.set(place, known)
    return known
  }

  /** Places that have had money. */
  get placesWithMoney(): readonly string[] {
    return [...this.#places.keys()]
  }

  /** A card of the desk of a place. */
  takeCard(place: CardDesk): string | undefined {
    return this.#stocks.get(place)?.take()
  }

  putBackCard(place: CardDesk, tag: string): void {
    this.#stocks.get(place)?.putBack(tag)
  }

  /** Orders cards where few are left. */
  orderCards(): readonly CardOrder[] {
    return [...this.#stocks].flatMap(([place, stock]) => {
      if (stock.count >= CARDS_LOW) return []
      const generation = (this.#generations.get(place) ?? 0) + 1
      this.#generations.set(place, generation)
      const count = ORDER_CARDS + ORDER_GROWTH * generation
      const order = this.#printer.print({ place, generation }, count)
      stock.add(order.tags)
      return [order]
    })
  }
}

/** Who gave their card back comes for the next feast only, where they get another. */
function comes({ character, tag }: Person, habit: Habit, { number }: SeasonDay): boolean {
  return number < character.leaves && (tag !== undefined || habit === 'feast')
}
