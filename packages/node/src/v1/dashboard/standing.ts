/** How the book stands: what its records say of places, assets and cards, read in pages. */
import { setImmediate } from 'node:timers/promises'
import {
  type Asset,
  type AssetId,
  type Hash,
  issued,
  type Place,
  type PlaceId,
  type RecordKind,
  type RecordOf,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { isV1Kind } from '../objects/labels.ts'

export interface StandingMeans {
  readonly book: BookReader
  readonly hash: Hash
}

export interface Standing {
  readonly places: ReadonlyMap<PlaceId, Place>
  /** Of kinds that v1 knows. */
  readonly assets: ReadonlyMap<AssetId, Asset>
  readonly federations: number
  /** Registered cards by the place of their batch. */
  readonly cards: ReadonlyMap<PlaceId, number>
  /** Minor units in the wallets of places. */
  readonly inPlaces: ReadonlyMap<AssetId, bigint>
  /** Minor units in circulation. */
  readonly issued: ReadonlyMap<AssetId, bigint>
}

/** Records read in one go. */
const STEP = 100

export async function readStanding({ book, hash }: StandingMeans): Promise<Standing> {
  const places = new Map<PlaceId, Place>()
  const assets = new Map<AssetId, Asset>()
  const cards = new Map<PlaceId, number>()
  const inPlaces = new Map<AssetId, bigint>()
  const outside = new Map<AssetId, bigint>()
  let federations = 0
  for await (const { id, record } of recordsOf(book, 'place')) {
    places.set(id as PlaceId, record)
    addBalances(book, record, inPlaces)
  }
  for await (const { id, record } of recordsOf(book, 'asset')) {
    if (!isV1Kind(record.kind)) continue
    const asset = id as AssetId
    assets.set(asset, record)
    outside.set(asset, issued(book.state, hash, asset))
  }
  for await (const { record } of recordsOf(book, 'batch')) {
    cards.set(record.place, (cards.get(record.place) ?? 0) + record.registered)
  }
  for await (const _ of recordsOf(book, 'federation')) federations += 1
  return { places, assets, federations, cards, inPlaces, issued: outside }
}

async function* recordsOf<K extends RecordKind>(
  book: BookReader,
  kind: K,
): AsyncGenerator<{ readonly id: string; readonly record: RecordOf<K> }> {
  let after: string | undefined
  for (;;) {
    const page = book.records(kind, { after, limit: STEP })
    yield* page
    if (page.length < STEP) return
    after = page.at(-1)?.id
    // Between pages the tills have their turn.
    await setImmediate()
  }
}

function addBalances({ state }: BookReader, place: Place, sums: Map<AssetId, bigint>): void {
  for (const asset of state.get('wallet', place.wallet)?.assets ?? []) {
    const balance = state.get('account', `${place.wallet}/${asset}`)?.balance ?? 0n
    sums.set(asset, (sums.get(asset) ?? 0n) + balance)
  }
}
