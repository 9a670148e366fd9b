/** An evening of music at the festival's place: entry, rounds, cups; at the end cards are given back for cash. */
import { BADGE, FESTIVAL, GIFT, RAFFINERIE } from '../../cast.ts'
import { type Deed, FED } from '../deed.ts'
import type { Person } from '../person.ts'
import { DESK } from '../reserve.ts'
import type { Party } from '../world.ts'
import { purchase } from './purchase.ts'
import type { Stage } from './stage.ts'

/** Rounds in which people come. */
const ENTRY_ROUNDS = 2
/** How many of a thousand who like it come in a round. */
const COME_PERMILLE = { soiree: 30, festival: 110 } as const
const SOIREE_ENTRY = 500
/** So many of a hundred buy something in a round, bring their cup back, give their card back. */
const BUY_PERCENT = 68
const CUP_BACK_PERCENT = 80
const CARD_BACK_PERCENT = { soiree: 6, festival: 40 } as const
/** So many of a hundred guests of the festival come back for it on Monday. */
const MONDAY_PERCENT = 15
const CASH_FOR_EUROS = 3_000
const CUP = 100
/** A drink on the house, for who pays the entry. */
const ENTRY_GIFT = 300
const VOLUNTEER_GIFT = 500
const DRINKS: readonly string[] = ['Bière pression', 'Jus de goyave']
const MENU: readonly string[] = [...DRINKS, ...DRINKS, 'Eau', 'Samoussas (3)', 'Rougail saucisse']

export function playFeast(stage: Stage): void {
  const { world, day, moment } = stage
  const party = partyOf(stage)
  party.round += 1
  if (party.round <= ENTRY_ROUNDS) for (const person of comers(stage, party)) enter(stage, person)
  const rounds = day.acts.filter(({ scenes }) => scenes.includes('feast')).length
  const isOver = party.round === rounds
  for (const person of party.people) {
    if (!moment.take(person)) continue
    if (isOver) goHome(stage, person)
    else if (world.lot.chance(BUY_PERCENT)) buyRound(stage, person)
  }
}

function partyOf({ world, day }: Stage): Party {
  if (world.party?.day.number !== day.number) world.party = { day, people: new Set(), round: 0 }
  return world.party
}

/** Guests who come for the first time, and whoever likes it. */
function comers(stage: Stage, { people }: Party): readonly Person[] {
  const { world, day, moment } = stage
  const first = world.arrivals('guests', day)
  for (const person of first) {
    moment.take(person)
    world.settle(person)
  }
  const permille = COME_PERMILLE[day.feast ?? 'soiree']
  const again = world.visitors('feast', { ...stage, permille })
  const come = [...first, ...again].filter((person) => !people.has(person))
  for (const person of come) {
    const card = person.tag ?? world.takeCard(FESTIVAL)
    if (card === undefined) continue
    world.hand(person, card)
    people.add(person)
  }
  return come.filter(({ tag }) => tag !== undefined)
}

/** Volunteers badge in and get a gift; some pay cash for federated euros; the others pay the entry. */
function enter(stage: Stage, person: Person): void {
  const { world, day, moment } = stage
  const { volunteers, prefersEuros, isGuest, number } = person.character
  const card = person.card
  if (volunteers) {
    person.isOnDuty = true
    person.purse.add({ asset: GIFT, amount: VOLUNTEER_GIFT })
    const badge = { kind: 'badge', place: FESTIVAL, card, asset: BADGE } as const
    moment.add([badge, giftTo(card, VOLUNTEER_GIFT)])
  } else if (isGuest && prefersEuros && world.reserve.hasRoom(CASH_FOR_EUROS)) {
    const reference = `Made-up cash of person ${number} on ${day.date}`
    const paid = { account: DESK, reference, gross: CASH_FOR_EUROS, fee: 0 }
    world.reserve.issue(paid)
    person.purse.add({ asset: FED, amount: CASH_FOR_EUROS })
    moment.add([{ kind: 'issue', to: { card }, paid }])
  } else {
    const price = day.feast === 'festival' ? priceAt(stage, 'Entrée un jour') : SOIREE_ENTRY
    const after = [giftTo(card, ENTRY_GIFT)]
    purchase(stage, { person, place: FESTIVAL, price, hasDesk: true, after })
    person.purse.add({ asset: GIFT, amount: ENTRY_GIFT })
  }
}

/** A drink comes in a cup; who has one in their hands brings it along. */
function buyRound(stage: Stage, person: Person): void {
  const product = stage.world.lot.pick(MENU)
  const needsCup = DRINKS.includes(product) && person.cups === 0
  if (needsCup) person.cups += 1
  const price = priceAt(stage, product) + (needsCup ? CUP : 0)
  purchase(stage, { person, place: FESTIVAL, price, hasDesk: true })
}

function goHome(stage: Stage, person: Person): void {
  const { lot } = stage.world
  const { feast, weekday } = stage.day
  const deeds: Deed[] = []
  const card = person.card
  if (person.cups > 0 && lot.chance(CUP_BACK_PERCENT)) {
    person.purse.add({ asset: GIFT, amount: CUP })
    deeds.push(giftTo(card, CUP))
  }
  person.cups = 0
  if (person.isOnDuty) deeds.push({ kind: 'badge', place: FESTIVAL, card, asset: BADGE })
  person.isOnDuty = false
  const isLastDay = feast === 'soiree' || weekday === 0
  const percent = isLastDay ? CARD_BACK_PERCENT[feast ?? 'soiree'] : 0
  if (canGiveBack(person) && lot.chance(percent)) deeds.push(...giveCardBack(stage, person))
  if (deeds.length > 0) stage.moment.add(deeds)
}

/** On the Monday after the festival. */
export function playRefunds(stage: Stage): void {
  const { world, day, moment } = stage
  const { party } = world
  if (party?.day.feast !== 'festival' || party.day.number !== day.number - 1) return
  for (const person of party.people) {
    if (!canGiveBack(person) || !world.lot.chance(MONDAY_PERCENT) || !moment.take(person)) continue
    moment.add(giveCardBack(stage, person))
  }
}

function canGiveBack({ isMember, tag, character }: Person): boolean {
  return character.isGuest && !isMember && tag !== undefined
}

/** Cash for what is left, gifts and points lapse, and the card is for somebody else. */
function giveCardBack({ world }: Stage, person: Person): readonly Deed[] {
  const card = person.card
  const { purse } = person
  world.placePurse(RAFFINERIE).add({ asset: FED, amount: purse.of(FED) })
  purse.empty()
  person.tag = undefined
  world.putBackCard(FESTIVAL, card)
  return [
    { kind: 'refund', place: RAFFINERIE, card },
    { kind: 'refund', place: FESTIVAL, card },
    { kind: 'void', card, place: FESTIVAL },
  ]
}

function giftTo(card: string, amount: number): Deed {
  return { kind: 'refill', asset: GIFT, amount, to: { card }, till: FESTIVAL }
}

function priceAt({ world }: Stage, name: string): number {
  return world.products[FESTIVAL]?.find(([product]) => product === name)?.[1] ?? 0
}
