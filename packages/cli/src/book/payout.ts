import { type PayoutId, parseId } from '@fedow/ledger'
import { needed } from '../command.ts'
import { Misuse } from '../failure.ts'

export const payoutValue = { payout: needed('payout', 'the id that "fedow payout open" answered') }

/** The id of a payout. Throws Misuse. */
export function readPayout(text: string): PayoutId {
  const id = parseId<PayoutId>(text.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(`"${text}" is not the id of a payout. Nothing was sent.`)
}
