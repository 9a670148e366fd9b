import { type BodyOf, getTx, postTx } from '@fedow/api'
import { Malformed, type TxId } from '@fedow/ledger'
import { type Caller, onlyPlaceOf } from '../../gateway/caller.ts'
import { relayTx } from '../../gateway/relay.ts'
import type { StoredTx } from '../../store/book-reader.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { optionsOf, serve } from '../serve.ts'
import { toIso } from '../time.ts'
import { toAnswer } from '../tx-answer.ts'
import { lineView } from '../views.ts'
import { whyOf } from '../why.ts'

export function txRoutes(http: Http): void {
  const { scope, parts } = http
  const { book, engine } = parts

  // The hot path: no hook, no question about who sends it, since the tx carries its own signature.
  scope.register(async (inner) => {
    inner.addContentTypeParser('application/jose', { parseAs: 'string' }, (_, body, done) =>
      done(null, body),
    )
    inner.route({
      ...optionsOf(postTx),
      handler: async ({ body }) => {
        const jws = typeof body === 'string' ? body : (body as BodyOf<typeof postTx>).tx
        const tx = relayTx(engine, jws)
        if (tx instanceof Malformed) {
          throw new RequestError({ code: 'malformed', where: tx.path, expected: tx.expected })
        }
        return toAnswer(parts, await tx.submission, tx.id)
      },
    })
  })

  serve(http, getTx, ({ params, caller }) => {
    const stored = book.tx(params.tx)
    if (stored === undefined) throw new RequestError({ code: 'tx_not_found', tx: params.tx })
    return txView(http, caller, stored)
  })
}

function txView({ parts }: Http, caller: Caller, { id, outcome }: StoredTx) {
  const { status, height, index, timeUs } = outcome
  const lines = outcome.status === 'applied' ? outcome.lines : []
  const why = whyOf(parts.book)
  return {
    txId: id as TxId,
    status,
    height,
    index,
    time: toIso(timeUs),
    ...(outcome.status === 'rejected' && { code: outcome.rejection.code }),
    hashes: lines.map(({ hash }) => hash),
    lines: lines
      .filter(isSeenBy(parts, caller))
      .map((line) => lineView(parts.book, line, why(line))),
  }
}

/** Which lines a caller sees: the operator all, a place those in which it gives or receives, the public none. */
export function isSeenBy(
  { book }: Pick<Http['parts'], 'book'>,
  caller: Caller,
): (line: { readonly from: string; readonly to: string }) => boolean {
  if (caller.kind === 'public') return () => false
  const place = onlyPlaceOf(caller)
  if (place === undefined) return () => true
  const wallet = book.state.get('place', place)?.wallet
  return ({ from, to }) => wallet !== undefined && (from === wallet || to === wallet)
}
