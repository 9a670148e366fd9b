import { assert, type FederationId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { Json } from '../codec/json.ts'
import type { V1Store } from '../store/v1-store.ts'
import type { AssetObjects } from './asset.ts'
import type { PlaceObjects } from './place.ts'

export interface FederationMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'past'>
  readonly places: PlaceObjects
  readonly assets: AssetObjects
}

/** Federation, section 3.11 of the wire. */
export function federationJson(
  { book, store, places, assets }: FederationMeans,
  id: FederationId,
): Json {
  const record = book.state.get('federation', id)
  assert(record !== undefined, 'a federation that something names is in the book')
  return {
    uuid: id,
    name: record.name,
    places: record.places.map((place) => places.json(place)),
    assets: record.assets.filter((one) => assets.find(one)).map((asset) => assets.json(asset)),
    description: store.past.federationDescription(id) ?? null,
  }
}
