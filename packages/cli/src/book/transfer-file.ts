import type { AnswerOf, attestTransferFile, listVenues } from '@fedow/api'
import { toDecimal } from '@fedow/api'
import { type Id, parseId } from '@fedow/ledger'
import { needed } from '../command.ts'
import { Misuse } from '../failure.ts'

export type TransferFile = AnswerOf<typeof attestTransferFile>
type Transfer = AnswerOf<typeof listVenues>['transfers'][number]

export const fileValue = {
  file: needed('file', 'the id that "fedow venue transfer-file" answered'),
}

/** The id of a file of transfers. Throws Misuse. */
export function readFileId(text: string): Id<'transfer-file'> {
  const id = parseId<Id<'transfer-file'>>(text.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(`"${text}" is not the id of a file of transfers. Nothing was sent.`)
}

/** What a transfer came to, in a line. */
export function toTransferRow(
  { place, amount, state, problem, by }: Transfer,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  return [names.get(place) ?? place, toDecimal(amount), by, state, problem ?? '']
}
