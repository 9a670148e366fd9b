/** Who comes to stay: a wallet, a card, some money on it, often a membership. And guests who become members. */
import { LOCAL, MEMBERSHIP, RAFFINERIE } from '../../cast.ts'
import type { Deed } from '../deed.ts'
import type { Person } from '../person.ts'
import { topUpAtDesk } from './purchase.ts'
import { membershipOf, priceOf } from './raffinerie.ts'
import type { Stage } from './stage.ts'

const FIRST_MONEY: readonly number[] = [1_500, 2_000, 2_500, 3_000]
/** So many of a thousand guests take a wallet of their own, on a Wednesday. */
const GUESTS_PERMILLE = 2
const WEDNESDAY = 3

export function playWelcome(stage: Stage): void {
  const { world, moment } = stage
  for (const person of world.arrivals('members', stage.day)) {
    moment.take(person)
    const card = world.takeCard(RAFFINERIE)
    if (card === undefined) continue
    world.hand(person, card)
    moment.add([...openWallet(person), ...firstMoney(stage, person)])
    world.settle(person)
  }
  const permille = stage.day.weekday === WEDNESDAY ? GUESTS_PERMILLE : 0
  for (const person of world.visitors('feast', { ...stage, permille })) {
    const canJoin = person.character.isGuest && !person.isMember && person.tag !== undefined
    if (canJoin) moment.add(openWallet(person))
  }
}

function openWallet(person: Person): readonly Deed[] {
  const { number } = person.character
  person.isMember = true
  person.purse.moveOver()
  return [
    { kind: 'wallet', person: number },
    { kind: 'link', person: number, card: person.card },
  ]
}

/** At the desk: the membership is paid at once by those who want it. */
function firstMoney(stage: Stage, person: Person): readonly Deed[] {
  const { world } = stage
  const topUp = topUpAtDesk(person, 0, world.lot.pick(FIRST_MONEY))
  if (!person.character.joins) return [topUp]
  const parts = [{ asset: LOCAL, amount: priceOf(stage, MEMBERSHIP) }]
  for (const { asset, amount } of parts) {
    person.purse.add({ asset, amount: -amount })
    world.placePurse(RAFFINERIE).add({ asset, amount })
  }
  world.payments += 1
  const sale = { kind: 'sale', place: RAFFINERIE, card: person.card, parts } as const
  return [topUp, sale, membershipOf(stage, person)]
}
