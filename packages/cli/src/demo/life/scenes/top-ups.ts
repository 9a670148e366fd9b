/** Who has little left fills up at home: local money from La Raffinerie, or federated euros by bank or by card. */
import { LOCAL } from '../../cast.ts'
import { type Deed, FED } from '../deed.ts'
import type { Person } from '../person.ts'
import { BANK, PROVIDER } from '../reserve.ts'
import type { Stage } from './stage.ts'

/** So many of a hundred who have little left do it today. */
const TODAY_PERCENT = 45
const AMOUNTS: readonly number[] = [2_000, 2_000, 3_000, 5_000]
/** So many of a hundred pay by card, and the provider keeps its fee; the others order a transfer. */
const BY_CARD_PERCENT = 10
const FEE_FIXED = 25
const FEE_PERMILLE = 5

/** Transfers are typed in from the statement of the bank, payments by card come one by one. */
export function playTopUps(stage: Stage): void {
  const { world, moment } = stage
  const people = payers(stage)
  const local: Deed[] = []
  const euros: Deed[] = []
  for (const person of people) {
    const amount = world.lot.pick(AMOUNTS)
    if (!person.character.prefersEuros || !world.reserve.hasRoom(amount)) {
      person.purse.add({ asset: LOCAL, amount })
      local.push({ kind: 'refill', asset: LOCAL, amount, to: person.online })
      continue
    }
    const issue = buyEuros(stage, person, amount)
    if (issue.paid.account === BANK) euros.push(issue)
    else moment.add([issue])
  }
  moment.addList(local)
  moment.addList(euros)
}

/** Who does it today, of those who are still there. */
function payers({ world, day, moment }: Stage): readonly Person[] {
  const people: Person[] = []
  for (const person of world.low) {
    const { isMember, character } = person
    if (!isMember || day.number >= character.leaves) world.low.delete(person)
    else if (world.lot.chance(TODAY_PERCENT) && moment.take(person)) {
      world.low.delete(person)
      people.push(person)
    }
  }
  return people
}

function buyEuros({ world, day, moment }: Stage, person: Person, gross: number) {
  const wished = FEE_FIXED + Math.ceil((gross * FEE_PERMILLE) / 1_000)
  const byCard = world.lot.chance(BY_CARD_PERCENT) && world.reserve.hasRoomForFee(wished)
  const paid = {
    account: byCard ? PROVIDER : BANK,
    reference: `Made-up payment of person ${person.character.number} on ${day.date}, ${moment.timeMs}`,
    gross,
    fee: byCard ? wished : 0,
  }
  world.reserve.issue(paid)
  person.purse.add({ asset: FED, amount: gross })
  return { kind: 'issue', to: person.online, paid } as const
}
