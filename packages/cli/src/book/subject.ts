import type { Client } from '@fedow/api'
import type { Subject } from '@fedow/ledger'
import { flag, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { readWallet } from './bearer.ts'
import { placeNamed } from './named.ts'

/** How a command names whose keys it is about. */
export const subjectValues = {
  place: text('place', 'keys of this place, by name or id'),
  wallet: text('wallet', 'keys of the wallet of a person, by its id'),
  network: flag('keys of the network, which the operator changes'),
}

/** Exactly one of the three. Throws Misuse. */
export async function readSubject(
  client: Client,
  {
    place,
    wallet,
    network,
  }: Readonly<Record<'place' | 'wallet', string | undefined>> & { readonly network: boolean },
): Promise<Subject> {
  const named = [place !== undefined, wallet !== undefined, network].filter(Boolean)
  if (named.length !== 1) {
    throw new Misuse(
      'Name a place (--place), a wallet (--wallet) or the network (--network). Nothing was sent.',
    )
  }
  if (network) return 'network'
  if (place !== undefined) return `place/${(await placeNamed(client, place)).id}`
  return `wallet/${readWallet(wallet ?? '')}`
}
