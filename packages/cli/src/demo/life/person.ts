import type { Lot } from '../seed.ts'
import type { Bearer } from './deed.ts'
import type { Melting } from './melting.ts'
import { OwnPurse } from './purse.ts'

/** What people come for. */
export const HABITS = ['bar', 'lunch', 'market', 'books', 'hours', 'feast'] as const
export type Habit = (typeof HABITS)[number]

/** What is settled about a person from the beginning. */
export interface Character {
  readonly number: number
  /** The first and the last day, from the first day of the life. */
  readonly arrives: number
  readonly leaves: number
  /** Comes for the feasts; the others live on the island. */
  readonly isGuest: boolean
  /** How much they like something, from 0 to 3. */
  readonly likes: Readonly<Record<Habit, number>>
  readonly joins: boolean
  readonly volunteers: boolean
  readonly prefersEuros: boolean
  readonly hasPhone: boolean
}

/** Somebody of the seasons, as the book knows them. */
export class Person {
  readonly character: Character
  readonly purse: OwnPurse
  tag: string | undefined
  /** True when the card is linked to a wallet of their own. */
  isMember = false
  /** The day on which their membership is over. */
  paidUntil: number | undefined
  /** Cups in their hands, each lent against 1.00. */
  cups = 0
  isOnDuty = false

  constructor(character: Character, melting: Melting) {
    this.character = character
    this.purse = new OwnPurse(melting)
  }

  /** The tag of the card that they show. */
  get card(): string {
    if (this.tag !== undefined) return this.tag
    throw new Error(`Person ${this.character.number} has no card to show.`)
  }

  /** By phone when they have a wallet, else by card. */
  get online(): Bearer {
    return this.isMember ? { person: this.character.number } : { card: this.card }
  }
}

/** A person who lives on the island. */
export function newMember(
  lot: Lot,
  { number, arrives, leaves }: Pick<Character, 'number' | 'arrives' | 'leaves'>,
): Character {
  return {
    number,
    arrives,
    leaves,
    isGuest: false,
    likes: {
      bar: lot.pick([0, 0, 1, 1, 2, 3]),
      lunch: lot.pick([0, 0, 0, 1, 1, 2]),
      market: lot.pick([0, 1, 1, 2]),
      books: lot.pick([0, 0, 1]),
      hours: lot.pick([0, 0, 1]),
      feast: lot.pick([0, 1, 1, 2]),
    },
    joins: lot.chance(55),
    volunteers: lot.chance(8),
    prefersEuros: lot.chance(20),
    hasPhone: lot.chance(40),
  }
}

/** A person who comes for the feasts. */
export function newGuest(
  lot: Lot,
  { number, arrives, leaves }: Pick<Character, 'number' | 'arrives' | 'leaves'>,
): Character {
  const likes = { bar: 0, lunch: 0, market: 0, books: 0, hours: 0, feast: lot.pick([1, 1, 2]) }
  const isOften = lot.chance(20)
  return {
    number,
    arrives,
    leaves,
    isGuest: true,
    likes: isOften ? { ...likes, bar: 1, market: 1 } : likes,
    joins: false,
    volunteers: false,
    prefersEuros: lot.chance(10),
    hasPhone: false,
  }
}
