import { type OfferId, parseId } from '@fedow/ledger'
import { Misuse } from '../failure.ts'

/** The id of an offer. Throws Misuse. */
export function offerNamed(text: string): OfferId {
  const id = parseId<OfferId>(text.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(
    `"${text}" is not the id of an offer; "fedow offer list" tells them. Nothing was sent.`,
  )
}
