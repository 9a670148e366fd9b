/** Txs of the keeper that payments lead to: made once, and not made when the book would refuse them as things stand. */
import {
  type Action,
  type Hash,
  type Hex32,
  type Kid,
  type Rejection,
  type TxId,
  toHex,
  toUtf8,
} from '@fedow/ledger'
import { Denied } from '../gateway/denial.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { BookReader } from '../store/book-reader.ts'
import { refusalOf } from './venue-deposit.ts'

export interface KeeperMeans {
  readonly book: BookReader
  readonly gateway: Pick<Gateway, 'submitOwn'>
  readonly hash: Hash
  readonly keeper: Kid
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

/**
 * `refused`: no tx was made. `rejected`: the book has kept one that it refused, so the next needs another id. `later`:
 * it could not decide.
 */
export type KeeperTx =
  | { readonly status: 'applied' }
  | { readonly status: 'refused' | 'rejected'; readonly code: Rejection['code'] }
  | { readonly status: 'later' }

/** Of several actions, only the first is asked about before: the others may build on it. */
export async function orderAsKeeper(
  means: KeeperMeans,
  actions: readonly Action[],
  id: TxId,
): Promise<KeeperTx> {
  const refused = refusalOf(means, actions)
  if (refused !== undefined) return { status: 'refused', code: refused.code }
  try {
    const submission = await means.gateway.submitOwn(actions, id, 'keeper')
    if (submission.status !== 'decided') return { status: 'later' }
    const { outcome } = submission
    if (outcome.status === 'applied') return { status: 'applied' }
    return { status: 'rejected', code: outcome.rejection.code }
  } catch (cause) {
    // The book has this id with other parts of the same: refused before things changed.
    const isOther = cause instanceof Denied && cause.denial.code === 'idempotency_key_reused'
    if (!isOther) throw cause
    return { status: 'rejected', code: 'id_taken' }
  }
}

/** What the book keeps of a text that shows something happened. */
export function evidenceOf(
  { book, hash }: Pick<KeeperMeans, 'book' | 'hash'>,
  text: string,
): { readonly tx: TxId; readonly amount: bigint } | undefined {
  return book.state.get('evidence', shaOf(hash, text))
}

/** As the operator's own commands hash it, so that a hand and the machine never book the same twice. */
export function shaOf(hash: Hash, text: string): Hex32 {
  return toHex(hash(toUtf8(text))) as Hex32
}
