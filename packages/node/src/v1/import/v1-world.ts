/** Who and what a v1 database is about, held in memory while its lines are read. */
import {
  ASSET,
  CARD,
  CONFIGURATION,
  FEDERATION_ASSET,
  FEDERATION_PLACE,
  PERSON,
  PLACE,
  toUuid,
  type V1Asset,
  type V1Place,
} from './rows.ts'
import type { V1Database } from './v1-database.ts'

export type WalletKind = 'primary' | 'place' | 'person' | 'card'

/** Facts that rules and reports look up by wallet, asset and place. */
export class V1World {
  readonly name: string
  readonly primaryWallet: string
  readonly domain: string
  readonly assets: ReadonlyMap<string, V1Asset>
  readonly places: ReadonlyMap<string, V1Place>
  /** Places by their wallet. */
  readonly placeOf: ReadonlyMap<string, V1Place>
  readonly #kinds = new Map<string, WalletKind[]>()
  readonly #accepted: ReadonlyMap<string, readonly V1Asset[]>

  constructor(db: V1Database) {
    const [configuration] = [...db.rows(CONFIGURATION)]
    this.name = configuration?.name ?? ''
    this.primaryWallet = configuration?.primaryWallet ?? ''
    this.domain = configuration?.domain ?? ''
    this.assets = new Map([...db.rows(ASSET)].map((asset) => [asset.id, asset]))
    this.places = new Map([...db.rows(PLACE)].map((place) => [place.id, place]))
    this.placeOf = new Map([...this.places.values()].map((place) => [place.wallet, place]))
    this.#accepted = readAccepted(db, this)
    this.#own('primary', this.primaryWallet)
    for (const { wallet } of this.places.values()) this.#own('place', wallet)
    for (const { wallet } of db.rows(PERSON)) this.#own('person', wallet)
    for (const { wallet } of db.rows(CARD)) this.#own('card', wallet)
  }

  /** Whose wallet it is: none, one, or wrongly several. */
  kindsOf(wallet: string): readonly WalletKind[] {
    return this.#kinds.get(wallet) ?? []
  }

  isPlace(wallet: string): boolean {
    return this.placeOf.has(wallet)
  }

  isPrimary(wallet: string): boolean {
    return wallet === this.primaryWallet
  }

  /** True for the federated euro. */
  isFederated(asset: string): boolean {
    return this.assets.get(asset)?.category === 'FED'
  }

  /** Live assets that a place accepts: its own, those of its federations, and the federated one. */
  acceptedBy(place: V1Place): readonly V1Asset[] {
    return this.#accepted.get(place.id) ?? []
  }

  nameOfAsset(asset: string): string {
    return this.assets.get(asset)?.name ?? toUuid(asset)
  }

  nameOfWallet(wallet: string): string {
    if (this.isPrimary(wallet)) return 'the primary wallet'
    const kinds = this.kindsOf(wallet)
    const place = this.placeOf.get(wallet)
    if (place !== undefined) return place.name
    if (kinds.length === 0) return 'a wallet of nobody'
    return kinds.includes('person') ? 'a person' : 'a card'
  }

  #own(kind: WalletKind, wallet: string | undefined): void {
    if (wallet === undefined) return
    const kinds = this.#kinds.get(wallet)
    if (kinds === undefined) this.#kinds.set(wallet, [kind])
    else kinds.push(kind)
  }
}

function readAccepted(
  db: V1Database,
  { assets, places }: Pick<V1World, 'assets' | 'places'>,
): ReadonlyMap<string, readonly V1Asset[]> {
  const shared = toLists(db.rows(FEDERATION_ASSET), ({ federation, asset }) => [federation, asset])
  const joined = toLists(db.rows(FEDERATION_PLACE), ({ place, federation }) => [place, federation])
  const live = [...assets.values()].filter(({ isArchived }) => !isArchived)
  return new Map(
    [...places.values()].map(({ id, wallet }) => {
      const federations = joined.get(id) ?? []
      const ids = new Set(federations.flatMap((federation) => shared.get(federation) ?? []))
      return [
        id,
        live.filter(
          (asset) => asset.origin === wallet || asset.category === 'FED' || ids.has(asset.id),
        ),
      ]
    }),
  )
}

function toLists<T>(
  rows: Iterable<T>,
  pair: (row: T) => readonly [key: string, value: string],
): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>()
  for (const row of rows) {
    const [key, value] = pair(row)
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [value])
    else list.push(value)
  }
  return lists
}
