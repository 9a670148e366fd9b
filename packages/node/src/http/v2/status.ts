import { getLiveness, getReadiness, getStatus } from '@fedow/api'
import { reserveSum } from '@fedow/ledger'
import type { Http } from '../parts.ts'
import { paymentsView } from '../payment-views.ts'
import { payoutsView } from '../payout-view.ts'
import { RequestError } from '../problem-error.ts'
import { remindersView } from '../reminder-view.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { askedView } from './witness.ts'

export function statusRoutes(http: Http): void {
  const { book, hash, node, version, engineName, isReady, witness, reminders } = http.parts
  const { payments, payouts } = http.parts.payments

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
      ...(caller.kind === 'operator' && {
        payments: paymentsView(payments.status()),
        payouts: payoutsView(payouts.counts()),
        reminders: remindersView(reminders),
        witnesses: witness.asked().map(askedView),
      }),
    }
  })
}
