import { HOURS, TIME_BANK } from '../../cast.ts'
import type { Deed } from '../deed.ts'
import type { Stage } from './stage.ts'

const PERMILLE = 170
/** Hundredths of an hour: from half an hour to three hours. */
const LENGTHS: readonly number[] = [50, 100, 100, 150, 200, 300]

/**
 * Neighbours work for each other and pay in hours; who has too few is paid by the bank for work that all need. The bank
 * types in the sheet of the day. Nobody takes both parts at a moment.
 */
export function playHours(stage: Stage): void {
  const { world, moment } = stage
  const sheet: Deed[] = []
  for (const person of world.visitors('hours', { ...stage, permille: PERMILLE })) {
    const { character, purse } = person
    const amount = world.lot.pick(LENGTHS)
    const part = { asset: HOURS, amount }
    if (purse.of(HOURS) < amount) {
      purse.add(part)
      sheet.push({ kind: 'refill', ...part, to: { card: person.card }, till: TIME_BANK })
      continue
    }
    const other = world.somebody('hours', stage)
    if (other === undefined || !person.isMember || !other.isMember) continue
    purse.add({ ...part, amount: -amount })
    other.purse.add(part)
    const from = { person: character.number }
    sheet.push({ kind: 'give', ...part, from, to: { person: other.character.number } })
  }
  moment.addList(sheet)
}
