import { getPlace, listPlaces, openPlace, renamePlace } from '@fedow/api'
import { type PlaceId, refuse } from '@fedow/ledger'
import { placeIdsOf, placeNameIntent, placeOpenIntent } from '../../gateway/registry-intents.ts'
import { readRecords } from '../page.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { placeView } from '../views.ts'

export function placeRoutes(http: Http): void {
  const { means, parts } = http
  const { book } = parts

  serve(http, listPlaces, ({ query }) => {
    const { rows, next } = readRecords<'place', PlaceId>(book, 'place', query)
    return { places: rows.map(({ id, record }) => placeView(id, record)), ...next }
  })

  serve(http, getPlace, ({ params: { place } }) => {
    const record = book.state.get('place', place) ?? refuse({ code: 'place_not_found', place })
    return placeView(place, record)
  })

  serve(http, openPlace, async ({ caller, id, body }) => {
    const { name, connect } = body
    const intent = placeOpenIntent(means, caller, { id, name })
    const answer = await answerIntent(http, caller, intent)
    const ids = placeIdsOf(means, id)
    const order = { ...connect, place: ids.place, id }
    const connectionString = connect && (await parts.v1?.connect(order))
    return { ...answer, ...ids, ...(connectionString && { connectionString }) }
  })

  serve(http, renamePlace, ({ caller, id, params, body }) =>
    answerIntent(http, caller, placeNameIntent(caller, { id, ...params, ...body })),
  )
}
