/** A tx that a request has made, or why it was not made. */
import { type Applied, assert, type TxId } from '@fedow/ledger'
import type { RefusalCode, Submission } from '../engine/engine.ts'
import type { BookReader, StoredTx } from '../store/book-reader.ts'
import { NOT_AUTHENTICATED } from './codec/messages.ts'
import { refuseWithDetail, V1Refusal } from './refusal.ts'
import { refusalOf } from './routes/rejections.ts'

/** A tx that was just decided: what only few routes look at is read from the book when they do. */
export class MadeTx implements StoredTx {
  readonly id: TxId
  readonly outcome: Applied
  readonly #book: BookReader
  #read: StoredTx | undefined

  constructor(book: BookReader, id: TxId, outcome: Applied) {
    this.#book = book
    this.id = id
    this.outcome = outcome
  }

  get seq() {
    return this.#stored().seq
  }

  get kid() {
    return this.#stored().kid
  }

  get json() {
    return this.#stored().json
  }

  get signature() {
    return this.#stored().signature
  }

  #stored(): StoredTx {
    this.#read ??= this.#book.tx(this.id)
    assert(this.#read !== undefined, 'the book has what it has decided')
    return this.#read
  }
}

/** Demands that a tx took effect; throws what v1 says when it did not. */
export function demandApplied(submission: Submission): Applied {
  if (submission.status === 'decided') {
    const { outcome } = submission
    if (outcome.status === 'rejected') throw refusalOf(outcome.rejection)
    return outcome
  }
  if (submission.status === 'unknown' || MAY_ASK_AGAIN.has(submission.code)) {
    // The till tries again: nothing has happened, or what has is found under the id of the same signature.
    throw new V1Refusal(503, { detail: submission.detail })
  }
  const { code, detail } = submission
  if (code === 'id_used') refuseWithDetail(403, NOT_AUTHENTICATED)
  throw new Error(`an own tx was refused as ${code}: ${detail}`)
}

const MAY_ASK_AGAIN: ReadonlySet<string> = new Set<RefusalCode>([
  'queue_full',
  'stopping',
  'clock_jumped',
])
