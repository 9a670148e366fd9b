/** How much of an asset there is, and where. */
import {
  type AssetId,
  type Hash,
  issued,
  type Line,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import type { V1Store } from '../store/v1-store.ts'
import { importEnd } from './imported-past.ts'

export interface TotalsMeans {
  readonly book: BookReader
  readonly store: Pick<V1Store, 'past' | 'tokens'>
  readonly hash: Hash
}

/** What one place holds. */
export interface PlaceTotal {
  readonly place: PlaceId
  readonly name: string
  readonly wallet: WalletId
  readonly value: bigint
}

export interface Totals {
  readonly all: bigint
  readonly inPlaces: bigint
}

/** Places, or lines, read in one go. */
const STEP = 1_000

export class AssetTotals {
  readonly #means: TotalsMeans
  /** What members have paid, up to a line of the chain. */
  readonly #paid = new Map<AssetId, { readonly seq: number; readonly total: bigint }>()

  constructor(means: TotalsMeans) {
    this.#means = means
  }

  of(asset: AssetId): Totals {
    const { book, hash } = this.#means
    const isMembership = book.state.get('asset', asset)?.kind === 'SUB'
    const inPlaces = this.byPlace(asset).reduce((sum, { value }) => sum + value, 0n)
    return { all: isMembership ? this.#paidFor(asset) : issued(book.state, hash, asset), inPlaces }
  }

  /** Places with an account in the asset, also an empty one, by name. */
  byPlace(asset: AssetId): readonly PlaceTotal[] {
    const found: PlaceTotal[] = []
    let after: string | undefined
    for (;;) {
      const page = this.#means.book.records('place', { after, limit: STEP })
      found.push(...page.flatMap(({ id }) => this.ofPlace(asset, id as PlaceId) ?? []))
      if (page.length < STEP) break
      after = page.at(-1)?.id
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  /** Undefined when the place has no account in the asset. */
  ofPlace(asset: AssetId, place: PlaceId): PlaceTotal | undefined {
    const { state } = this.#means.book
    const record = state.get('place', place)
    if (record === undefined) return undefined
    const { name, wallet } = record
    const account = state.get('account', `${wallet}/${asset}`)
    // One that was only named has nothing in it.
    const isThere = account !== undefined || this.#means.store.tokens.idOf(wallet, asset)
    return isThere ? { place, name, wallet, value: account?.balance ?? 0n } : undefined
  }

  /** The sum of what members paid: what an import opened with, and the lines since the last time. */
  #paidFor(asset: AssetId): bigint {
    const { book, store } = this.#means
    const opened = importEnd(book)
    const known = this.#paid.get(asset) ?? { seq: 0, total: store.past.paidFor(asset) }
    let { total } = known
    let before: number | undefined
    let newest: number | undefined
    for (;;) {
      const page = book.linesOfAsset(asset, { before, limit: STEP })
      const fresh = page.filter(({ seq, number }) => seq > known.seq && number > opened)
      newest ??= fresh[0]?.seq
      total += fresh.reduce((sum, line) => sum + paidBy(line), 0n)
      if (fresh.length < STEP) break
      before = fresh.at(-1)?.seq
    }
    this.#paid.set(asset, { seq: newest ?? known.seq, total })
    return total
  }
}

function paidBy({ action, amount }: Line): bigint {
  return action === 'SUB' ? amount : 0n
}
