import {
  postBadge,
  postDeposit,
  postIssue,
  postQrSale,
  postRefill,
  postRefund,
  postSale,
  postSubscription,
  postTransfer,
} from '@fedow/api'
import { keptAfter } from '../../gateway/kept.ts'
import {
  badgeIntent,
  depositIntent,
  issueIntent,
  qrSaleIntent,
  refillIntent,
  refundIntent,
  saleIntent,
  subscriptionIntent,
  transferIntent,
} from '../../gateway/money-intents.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'

export function moneyRoutes(http: Http): void {
  const { means } = http

  serve(http, postSale, ({ caller, id, body }) =>
    answerIntent(http, caller, saleIntent(means, caller, { id, ...body })),
  )

  serve(http, postQrSale, ({ caller, id, body }) =>
    answerIntent(http, caller, qrSaleIntent(means, caller, { id, ...body })),
  )

  serve(http, postRefill, ({ caller, id, body }) =>
    answerIntent(http, caller, refillIntent(means, caller, { id, ...body })),
  )

  serve(http, postRefund, async ({ caller, id, body }) => {
    const answer = await answerIntent(http, caller, refundIntent(means, caller, { id, ...body }))
    const stored = means.book.tx(id)
    const kept = stored === undefined ? [] : keptAfter(means, stored)
    return { ...answer, kept: kept.map((one) => ({ ...one, balance: Number(one.balance) })) }
  })

  serve(http, postTransfer, ({ caller, id, body }) =>
    answerIntent(http, caller, transferIntent(means, caller, { id, ...body })),
  )

  serve(http, postIssue, ({ caller, id, body }) =>
    answerIntent(http, caller, issueIntent(means, caller, { id, ...body })),
  )

  serve(http, postDeposit, ({ caller, id, body }) =>
    answerIntent(http, caller, depositIntent(means, caller, { id, ...body })),
  )

  serve(http, postSubscription, ({ caller, id, body }) =>
    answerIntent(http, caller, subscriptionIntent(means, caller, { id, ...body })),
  )

  serve(http, postBadge, ({ caller, id, body }) =>
    answerIntent(http, caller, badgeIntent(means, caller, { id, ...body })),
  )
}
