import { getReceipt, getTlogProof } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import { type Caller, onlyPlaceOf } from '../../gateway/caller.ts'
import type { StoredTx } from '../../store/book-reader.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serveFile } from '../serve.ts'
import { isSeenBy } from './txs.ts'

export function receiptRoutes(http: Http): void {
  const { book, proofs } = http.parts

  serveFile(http, getReceipt, ({ params: { tx }, caller }) => {
    const stored = find(tx)
    if (!mayShow(http, caller, stored)) {
      throw new RequestError({ code: 'receipt_out_of_reach', tx })
    }
    if (stored.seq === GENESIS) throw new RequestError({ code: 'genesis_without_receipt' })
    return { file: sealed(tx, proofs.receipt(stored)) }
  })

  serveFile(http, getTlogProof, ({ params: { tx } }) => {
    return { file: sealed(tx, proofs.tlogProof(find(tx))) }
  })

  function find(tx: TxId): StoredTx {
    const stored = book.tx(tx)
    if (stored === undefined) throw new RequestError({ code: 'tx_not_found', tx })
    return stored
  }
}

/** The place of the genesis in the book. */
const GENESIS = 1

/** Whoever sees one of its lines sees the whole tx; one without lines is seen by those who see every place. */
function mayShow({ parts }: Http, caller: Caller, { outcome }: StoredTx): boolean {
  const lines = outcome.status === 'applied' ? outcome.lines : []
  return onlyPlaceOf(caller) === undefined || lines.some(isSeenBy(parts, caller))
}

function sealed(tx: TxId, file: string | undefined): string {
  if (file === undefined) throw new RequestError({ code: 'not_sealed_yet' }, tx)
  return file
}
