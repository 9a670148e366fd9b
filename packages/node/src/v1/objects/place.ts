import { assert, type Place, type PlaceId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { type Json, printWire, RawJson } from '../codec/json.ts'
import type { V1Store } from '../store/v1-store.ts'
import type { ShownThen } from './shown-then.ts'

/** LaBoutik refuses everything that names a place with a longer one. */
const DOKOS_ID_MAX = 50

export interface PlaceMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'places'>
  readonly then: ShownThen
}

interface Kept {
  readonly lespassDomain: string | null
  readonly dokosId: string | null
  readonly json: RawJson
}

/** Place, section 3.1 of the wire. */
export class PlaceObjects {
  readonly #means: PlaceMeans
  readonly #kept = new WeakMap<Place, Kept>()

  constructor(means: PlaceMeans) {
    this.#means = means
  }

  fields(id: PlaceId): Readonly<Record<string, Json>> {
    const { name, wallet } = this.record(id)
    const { lespassDomain, dokosId } = this.#means.store.places.get(id)
    const dokos_id = dokosId && [...dokosId].slice(0, DOKOS_ID_MAX).join('')
    return { uuid: id, name, dokos_id, wallet, lespass_domain: lespassDomain }
  }

  /** The same value as long as nothing of it changes. With `at`, as answers about that line show it. */
  json(id: PlaceId, at?: number): RawJson {
    const json = this.#json(id)
    if (at === undefined) return json
    const text = this.#means.then.textAt({ name: id, text: json.text }, at)
    return text === json.text ? json : new RawJson(text)
  }

  #json(id: PlaceId): RawJson {
    const record = this.record(id)
    const { lespassDomain, dokosId } = this.#means.store.places.get(id)
    const kept = this.#kept.get(record)
    if (kept?.lespassDomain === lespassDomain && kept.dokosId === dokosId) return kept.json
    const json = new RawJson(printWire(this.fields(id)))
    this.#kept.set(record, { lespassDomain, dokosId, json })
    return json
  }

  record(id: PlaceId): Place {
    const record = this.#means.book.state.get('place', id)
    assert(record !== undefined, 'a place that something names is in the book')
    return record
  }
}
