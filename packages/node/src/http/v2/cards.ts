import {
  type CardView,
  getBatch,
  getCard,
  linkCard,
  listBatches,
  replaceCard,
  reportCardLost,
  restoreCard,
  type Static,
  setPrimaryCards,
  voidCard,
} from '@fedow/api'
import { assert, type BatchId, type CardId, refuse, walletOf } from '@fedow/ledger'
import { type Caller, demandCan, demandOnPlace, onlyPlaceOf } from '../../gateway/caller.ts'
import {
  linkIntent,
  lossIntent,
  primaryIntent,
  replacementIntent,
  restorationIntent,
  voidIntent,
} from '../../gateway/card-intents.ts'
import { cardNamed } from '../../gateway/means.ts'
import { readRecords } from '../page.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { isAcceptedBy } from '../seen.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { batchView, holdingsView } from '../views.ts'

export function cardRoutes(http: Http): void {
  const { means } = http

  serve(http, getCard, ({ caller, params }) => {
    demandCan(caller, 'read', 'sell', 'cards')
    return cardView(http, caller, cardNamed(means, params.card))
  })

  serve(http, linkCard, ({ caller, id, params, body }) =>
    answerIntent(http, caller, linkIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, reportCardLost, ({ caller, id, params, body }) =>
    answerIntent(http, caller, lossIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, restoreCard, ({ caller, id, params }) =>
    answerIntent(http, caller, restorationIntent(means, caller, { id, ...params })),
  )

  serve(http, replaceCard, ({ caller, id, params, body }) => {
    const request = { id, lost: params.card, ...body }
    return answerIntent(http, caller, replacementIntent(means, caller, request))
  })

  serve(http, voidCard, ({ caller, id, params, body }) =>
    answerIntent(http, caller, voidIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, setPrimaryCards, ({ caller, id, body }) =>
    answerIntent(http, caller, primaryIntent(means, caller, { id, ...body })),
  )

  batchRoutes(http)
}

function batchRoutes(http: Http): void {
  const { book } = http.parts

  serve(http, listBatches, ({ caller, query }) => {
    demandCan(caller, 'read', 'cards')
    const place = onlyPlaceOf(caller)
    const { rows, next } = readRecords<'batch', BatchId>(book, 'batch', query)
    const seen = rows.filter(({ record }) => place === undefined || record.place === place)
    return { batches: seen.map(({ id, record }) => batchView(id, record)), ...next }
  })

  serve(http, getBatch, ({ caller, params: { batch } }) => {
    demandCan(caller, 'read', 'cards')
    const record = book.state.get('batch', batch)
    if (record === undefined) throw new RequestError({ code: 'batch_not_found', batch })
    demandOnPlace(caller, record.place, 'read', 'cards')
    return batchView(batch, record)
  })
}

function cardView({ parts }: Http, caller: Caller, card: CardId): Static<typeof CardView> {
  const { book, directory, hash } = parts
  const { state } = book
  // A card of an import that is not finished stands in the directory and not yet in the book.
  const record = state.get('card', card) ?? refuse({ code: 'card_not_found', card })
  const batch = state.get('batch', record.batch)
  assert(batch !== undefined, 'a card has a batch')
  const entry = directory.byCard(card)
  const wallet = walletOf(hash, card, record)
  return {
    card,
    ...(entry && { tag: entry.tag, number: entry.number, qr: entry.qr }),
    status: record.status,
    batch: record.batch,
    generation: batch.generation,
    place: batch.place,
    ...(record.person !== undefined && { person: record.person }),
    wallet,
    primaryFor: [...record.primary],
    ...holdingsView({ state, timeMs: parts.now() }, wallet, isAcceptedBy(state, caller)),
  }
}
