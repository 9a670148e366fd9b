/** La Raffinerie on a weekday: lunch, the membership with it when it is due, and the workshop. */
import { HOURS, MEMBERSHIP, RAFFINERIE } from '../../cast.ts'
import type { Deed } from '../deed.ts'
import type { Person } from '../person.ts'
import { purchase } from './purchase.ts'
import type { Stage } from './stage.ts'

const LUNCH_PERMILLE = 48
const WORKSHOP_PERMILLE = 18
/** So many of a hundred pay another year when they come after the first one is over. */
const RENEWAL_PERCENT = 45
const YEAR_DAYS = 365
const WORKSHOP_HOUR = 100

export function playLunch(stage: Stage): void {
  const { world } = stage
  for (const person of world.visitors('lunch', { ...stage, permille: LUNCH_PERMILLE })) {
    const lunch = priceOf(stage, 'Repas du midi')
    const after = isDue(stage, person) ? [membershipOf(stage, person)] : []
    const price = lunch + (after.length > 0 ? priceOf(stage, MEMBERSHIP) : 0)
    purchase(stage, { person, place: RAFFINERIE, price, hasDesk: true, after })
  }
}

function isDue({ world, day }: Stage, { paidUntil }: Person): boolean {
  if (paidUntil === undefined || paidUntil > day.number) return false
  return world.lot.chance(RENEWAL_PERCENT)
}

/** The year begins with the day of the payment. */
export function membershipOf(stage: Stage, person: Person): Deed {
  const { day } = stage
  person.paidUntil = day.number + YEAR_DAYS
  return {
    kind: 'membership',
    place: RAFFINERIE,
    card: person.card,
    asset: MEMBERSHIP,
    amount: priceOf(stage, MEMBERSHIP),
    startMs: day.startMs,
  }
}

export function priceOf({ world }: Stage, name: string): number {
  const found = world.products[RAFFINERIE]?.find(([product]) => product === name)
  return found?.[1] ?? 0
}

/** An hour at the machines, for an hour of one's own or for money. */
export function playWorkshop(stage: Stage): void {
  const { world, moment } = stage
  for (const person of world.visitors('lunch', { ...stage, permille: WORKSHOP_PERMILLE })) {
    if (person.purse.of(HOURS) < WORKSHOP_HOUR) {
      const price = (1 + world.lot.below(3)) * priceOf(stage, 'Heure de fablab')
      purchase(stage, { person, place: RAFFINERIE, price, hasDesk: true })
      continue
    }
    const part = { asset: HOURS, amount: WORKSHOP_HOUR }
    person.purse.add({ ...part, amount: -part.amount })
    world.placePurse(RAFFINERIE).add(part)
    moment.add([{ kind: 'sale', place: RAFFINERIE, card: person.card, parts: [part] }])
    world.payments += 1
  }
}
