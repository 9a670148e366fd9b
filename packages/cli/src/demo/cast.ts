/** Who is there: which cards of the two orders the demonstration uses, and what each person does that evening. Pure: the same files give the same evening. */
import { Lot } from './seed.ts'
import type { Story } from './story.ts'

/** The places of the story, by the part that they play. */
export const RAFFINERIE = 'La Raffinerie'
export const FESTIVAL = 'Manapany Festival'
export const BAR = 'Bar du Port'
export const TIME_BANK = 'Banque de temps du quartier'

/** The assets of the story, by the part that they play. */
export const LOCAL = 'Peaksu'
export const GIFT = 'Cadeau festival'
export const HOURS = 'Heures de quartier'
export const POINTS = 'Points du port'
export const MEMBERSHIP = 'Adhésion annuelle'
export const BADGE = 'Badge bénévole'

const SEED = 20_261_122
const MEMBERS_OF_EACH = 12
const GUESTS = 60
/** A cup is lent against 1.00, and comes back. */
const CUP = 'Gobelet consigné'
const DRINKS = ['Bière pression', 'Jus de goyave']

/** One gesture at a till: a price, or a cup that comes back. */
export type Gesture =
  | { readonly kind: 'sale'; readonly at: typeof FESTIVAL | typeof BAR; readonly amount: number }
  | { readonly kind: 'cup-return' }

/** Somebody with a card. */
export interface Guest {
  readonly tag: string
  /** Federated euros at the beginning, in cents. */
  readonly fed: number
  /** Gift money at the beginning. */
  readonly gift: number
  readonly gestures: readonly Gesture[]
}

/** Somebody with a card and a wallet of their own. */
export interface Member extends Guest {
  /** Local money at the beginning. */
  readonly local: number
  readonly hours: number
  readonly joins: boolean
  readonly volunteers: boolean
}

export interface Cast {
  /** Primary cards of each place, by its name. */
  readonly primaries: ReadonlyMap<string, readonly string[]>
  readonly members: readonly Member[]
  readonly guests: readonly Guest[]
  /** Rich, and not part of the evening: for whoever tries the commands. */
  readonly tryout: string
  /** A card that nobody has, for a member whose own is lost. */
  readonly spare: string
}

/** Casts the evening from the tags of both orders. */
export function castEvening(
  story: Story,
  tags: { readonly raffinerie: readonly string[]; readonly festival: readonly string[] },
): Cast {
  const lot = new Lot(SEED)
  const raffinerie = new Deck(tags.raffinerie)
  const festival = new Deck(tags.festival)
  const primaries = new Map(
    story.places.map(({ name, primaryCards }) => [
      name,
      (name === FESTIVAL ? festival : raffinerie).take(primaryCards),
    ]),
  )
  const [tryout = '', spare = ''] = raffinerie.take(2)
  const own = [...raffinerie.take(MEMBERS_OF_EACH), ...festival.take(MEMBERS_OF_EACH)]
  const members = own.map((tag, index): Member => {
    const isLocal = index < MEMBERS_OF_EACH
    return {
      tag,
      fed: 2_000,
      gift: isLocal ? 300 : 500,
      local: isLocal ? 1_500 : 0,
      hours: index % 3 === 0 ? 300 : 0,
      joins: isLocal && index % 2 === 0,
      volunteers: index % 4 === 1,
      gestures: evening(story, lot),
    }
  })
  const guests = festival.take(GUESTS).map((tag, index): Guest => {
    const fed = lot.pick([1_000, 2_000, 2_000, 3_000])
    return { tag, fed, gift: index % 3 === 0 ? 500 : 0, gestures: evening(story, lot) }
  })
  return { primaries, members, guests, tryout, spare }
}

class Deck {
  readonly #tags: readonly string[]
  #taken = 0

  constructor(tags: readonly string[]) {
    this.#tags = tags
  }

  take(count: number): readonly string[] {
    const some = this.#tags.slice(this.#taken, this.#taken + count)
    this.#taken += count
    return some
  }
}

/** Entry for some, a few rounds at the festival, sometimes a last one at the bar. */
function evening({ products }: Story, lot: Lot): readonly Gesture[] {
  const festival = (products[FESTIVAL] ?? []).filter(([, price]) => price > 0)
  const bar = products[BAR] ?? []
  const cup = festival.find(([name]) => name === CUP)?.[1] ?? 0
  const gestures: Gesture[] = []
  let cups = 0
  for (let round = 1 + lot.below(4); round > 0; round -= 1) {
    const [name, price] = lot.pick(festival)
    const isLent = DRINKS.includes(name) && cup > 0
    if (isLent) cups += 1
    gestures.push({ kind: 'sale', at: FESTIVAL, amount: isLent ? price + cup : price })
  }
  for (; cups > 0; cups -= 1) if (lot.below(4) > 0) gestures.push({ kind: 'cup-return' })
  if (lot.below(3) === 0) gestures.push({ kind: 'sale', at: BAR, amount: lot.pick(bar)[1] })
  return gestures
}
