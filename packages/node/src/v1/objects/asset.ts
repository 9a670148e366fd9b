import {
  type Asset,
  type AssetId,
  assert,
  type Federation,
  isAccepted,
  type PlaceId,
  params,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { type Json, printWire, RawJson } from '../codec/json.ts'
import { formatDatetime } from '../codec/scalars.ts'
import type { V1Store } from '../store/v1-store.ts'
import { CATEGORY_LABELS, isV1Kind, type V1Kind } from './labels.ts'
import type { PlaceObjects } from './place.ts'
import type { ShownThen } from './shown-then.ts'

export interface AssetMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'past'>
  readonly places: PlaceObjects
  readonly then: ShownThen
}

interface Kept {
  readonly place: RawJson | undefined
  readonly federations: readonly (Federation | undefined)[]
  readonly json: RawJson
}

/** An asset that v1 sees: of a kind that it knows. */
type SeenAsset = Asset & { readonly kind: V1Kind }

/** Asset, section 3.2 of the wire. */
export class AssetObjects {
  readonly #means: AssetMeans
  readonly #kept = new WeakMap<Asset, Kept>()

  constructor(means: AssetMeans) {
    this.#means = means
  }

  /** Undefined when v1 has no such asset. */
  find(id: AssetId): SeenAsset | undefined {
    const record = this.#means.book.state.get('asset', id)
    return record === undefined || !isSeen(record) ? undefined : record
  }

  /** The same value as long as nothing of it changes. With `at`, as answers about that line show it. */
  json(id: AssetId, at?: number): RawJson {
    const json = this.#json(id)
    if (at === undefined) return json
    const text = this.#means.then.textAt({ name: id, text: json.text }, at)
    return text === json.text ? json : new RawJson(text)
  }

  #json(id: AssetId): RawJson {
    const record = this.#record(id)
    const { state } = this.#means.book
    const kept = this.#kept.get(record)
    const place = record.issuer && this.#means.places.json(record.issuer)
    const isSame =
      kept !== undefined &&
      kept.place === place &&
      record.sharedIn.every(
        (one, index) => kept.federations[index] === state.get('federation', one),
      )
    if (isSame) return kept.json
    const json = new RawJson(printWire(this.fields(id)))
    const federations = record.sharedIn.map((one) => state.get('federation', one))
    this.#kept.set(record, { place, federations, json })
    return json
  }

  fields(id: AssetId): Readonly<Record<string, Json>> {
    const { places, book, store } = this.#means
    const record = this.#record(id)
    const { issuer, kind, name, createdUs, policies } = record
    // Its creator may date it back; its first terms are as old as its record.
    const changedUs = Math.max(createdUs, (policies[0]?.fromMs ?? 0) * 1_000)
    return {
      uuid: id,
      name,
      currency_code: codeOf(record),
      category: kind,
      get_category_display: CATEGORY_LABELS[kind],
      place_origin: issuer === undefined ? null : places.fields(issuer),
      wallet_origin: this.originWallet(id),
      created_at: formatDatetime(createdUs),
      last_update: formatDatetime(store.past.assetUpdatedUs(id) ?? changedUs),
      is_stripe_primary: id === params(book.state).fed,
      place_uuid_federated_with: this.#federatedWith(record),
    }
  }

  /** The wallet of the place that made it; the primary wallet for the federated euro. */
  originWallet(id: AssetId): WalletId {
    const { issuer } = this.#record(id)
    if (issuer !== undefined) return this.#means.places.record(issuer).wallet
    return params(this.#means.book.state).keeper
  }

  /** Whether a place accepts it; with no place, everything is. With `at`, as answers about that line say. */
  isAcceptedBy(id: AssetId, place: PlaceId | undefined, at?: number): boolean {
    if (place === undefined) return true
    const { places, then } = this.#means
    const isNow = isAccepted(this.#record(id), { id: place, record: places.record(place) })
    if (at === undefined) return isNow
    return then.textAt({ name: `${id} at ${place}`, text: isNow ? 'yes' : 'no' }, at) === 'yes'
  }

  #record(id: AssetId): SeenAsset {
    const record = this.find(id)
    assert(record !== undefined, 'an asset that something names is in the book')
    return record
  }

  #federatedWith({ sharedIn }: Asset): readonly PlaceId[] {
    const { state } = this.#means.book
    const places = sharedIn.flatMap((one) => state.get('federation', one)?.places ?? [])
    return [...new Set(places)]
  }
}

/** Lespass takes every asset of that code for the federated one: another one, made elsewhere, is shown without it. */
function codeOf({ kind, code }: SeenAsset): string {
  if (kind === 'FED') return 'FED'
  return code.toUpperCase() === 'FED' ? 'LOC' : code
}

function isSeen(record: Asset): record is SeenAsset {
  return isV1Kind(record.kind)
}
