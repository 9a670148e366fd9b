/** Mondays: places pay each other's invoices, hand in what they took, and are paid their federated euros. */
import { BAR, FESTIVAL, GIFT, HOURS, LOCAL, POINTS, RAFFINERIE } from '../../cast.ts'
import { type Deed, FED } from '../deed.ts'
import type { World } from '../world.ts'
import { BOOKSHOP, MARKET } from './shops.ts'
import type { Stage } from './stage.ts'

/** Of what the first has, so many percent go to the second. */
const INVOICES: readonly (readonly [string, string, number])[] = [
  [FESTIVAL, BAR, 20],
  [RAFFINERIE, MARKET, 12],
  [BAR, MARKET, 10],
  [BOOKSHOP, RAFFINERIE, 8],
]
const INVOICE_MIN = 2_000
/** Least that is handed in, by asset, and least that is paid out. */
const HAND_IN_MIN: readonly (readonly [string, number])[] = [
  [LOCAL, 5_000],
  [GIFT, 2_000],
  [POINTS, 1],
  [HOURS, 500],
]
const PAYOUT_MIN = 5_000
const FIRST_WEEK_DAYS = 7
const THANKS = 100

export function playSettlement(stage: Stage): void {
  if (stage.day.dayOfMonth <= FIRST_WEEK_DAYS) payInvoices(stage)
  else handIn(stage)
  payOut(stage)
}

/** From what they have now: what they receive at this moment comes later. */
function payInvoices(stage: Stage): void {
  const { world, day, moment } = stage
  const due = INVOICES.map(([from, to, percent]) => {
    const amount = Math.floor((world.placePurse(from).of(LOCAL) * percent) / 100)
    return { from, to, amount }
  })
  for (const { from, to, amount } of due) {
    if (amount < INVOICE_MIN || !isThere(world, to)) continue
    world.placePurse(from).add({ asset: LOCAL, amount: -amount })
    world.placePurse(to).add({ asset: LOCAL, amount })
    const invoice = `Made-up invoice of ${to} to ${from}, ${day.date}`
    const parties = { from: { place: from }, to: { place: to } }
    moment.add([{ kind: 'give', ...parties, asset: LOCAL, amount, invoice }])
  }
  thankVolunteer(stage)
}

function isThere(world: World, place: string): boolean {
  return (place !== MARKET && place !== BOOKSHOP) || world.joined.has(place)
}

/** La Raffinerie pays for an hour of work with an hour. */
function thankVolunteer(stage: Stage): void {
  const { world, moment } = stage
  const purse = world.placePurse(RAFFINERIE)
  const person = purse.of(HOURS) >= THANKS ? world.somebody('hours', stage) : undefined
  if (person?.isMember !== true) return
  const part = { asset: HOURS, amount: THANKS }
  purse.add({ ...part, amount: -THANKS })
  person.purse.add(part)
  const to = { person: person.character.number }
  moment.add([{ kind: 'give', from: { place: RAFFINERIE }, to, ...part }])
}

/** What a place took of the money of others goes back to who made it. */
function handIn({ world, moment }: Stage): void {
  for (const place of world.placesWithMoney) {
    const purse = world.placePurse(place)
    const deeds = HAND_IN_MIN.flatMap(([asset, least]): Deed[] => {
      const amount = purse.of(asset)
      if (amount < least) return []
      purse.clear(asset)
      return [{ kind: 'hand-in', place, asset, amount }]
    })
    if (deeds.length > 0) moment.add(deeds)
  }
}

/** Euros by bank transfer to the place, from the account that has most. */
function payOut({ world, day, moment }: Stage): void {
  for (const place of world.placesWithMoney) {
    const purse = world.placePurse(place)
    const { account, amount: most } = world.reserve.fullest
    const amount = Math.min(purse.of(FED), most)
    if (amount < PAYOUT_MIN) continue
    purse.add({ asset: FED, amount: -amount })
    world.reserve.payOut(account, amount)
    const reference = `Made-up transfer to ${place}, ${day.date}`
    moment.add([{ kind: 'payout', place, paid: { account, reference, gross: amount, fee: 0 } }])
  }
}
