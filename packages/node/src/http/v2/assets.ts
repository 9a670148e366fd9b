import {
  archiveAsset,
  changePolicy,
  createAsset,
  getAsset,
  listAssets,
  setCreditLimit,
} from '@fedow/api'
import { type Asset, type AssetId, acceptedAssets, type PlaceId, refuse } from '@fedow/ledger'
import { creditIntent } from '../../gateway/credit-intents.ts'
import {
  archiveIntent,
  assetIdOf,
  assetIntent,
  policyIntent,
} from '../../gateway/registry-intents.ts'
import { readRecords } from '../page.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { assetView } from '../views.ts'

export function assetRoutes(http: Http): void {
  const { means, parts } = http
  const { book } = parts

  const toViews = (rows: readonly { readonly id: AssetId; readonly record: Asset }[]) => {
    const context = { state: book.state, hash: parts.hash, timeMs: parts.now() }
    return rows.flatMap(({ id, record }) => assetView(context, id, record) ?? [])
  }

  serve(http, listAssets, ({ query }) => {
    const { place, ...page } = query
    if (place !== undefined) return { assets: toViews(acceptedBy(http, place)) }
    const { rows, next } = readRecords<'asset', AssetId>(book, 'asset', page)
    return { assets: toViews(rows), ...next }
  })

  serve(http, getAsset, ({ params: { asset: id } }) => {
    const record = book.state.get('asset', id)
    const [view] = record === undefined ? [] : toViews([{ id, record }])
    return view ?? refuse({ code: 'asset_not_found', asset: id })
  })

  serve(http, createAsset, async ({ caller, id, body }) => {
    const answer = await answerIntent(http, caller, assetIntent(means, caller, { id, ...body }))
    return { ...answer, asset: assetIdOf(means, id) }
  })

  serve(http, archiveAsset, ({ caller, id, params }) =>
    answerIntent(http, caller, archiveIntent(means, caller, { id, ...params })),
  )

  serve(http, changePolicy, ({ caller, id, params, body }) =>
    answerIntent(http, caller, policyIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, setCreditLimit, ({ caller, id, params, body }) =>
    answerIntent(http, caller, creditIntent(means, caller, { id, ...params, ...body })),
  )
}

function acceptedBy({ parts }: Http, id: PlaceId) {
  const { state } = parts.book
  const record = state.get('place', id) ?? refuse({ code: 'place_not_found', place: id })
  return acceptedAssets(state, { id, record }).flatMap((asset) => {
    const found = state.get('asset', asset)
    return found === undefined ? [] : [{ id: asset, record: found }]
  })
}
