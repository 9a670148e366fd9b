/** Federated euros of a venue that are on their way out: held in the book, so that nobody spends them meanwhile. */
import {
  type Action,
  type Amount,
  deriveId,
  type Hash,
  type PayoutId,
  type Rejection,
  type TxId,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import type { TransferId, VenueTransfer } from '../store/venue-store.ts'
import { type KeeperMeans, orderAsKeeper, shaOf } from './keeper-tx.ts'

/** `later`: the book could not decide. `refused`: the venue has spent it, say. */
export type VenueHold =
  | { readonly status: 'held' | 'later' }
  | { readonly status: 'refused'; readonly code: Rejection['code'] }

type Held = Pick<VenueTransfer, 'id' | 'place' | 'amount'>

/** The payout that holds what a transfer pays. */
export function payoutOfTransfer(hash: Hash, id: TransferId): PayoutId {
  return deriveId<PayoutId>(hash, 'venue-payout', id)
}

/** True while the book holds what a transfer pays. */
export function isHeldFor(
  { book, hash }: { readonly book: BookReader; readonly hash: Hash },
  id: TransferId,
): boolean {
  return book.state.get('payout', payoutOfTransfer(hash, id)) !== undefined
}

/** Holds what a transfer is to pay, once; said again before the transfer has ended, it stays held. */
export async function holdForVenue(means: KeeperMeans, transfer: Held): Promise<VenueHold> {
  const { book, hash } = means
  const { id, place, amount } = transfer
  if (isHeldFor(means, id)) return { status: 'held' }
  const wallet = book.state.get('place', place)?.wallet
  if (wallet === undefined) return { status: 'refused', code: 'place_not_found' }
  const payout = payoutOfTransfer(hash, id)
  const action: Action = { kind: 'payout-open', payout, wallet, amount: amount as Amount }
  const made = await orderAsKeeper(means, [action], deriveId<TxId>(hash, 'venue-hold', id))
  if (made.status === 'applied') return { status: 'held' }
  return made.status === 'later' ? made : { status: 'refused', code: made.code }
}

/** Gives back what a transfer holds of which nothing was paid. False: the book could not decide now. */
export async function releaseForVenue(means: KeeperMeans, { id }: Held): Promise<boolean> {
  if (!isHeldFor(means, id)) return true
  const { hash } = means
  const payout = payoutOfTransfer(hash, id)
  const reference = shaOf(hash, `transfer ${id} not paid`)
  const action: Action = { kind: 'payout-cancel', payout, reference }
  const made = await orderAsKeeper(means, [action], deriveId<TxId>(hash, 'venue-release', id))
  return made.status === 'applied'
}
