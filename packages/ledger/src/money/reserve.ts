/** The euro side of FED: accounts of an internal asset, EUR, that no ordinary wallet holds. */
import { assert } from '../assert.ts'
import { params } from '../context.ts'
import type { Hash } from '../hash.ts'
import { deriveId, type WalletId } from '../ids.ts'
import { issued } from '../post.ts'
import { matching } from '../shape.ts'
import type { StateReader } from '../state/reader.ts'

/** `bank/…`, `provider/…` or `transit/…`. */
export const reserveName = matching(
  /^(?:bank|provider|transit)\/[a-z0-9][a-z0-9-]{0,31}$/,
  'bank/, provider/ or transit/ and a short name in lower case',
)

/** The wallet of a reserve account; `due-from-keeper` is one of them. */
export function reserveWalletId(hash: Hash, name: string): WalletId {
  return deriveId<WalletId>(hash, 'reserve', name)
}

/** The account that grows by provider fees and lost disputes only. */
export const DUE_FROM_KEEPER = 'due-from-keeper'

/** Both sides of the federated euro, in cents. */
export interface ReserveSum {
  readonly fedIssued: bigint
  readonly eurIssued: bigint
}

export function reserveSum(state: StateReader, hash: Hash): ReserveSum {
  const { fed, eur } = params(state)
  return { fedIssued: issued(state, hash, fed), eurIssued: issued(state, hash, eur) }
}

/** FED issued = banks + providers + transit + due from keeper: held at every block. */
export function assertReserve(state: StateReader, hash: Hash): void {
  const { fedIssued, eurIssued } = reserveSum(state, hash)
  assert(fedIssued === eurIssued, `${fedIssued} FED are backed by ${eurIssued} EUR`)
}
