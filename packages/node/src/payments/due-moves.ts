/**
 * What disputes and overdrawn refunds have taken from a provider's account, booked to what the keeper owes.
 *
 * The account of a provider may be below zero there, and never is in the book: what it lacks is between the keeper and
 * the provider until new payments fill it. So a move is made in parts, as far as there is money; the evidence of the
 * parts in the book says how far it is.
 */
import {
  type Action,
  type Amount,
  DUE_FROM_KEEPER,
  deriveId,
  euros,
  reserveWalletId,
  type TxId,
  toUtf8,
} from '@fedow/ledger'
import type { DisputeStore, DueMove } from '../store/dispute-store.ts'
import { evidenceOf, type KeeperMeans, orderAsKeeper, shaOf } from './keeper-tx.ts'

export interface DueMeans extends KeeperMeans {
  readonly disputes: DisputeStore
}

/** Writes that a move is to be made, once. */
export function owe(
  { disputes }: Pick<DueMeans, 'disputes'>,
  move: Omit<DueMove, 'isDone' | 'rejections'>,
): void {
  if (disputes.move(move.reference) !== undefined) return
  disputes.saveMove({ ...move, isDone: move.amount === 0n, rejections: 0 })
}

/** Moves what can be moved now, oldest first. Only one at a time may do so. */
export async function bookDueMoves(means: DueMeans): Promise<void> {
  for (const move of means.disputes.openMoves()) await bookMove(means, move)
}

async function bookMove(means: DueMeans, move: DueMove): Promise<void> {
  const { disputes, hash } = means
  const done = bookedOf(means, move)
  const whole = move.amount < 0n ? -move.amount : move.amount
  const wanted = whole - done.amount
  if (wanted <= 0n) {
    disputes.saveMove({ ...move, isDone: true })
    return
  }
  const action = partOf(means, move, { wanted, reference: done.next })
  if (action === undefined) return
  const id = deriveId<TxId>(hash, 'due-move', toUtf8(done.next), move.rejections)
  const made = await orderAsKeeper(means, [action], id)
  if (made.status === 'applied') return bookMove(means, move)
  if (made.status === 'rejected') disputes.saveMove({ ...move, rejections: move.rejections + 1 })
}

/** How much of a move is in the book, and the reference of its next part. */
function bookedOf(
  means: DueMeans,
  { reference, isPlain = false }: DueMove,
): { readonly amount: bigint; readonly next: string } {
  let amount = 0n
  for (let part = 1; ; part += 1) {
    const next = isPlain && part === 1 ? reference : `${reference} part ${part}`
    const booked = evidenceOf(means, next)
    if (booked === undefined) return { amount, next }
    amount += booked.amount
  }
}

function partOf(
  { book, hash }: DueMeans,
  { provider, amount: signed, why }: DueMove,
  { wanted, reference }: { readonly wanted: bigint; readonly reference: string },
): Action | undefined {
  const account = `provider/${provider}`
  const [from, to] =
    signed > 0n ? [account, DUE_FROM_KEEPER] : ([DUE_FROM_KEEPER, account] as const)
  const there = euros(book.state, reserveWalletId(hash, from))
  const amount = (there < wanted ? there : wanted) as Amount
  if (amount <= 0n) return undefined
  return { kind: 'reserve-move', from, to, amount, reference: shaOf(hash, reference), why }
}
