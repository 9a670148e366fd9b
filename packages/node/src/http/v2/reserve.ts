import { cancelPayout, getPayout, getReserve, moveReserve, openPayout, payPayout } from '@fedow/api'
import { refuse } from '@fedow/ledger'
import {
  cancelIntent,
  moveIntent,
  payIntent,
  payoutIdOf,
  payoutIntent,
} from '../../gateway/reserve-intents.ts'
import type { Http } from '../parts.ts'
import { payoutView } from '../payout-view.ts'
import { reserveView } from '../reserve-view.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { answerIntent } from '../tx-answer.ts'

export function reserveRoutes(http: Http): void {
  const { means, parts } = http

  serve(http, getReserve, () => reserveView(parts))

  serve(http, moveReserve, ({ caller, id, body }) =>
    answerIntent(http, caller, moveIntent(means, caller, { id, ...body })),
  )

  serve(http, openPayout, async ({ caller, id, body }) => {
    const answer = await answerIntent(http, caller, payoutIntent(means, caller, { id, ...body }))
    return { ...answer, payout: payoutIdOf(means, id) }
  })

  serve(http, getPayout, async ({ params: { payout } }) => {
    const toPayer = await parts.payments.payouts.look(payout)
    if (toPayer !== undefined) return payoutView(toPayer)
    const open = parts.book.state.get('payout', payout)
    if (open === undefined) return refuse({ code: 'payout_not_found', payout })
    const { wallet, amount, openedMs } = open
    return { payout, wallet, amount: Number(amount), opened: toIsoMs(openedMs) }
  })

  serve(http, payPayout, ({ caller, id, params, body }) =>
    answerIntent(http, caller, payIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, cancelPayout, ({ caller, id, params, body }) =>
    answerIntent(http, caller, cancelIntent(means, caller, { id, ...params, ...body })),
  )
}
