import { BAR, POINTS } from '../../cast.ts'
import type { Person } from '../person.ts'
import { purchase } from './purchase.ts'
import type { Stage } from './stage.ts'

/** How many of a thousand regulars are there at a time, by the day of the week, from Sunday on. */
const PERMILLE: readonly number[] = [84, 0, 84, 100, 130, 160, 176]
const REWARD = 150
const REWARD_POINTS = 3_000
const REWARD_PERCENT = 30

/** Drinks, points for them, and now and then a coffee for the points. */
export function playBar(stage: Stage): void {
  const { world, day } = stage
  const permille = PERMILLE[day.weekday] ?? 0
  for (const person of world.visitors('bar', { ...stage, permille })) {
    const hasReward = person.purse.of(POINTS) >= REWARD_POINTS
    if (hasReward && world.lot.chance(REWARD_PERCENT)) spendPoints(stage, person)
    else drink(stage, person)
  }
}

function drink(stage: Stage, person: Person): void {
  const { lot, products } = stage.world
  const menu = products[BAR] ?? []
  let price = 0
  for (let round = 1 + lot.below(3); round > 0; round -= 1) price += lot.pick(menu)[1]
  const points = { asset: POINTS, amount: price }
  const given = { kind: 'refill', ...points, to: { card: person.card }, till: BAR } as const
  const isSold = purchase(stage, { person, place: BAR, price, hasDesk: false, after: [given] })
  if (isSold) person.purse.add(points)
}

function spendPoints({ world, moment }: Stage, person: Person): void {
  const part = { asset: POINTS, amount: 10 * REWARD }
  person.purse.add({ ...part, amount: -part.amount })
  world.placePurse(BAR).add(part)
  moment.add([{ kind: 'sale', place: BAR, card: person.card, parts: [part] }])
  world.payments += 1
}
