import { RAFFINERIE } from '../../cast.ts'
import type { Stage } from './stage.ts'

/** So many of a thousand bar-goers come without their card on such a day. */
const LOST_PERMILLE = 4
const FOUND_PERCENT = 40

/** A member without a card gets another: the money was in the wallet all along. Some cards are found, and handed out again. */
export function playLostCards(stage: Stage): void {
  const { world, day, moment } = stage
  for (const person of world.visitors('bar', { ...stage, permille: LOST_PERMILLE })) {
    const { tag: lost, isMember } = person
    const card = isMember && lost !== undefined ? world.takeCard(RAFFINERIE) : undefined
    if (lost === undefined || card === undefined) continue
    world.hand(person, card)
    moment.add([{ kind: 'replace', person: person.character.number, lost, card }])
    if (!world.lot.chance(FOUND_PERCENT)) continue
    const foundOn = day.number + 10 + world.lot.below(40)
    world.lost = [...world.lost, { tag: lost, foundOn }]
  }
  const found = world.lost.filter(({ foundOn }) => foundOn <= day.number)
  for (const { tag } of found) {
    moment.add([{ kind: 'restore', card: tag }])
    world.putBackCard(RAFFINERIE, tag)
  }
  world.lost = world.lost.filter(({ foundOn }) => foundOn > day.number)
}
