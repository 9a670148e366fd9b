import { LOCAL, RAFFINERIE } from '../../cast.ts'
import { FED } from '../deed.ts'
import type { Stage } from './stage.ts'

/** So many of a hundred who leave the island take what is left of their money with them. */
const REFUND_PERCENT = 60

export function playFarewells({ world, day, moment }: Stage): void {
  for (const person of world.residents) {
    if (person.character.leaves > day.number) continue
    world.residents.delete(person)
    const { purse } = person
    const euros = purse.of(FED)
    const hasMoney = euros + purse.of(LOCAL) > 0
    if (!hasMoney || !world.lot.chance(REFUND_PERCENT) || !moment.take(person)) continue
    purse.clear(FED)
    purse.clear(LOCAL)
    world.placePurse(RAFFINERIE).add({ asset: FED, amount: euros })
    moment.add([{ kind: 'refund', place: RAFFINERIE, card: person.card }])
  }
}
