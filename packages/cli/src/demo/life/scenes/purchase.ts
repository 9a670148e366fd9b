/** How somebody pays: what is on the card, filled up at a desk where there is one; refused or not tried where there is none. */
import { LOCAL, RAFFINERIE } from '../../cast.ts'
import type { Deed, Part } from '../deed.ts'
import type { Person } from '../person.ts'
import type { Stage } from './stage.ts'

/** Below this, somebody thinks of filling up. */
const LOW = 500
/** So many of a hundred try to pay without having looked what is left. */
const CARELESS_PERCENT = 12
const TOP_UPS = [1_500, 2_000, 2_000, 3_000, 5_000]

export interface Purchase {
  readonly person: Person
  readonly place: string
  readonly price: number
  /** True where La Raffinerie has a desk that fills cards up. */
  readonly hasDesk: boolean
  /** Pays from the phone. */
  readonly byPhone?: boolean
  /** After the sale, in the same tx. */
  readonly after?: readonly Deed[]
}

/** Pays a price; false when nothing was bought. */
export function purchase({ world, moment }: Stage, order: Purchase): boolean {
  const { person, place, price, hasDesk, after = [] } = order
  const isShort = person.purse.money < price
  if (isShort && !hasDesk) {
    world.low.add(person)
    if (world.lot.chance(CARELESS_PERCENT)) {
      moment.addRefused([saleOf(order, person.purse.split(price))])
    }
    return false
  }
  const topUp = isShort ? [topUpAtDesk(person, price, world.lot.pick(TOP_UPS))] : []
  const parts = person.purse.split(price)
  for (const { asset, amount } of parts) {
    person.purse.add({ asset, amount: -amount })
    world.placePurse(place).add({ asset, amount })
  }
  moment.add([...topUp, saleOf(order, parts), ...after])
  world.payments += 1
  if (person.purse.money < LOW) world.low.add(person)
  return true
}

function saleOf({ person, place, byPhone = false }: Purchase, parts: readonly Part[]): Deed {
  const { card, isMember, character } = person
  if (byPhone && isMember) {
    return { kind: 'phone-sale', place, person: character.number, parts }
  }
  return { kind: 'sale', place, card, parts }
}

/** Local money for cash, at least what is missing. */
export function topUpAtDesk(person: Person, price: number, usual: number): Deed {
  let amount = usual
  while (person.purse.money + amount < price) amount += 1_000
  person.purse.add({ asset: LOCAL, amount })
  return { kind: 'refill', asset: LOCAL, amount, to: { card: person.card }, till: RAFFINERIE }
}
