import { type HoldId, parseId } from '@fedow/ledger'
import { needed } from '../command.ts'
import { Misuse } from '../failure.ts'

export const holdValue = { hold: needed('hold', 'the id that "fedow hold open" answered') }

/** The id of a hold. Throws Misuse. */
export function readHold(text: string): HoldId {
  const id = parseId<HoldId>(text.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(`"${text}" is not the id of a hold. Nothing was sent.`)
}
