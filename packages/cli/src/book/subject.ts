import type { Client } from '@fedow/api'
import type { Subject } from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { readWallet } from './bearer.ts'
import { placeNamed } from './named.ts'

/** How a command names whose keys it is about. */
export const subjectValues = {
  place: text('place', 'keys of this place, by name or id'),
  wallet: text('wallet', 'keys of the wallet of a person, by its id'),
}

/** Exactly one of the two. Throws Misuse. */
export async function readSubject(
  client: Client,
  { place, wallet }: Readonly<Record<'place' | 'wallet', string | undefined>>,
): Promise<Subject> {
  if ((place === undefined) === (wallet === undefined)) {
    throw new Misuse('Name either a place (--place) or a wallet (--wallet). Nothing was sent.')
  }
  if (place !== undefined) return `place/${(await placeNamed(client, place)).id}`
  return `wallet/${readWallet(wallet ?? '')}`
}
