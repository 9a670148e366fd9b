import { getLiveness, getReadiness, getReserve, getStatus } from '@fedow/api'
import { reserveSum } from '@fedow/ledger'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { ReserveAccounts } from '../reserve-accounts.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { askedView } from './witness.ts'

export function statusRoutes(http: Http): void {
  const { book, hash, node, version, engineName, isReady, witness } = http.parts
  const accounts = new ReserveAccounts(book)

  serve(http, getLiveness, () => ({ status: 'alive' as const }))

  serve(http, getReadiness, () => {
    if (!isReady()) throw new RequestError({ code: 'not_ready' })
    return { status: 'ready' as const }
  })

  serve(http, getStatus, ({ caller }) => {
    const { height, timeMs, txs, lines } = book.tip()
    const { fedIssued, eurIssued } = reserveSum(book.state, hash)
    const { network, fed } = book.genesis
    return {
      network,
      chain: book.chain,
      node,
      version,
      engine: engineName,
      height,
      txs,
      lines,
      time: toIsoMs(timeMs),
      fed: { asset: fed.id, issued: Number(fedIssued), eur: Number(eurIssued) },
      ...(caller.kind === 'operator' && { witnesses: witness.asked().map(askedView) }),
    }
  })

  serve(http, getReserve, async () => ({
    fedIssued: Number(reserveSum(book.state, hash).fedIssued),
    accounts: await accounts.list(),
    attested: false as const,
  }))
}
