/**
 * What the two pages say that people link to, section 8 of the wire. Records give what stands now, lines are counted once;
 * nothing here grows with the book for each request, and nothing names a wallet, a card or a person.
 */
import type { DashboardFacts, LineFacts, MonthFacts, PlaceFacts, SupplyFacts } from '@fedow/api'
import {
  type Asset,
  type AssetId,
  type AssetKind,
  acceptedAssets,
  type Line,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import { parseUuid } from '../codec/scalars.ts'
import { importEnd, lastImported } from '../objects/imported-past.ts'
import { isShown } from '../objects/lines.ts'
import { type CountingParts, LineCounts, monthOf } from './line-counts.ts'
import { readStanding, type Standing, type StandingMeans } from './standing.ts'

export interface DashboardParts extends CountingParts, StandingMeans {
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

const MONEYS: readonly Asset['kind'][] = ['FED', 'TLF', 'TNF', 'TIM', 'FID']
/** How long what the records say is shown again. */
const KEPT_MS = 5_000
const BUSIEST_MAX = 10
const MONTHS_MAX = 24
const LAST_MAX = 15
/** Pages that are looked through for the last lines: some lines are not shown. */
const LAST_PAGES_MAX = 4
const MINUTE_MS = 60_000

/** What places decide is public, though no client of v1 knows of it. */
function isOfVote({ action }: Line): boolean {
  return action === 'PRP' || action === 'VOT' || action === 'APL'
}

export class Dashboard implements Disposable {
  readonly #parts: DashboardParts
  readonly #counts: LineCounts
  /** Numbers of the last imported line, and of the last line of the import. */
  readonly #past: { readonly last: number; readonly end: number }
  #kept: { readonly untilMs: number; readonly standing: Promise<Standing> } | undefined

  constructor(parts: DashboardParts) {
    this.#parts = parts
    this.#counts = new LineCounts(parts)
    this.#past = { last: lastImported(parts.book), end: importEnd(parts.book) }
  }

  /** Nothing is read of the book any more. */
  [Symbol.dispose](): void {
    this.#counts[Symbol.dispose]()
  }

  async facts(): Promise<DashboardFacts> {
    await this.#counts.follow()
    const standing = await this.#standing()
    const { places, assets, federations } = standing
    const moneys = [...assets].filter(([, { kind }]) => MONEYS.includes(kind))
    return {
      ...this.#bookFacts(),
      counts: {
        moneys: moneys.filter(([, { archived }]) => !archived).length,
        federations,
        places: places.size,
        wallets: this.#counts.wallets,
        cards: cardsOf(standing),
      },
      moneys: this.#supplies(
        standing,
        moneys
          .filter(([id, { archived }]) => !archived || standing.issued.get(id) !== 0n)
          .map(([id]) => id),
      ),
      busiest: this.#counts
        .busiest(BUSIEST_MAX)
        .map(({ place, received }) => ({ id: place, name: this.#nameOf(place), received })),
      months: this.#months(),
      last: this.#last(),
    }
  }

  /** Undefined when no place has this id. */
  async place(text: string): Promise<PlaceFacts | undefined> {
    const { state } = this.#parts.book
    const id = parseUuid(text) as PlaceId | undefined
    const record = id && state.get('place', id)
    if (id === undefined || record === undefined) return undefined
    await this.#counts.follow()
    const standing = await this.#standing()
    const accepted = acceptedAssets(state, { id, record })
    const { name, suspended, federations } = record
    return {
      ...this.#bookFacts(),
      id,
      name,
      suspended,
      counts: {
        received: this.#counts.received(id),
        cards: standing.cards.get(id) ?? 0,
        allCards: cardsOf(standing),
        allWallets: this.#counts.wallets,
      },
      moneys: this.#supplies(standing, accepted),
      others: accepted.flatMap((asset) => {
        const { kind, ...found } = this.#asset(asset)
        return kind === 'SUB' || kind === 'BDG' ? [{ kind, ...found }] : []
      }),
      federations: federations.flatMap((federation) => {
        const found = state.get('federation', federation)
        if (found === undefined) return []
        const places = found.places.map((one) => ({ id: one, name: this.#nameOf(one) }))
        return [{ name: found.name, places: places.sort(byName) }]
      }),
    }
  }

  #bookFacts() {
    const { book } = this.#parts
    const { timeMs, lines } = book.tip()
    const { counted } = this.#counts
    return {
      network: book.genesis.network,
      time: new Date(timeMs).toISOString(),
      ...(counted < lines && { counting: { lines: counted, of: lines } }),
    }
  }

  /** What the records say, read once for everybody who asks within some seconds. */
  #standing(): Promise<Standing> {
    const nowMs = this.#parts.now()
    if (this.#kept !== undefined && nowMs < this.#kept.untilMs) return this.#kept.standing
    const standing = readStanding(this.#parts)
    this.#kept = { untilMs: nowMs + KEPT_MS, standing }
    standing.catch(() => {
      this.#kept = undefined
    })
    return standing
  }

  #supplies({ issued, inPlaces }: Standing, ids: readonly AssetId[]): readonly SupplyFacts[] {
    const found = ids.map((id) => ({
      ...this.#asset(id),
      issued: Number(issued.get(id) ?? 0n),
      inPlaces: Number(inPlaces.get(id) ?? 0n),
      minted: Number(this.#counts.minted(id)),
      deposited: Number(this.#counts.deposited(id)),
    }))
    return found
      .filter(({ kind }) => MONEYS.includes(kind))
      .sort((a, b) => MONEYS.indexOf(a.kind) - MONEYS.indexOf(b.kind) || byName(a, b))
  }

  #asset(id: AssetId): Pick<SupplyFacts, 'name' | 'code' | 'kind' | 'issuer'> {
    const { name, code, kind, issuer } = this.#parts.book.state.get('asset', id) as Asset
    const isOfPlace = issuer !== undefined
    return {
      name,
      code,
      kind: kind as AssetKind,
      ...(isOfPlace && { issuer: this.#nameOf(issuer) }),
    }
  }

  #nameOf(place: PlaceId): string {
    return this.#parts.book.state.get('place', place)?.name ?? ''
  }

  /** To the month of the last block; while lines are still counted, to that of the last one counted. */
  #months(): readonly MonthFacts[] {
    const { span, counted } = this.#counts
    if (span === undefined) return []
    const { timeMs, lines } = this.#parts.book.tip()
    const newest = new Date(counted < lines ? `${span.last}-01` : timeMs)
    const months = Array.from({ length: MONTHS_MAX }, (_, back) =>
      monthOf(Date.UTC(newest.getUTCFullYear(), newest.getUTCMonth() - back)),
    )
    return months
      .filter((month) => month >= span.first)
      .map((month) => ({ month, lines: this.#counts.linesIn(month) }))
  }

  #last(): readonly LineFacts[] {
    const { book } = this.#parts
    const shown: Line[] = []
    let before: number | undefined
    for (let page = 0; page < LAST_PAGES_MAX && shown.length < LAST_MAX; page += 1) {
      const lines = book.lines({ before, limit: LAST_MAX })
      shown.push(...lines.filter((line) => isOfVote(line) || isShown(book, line)))
      before = lines.at(-1)?.number ?? 0
      // No line between the imported ones and the end of the import is shown.
      if (before <= this.#past.end) before = Math.min(before, this.#past.last + 1)
    }
    return shown.slice(0, LAST_MAX).map((line) => this.#line(line))
  }

  #line({ asset, action, amount, timeUs, from, to }: Line): LineFacts {
    const { name, code, kind } = this.#asset(asset)
    const timeMs = Math.floor(timeUs / 1_000)
    return {
      time: new Date(timeMs - (timeMs % MINUTE_MS)).toISOString(),
      asset: { name, code, kind },
      action,
      amount: Number(amount),
      from: this.#placeOf(from),
      to: this.#placeOf(to),
    }
  }

  /** The name of the place that a wallet belongs to. */
  #placeOf(wallet: WalletId): string | undefined {
    const record = this.#parts.book.state.get('wallet', wallet)
    if (record?.kind !== 'place' || record.place === undefined) return undefined
    return this.#nameOf(record.place)
  }
}

function cardsOf({ cards }: Standing): number {
  return [...cards.values()].reduce((sum, count) => sum + count, 0)
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
