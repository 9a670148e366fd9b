/**
 * Batches of cards that a request brings, between directory and book:
 *
 *   directory, batch pending -> tx: cards-register and card-primary -> directory, batch registered
 *
 * The directory knows the cards before the book does, so that no card of the book is without its tag. A tx that is
 * refused takes the batch back. A stop in between leaves it pending: the next start asks the book, which has all of
 * it or nothing, since such a batch is one tx (`settleCardBatches`).
 */
import {
  type BatchId,
  type CardId,
  type Hash,
  type Hex32,
  MerkleTree,
  type PlaceId,
  toHex,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { CardDirectory } from '../../store/card-directory.ts'
import { type CardNames, cardLeaf } from '../../store/card-entry.ts'

/** Where a batch of the directory comes from: an imported one has the name of its file here. */
const ORIGIN = 'POST /card/'

export interface NewBatch {
  readonly batch: BatchId
  readonly place: PlaceId
  readonly generation: number
  readonly createdMs: number
  readonly cards: readonly (CardNames & { readonly card: CardId; readonly salt: Uint8Array })[]
}

/** Writes a batch down, pending, and answers what the book is to be told of it. Throws CardsKnownError. */
export function writeCardBatch(
  directory: CardDirectory,
  { batch, place, generation, createdMs, cards }: NewBatch,
  hash: Hash,
) {
  const facts = { batch, place, generation, level: 'L0' } as const
  const kept = cards.map((card) => ({ ...card, leaf: cardLeaf(hash, card) }))
  const tree = new MerkleTree(hash)
  for (const { leaf } of kept) tree.append(leaf)
  const whole = { root: toHex(tree.root()) as Hex32, count: kept.length }
  directory.beginBatch({ ...facts, fileName: ORIGIN, createdMs })
  try {
    directory.addCards(batch, 0, kept)
    directory.endBatch(batch, whole)
  } catch (cause) {
    directory.discard(batch)
    throw cause
  }
  return { ...facts, ...whole }
}

/** A batch of which nobody knows whether the book has it, and how many txs the book had then. */
interface Left {
  readonly batch: BatchId
  readonly txs: number
}

const left = new WeakMap<CardDirectory, Left[]>()

/** Keeps a batch for later: its tx may still turn up in the book once the disk is well. */
export function leaveCardBatch(book: BookReader, directory: CardDirectory, batch: BatchId): void {
  const before = left.get(directory) ?? []
  left.set(directory, [...before, { batch, txs: book.tip().txs }])
}

/** Settles what was left, if the book has grown since: it is well then, and has all that it will ever have of it. */
export function settleLeft(book: BookReader, directory: CardDirectory): void {
  const waiting = left.get(directory) ?? []
  if (waiting.length === 0) return
  const { txs } = book.tip()
  left.set(
    directory,
    waiting.filter((one) => one.txs >= txs),
  )
  for (const one of waiting) if (one.txs < txs) settleCardBatch(book, directory, one.batch)
}

/**
 * Ends what a stop left between directory and book. To be called before any request, and before pending imports go on,
 * for those would register such a batch by themselves.
 */
export function settleCardBatches(book: BookReader, directory: CardDirectory): void {
  for (const { batch, fileName } of directory.pending()) {
    if (fileName === ORIGIN) settleCardBatch(book, directory, batch)
  }
}

/** Ends a batch as the book has it: all of it, or nothing. */
export function settleCardBatch(book: BookReader, directory: CardDirectory, batch: BatchId): void {
  if (book.state.get('batch', batch) === undefined) directory.discard(batch)
  else directory.markRegistered(batch)
}
