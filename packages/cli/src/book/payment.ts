import { type Id, parseId } from '@fedow/ledger'
import { Misuse } from '../failure.ts'

/** The id of a payment. Throws Misuse. */
export function readPayment(text: string): Id<'payment'> {
  const payment = parseId<Id<'payment'>>(text.toLowerCase())
  if (payment !== undefined) return payment
  throw new Misuse(`"${text}" is not the id of a payment. "fedow payment list" tells them.`)
}
