/** What a tx asked for and did, from the book: answers are made of it alone, however late they are asked for. */
import { randomUUID } from 'node:crypto'
import { type Action, type Line, Malformed, parsePayload, type TxId } from '@fedow/ledger'
import type { BookReader, StoredTx } from '../../store/book-reader.ts'
import type { V1Call } from '../route.ts'

/** What a tx asked for. */
export function actionsOf({ json }: Pick<StoredTx, 'json'>): readonly Action[] {
  const payload = parsePayload(json)
  return payload === undefined || payload instanceof Malformed ? [] : payload.actions
}

/** The lines of a tx; none when it was rejected. */
export function linesOf({ outcome }: Pick<StoredTx, 'outcome'>): readonly Line[] {
  return outcome.status === 'applied' ? outcome.lines : []
}

/** Number of the last line of the book as of a tx, which may have none itself. */
export function lastLineAt(book: BookReader, stored: StoredTx): number {
  let tx: StoredTx | undefined = stored
  while (tx !== undefined) {
    const line = linesOf(tx).at(-1)
    if (line !== undefined) return line.number
    tx = book.txAt(tx.seq - 1)
  }
  return 0
}

/** The id of the tx of a request: from its signature. One that is not signed is a new request each time. */
export function idOf({ id }: Pick<V1Call, 'id'>): TxId {
  return id ?? (randomUUID() as string as TxId)
}
