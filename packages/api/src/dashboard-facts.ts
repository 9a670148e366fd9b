/** Public facts of the pages at `/dashboard/`: totals, places and assets, never a single wallet, card or person. */
import type { AssetKind, LineAction } from '@fedow/ledger'

/** What both pages say of the book. */
export interface BookFacts {
  readonly network: string
  /** Of the last block, ISO 8601. */
  readonly time: string
  /** While lines are still being counted: how many are, of how many. Figures that come from lines are lower than they will be. */
  readonly counting?: { readonly lines: number; readonly of: number }
}

export interface NamedFacts {
  readonly id: string
  readonly name: string
}

/** How much of an asset there is, in minor units. Other wallets hold `issued - inPlaces`. */
export interface SupplyFacts {
  readonly name: string
  readonly code: string
  readonly kind: AssetKind
  /** Name of the issuing place; the network issues FED. */
  readonly issuer?: string | undefined
  readonly issued: number
  readonly inPlaces: number
  /** Ever created: the sum of CRE lines. */
  readonly minted: number
  /** Ever handed in by places: the sum of BNK lines. */
  readonly deposited: number
}

/** A line without its wallets. */
export interface LineFacts {
  /** To the minute, ISO 8601. */
  readonly time: string
  readonly asset: Pick<SupplyFacts, 'name' | 'code' | 'kind'>
  readonly action: LineAction
  /** In minor units. */
  readonly amount: number
  /** Name of the place that sends; absent for any other wallet. */
  readonly from?: string | undefined
  /** Name of the place that receives; absent for any other wallet. */
  readonly to?: string | undefined
}

export interface MonthFacts {
  /** Such as `2026-11`, in UTC. */
  readonly month: string
  readonly lines: number
}

/** Facts of `/dashboard/`. */
export interface DashboardFacts extends BookFacts {
  readonly counts: {
    /** Assets that are neither memberships nor badges, nor archived. */
    readonly moneys: number
    readonly federations: number
    readonly places: number
    /** Wallets of persons, cards and places with at least one line. */
    readonly wallets: number
    readonly cards: number
  }
  /** By kind: FED, TLF, TNF, TIM, FID. */
  readonly moneys: readonly SupplyFacts[]
  /** At most ten, by lines received. */
  readonly busiest: readonly (NamedFacts & { readonly received: number })[]
  /** Newest first, without gaps. */
  readonly months: readonly MonthFacts[]
  /** Newest first. */
  readonly last: readonly LineFacts[]
}

/** Facts of `/dashboard/place/<id>/`. */
export interface PlaceFacts extends BookFacts, NamedFacts {
  readonly suspended: boolean
  readonly counts: {
    readonly received: number
    /** Cards of its batches. */
    readonly cards: number
    /** Cards and wallets of the whole book. */
    readonly allCards: number
    readonly allWallets: number
  }
  /** The moneys that it accepts, by kind. */
  readonly moneys: readonly SupplyFacts[]
  /** What else it accepts: memberships and badges. */
  readonly others: readonly Pick<SupplyFacts, 'name' | 'kind' | 'issuer'>[]
  readonly federations: readonly {
    readonly name: string
    /** All its members, also this place. */
    readonly places: readonly NamedFacts[]
  }[]
}
