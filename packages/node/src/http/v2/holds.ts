import { captureHold, getHold, openHold, releaseHold } from '@fedow/api'
import { type CardId, refuse } from '@fedow/ledger'
import { demandCan, demandOnPlace } from '../../gateway/caller.ts'
import { captureIntent, holdIdOf, holdIntent, releaseIntent } from '../../gateway/hold-intents.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { answerIntent } from '../tx-answer.ts'

export function holdRoutes(http: Http): void {
  const { means, parts } = http

  serve(http, openHold, async ({ caller, id, body }) => {
    const answer = await answerIntent(http, caller, holdIntent(means, caller, { id, ...body }))
    return { ...answer, hold: holdIdOf(means, id) }
  })

  serve(http, getHold, ({ caller, params: { hold } }) => {
    demandCan(caller, 'read', 'sell')
    const open = parts.book.state.get('hold', hold) ?? refuse({ code: 'hold_not_found', hold })
    const { from, place, asset, amount, expiresMs, card } = open
    demandOnPlace(caller, place, 'read', 'sell')
    return {
      hold,
      from,
      place,
      asset,
      amount: Number(amount),
      expires: toIsoMs(expiresMs),
      ...(card !== undefined && { card: card as CardId }),
    }
  })

  serve(http, captureHold, ({ caller, id, params, body }) =>
    answerIntent(http, caller, captureIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, releaseHold, ({ caller, id, params }) =>
    answerIntent(http, caller, releaseIntent(means, caller, { id, ...params })),
  )
}
