/**
 * Figures as anybody may see them: no row that comes from 1 to 9 wallets, and none that follows from the others by
 * subtraction. Source: docs/spec/figures.md, "What is not shown".
 */
import type { PlaceId } from '../ids.ts'
import { Cell, HOLDERS_MIN } from './cell.ts'
import type { Figures } from './count.ts'
import type { DormantBand } from './dormancy.ts'
import { mergeNeighbours } from './neighbours.ts'
import type { SurvivalRow } from './survival.ts'
import { DAY_US, type FigureWindow, YEAR_DAYS } from './window.ts'

/** Parts of a whole that no quotient exceeds: a millionth. */
const MILLION = 1_000_000n

/** Why a share is not there: nothing is as old, or too few wallets stand behind it. */
export type NoShare = 'too_young' | 'too_few'

/** What was still with people at an age, in millionths of what came, rounded down. */
export type ShownSurvival =
  | { readonly days: number; readonly therePpm: bigint }
  | { readonly days: number; readonly why: NoShare }

/** Where people paid, seen from the wallet that paid. */
export type SpentAt = 'origin' | 'elsewhere' | 'unknown'

/** Several places in one row: each alone, or what is left without them, would show too few wallets. */
export interface PlacesRow {
  readonly places: readonly PlaceId[]
  readonly received: bigint
}

/** Several products in one row. `undefined`, the last one: given without one. */
export interface ProductsRow {
  readonly products: readonly (string | undefined)[]
  readonly given: bigint
  readonly used: bigint
}

/** Amounts in minor units; a member that is absent comes from 1 to 9 wallets, or follows from one that does. */
export interface ShownFigures {
  readonly window: FigureWindow
  readonly outstanding: bigint
  /** The mean over the window, rounded down. */
  readonly averageStock: bigint
  readonly loaded?: bigint
  readonly handed?: bigint
  readonly paid?: bigint
  readonly paidByPlaces: bigint
  /** Payments of a year for each unit in circulation, in millionths, rounded down. Absent with nothing in circulation too. */
  readonly velocityPpm?: bigint
  /** Payments for each unit loaded, in millionths, rounded down. Absent with nothing loaded too. */
  readonly multiplierPpm?: bigint
  /** Empty when it is not shown, as all tables. */
  readonly spent: readonly { readonly at: readonly SpentAt[]; readonly amount: bigint }[]
  readonly places: readonly PlacesRow[]
  /** Empty when no product is known either. */
  readonly products: readonly ProductsRow[]
  readonly survival: readonly ShownSurvival[]
  /** Bands that few wallets are in have become one with their neighbours. */
  readonly dormant: readonly DormantBand[]
}

/** Makes figures fit to be shown. */
export function toShownFigures(figures: Figures): ShownFigures {
  const { window, outstanding, stockTime, loaded, handed, paid, paidByPlaces } = figures
  const paidInAll = paid.isSmall ? undefined : paid.amount + paidByPlaces
  const velocityPpm = velocity(paidInAll, stockTime)
  const multiplierPpm = loaded.isSmall ? undefined : ppm(paidInAll, loaded.amount)
  return {
    window,
    outstanding,
    averageStock: stockTime / spanOf(window),
    ...(!loaded.isSmall && { loaded: loaded.amount }),
    ...(!handed.isSmall && { handed: handed.amount }),
    ...(!paid.isSmall && { paid: paid.amount }),
    paidByPlaces,
    ...(velocityPpm !== undefined && { velocityPpm }),
    ...(multiplierPpm !== undefined && { multiplierPpm }),
    spent: spentRows(figures),
    places: placeRows(figures),
    products: productRows(figures),
    survival: figures.survival.map(shownSurvival),
    dormant: mergeBands(figures.dormant),
  }
}

function spanOf({ fromUs, toUs }: FigureWindow): bigint {
  return toUs > fromUs ? BigInt(toUs - fromUs) : 1n
}

/** Millionths, rounded down; undefined of nothing. */
function ppm(part: bigint | undefined, whole: bigint): bigint | undefined {
  return part === undefined || whole <= 0n ? undefined : (part * MILLION) / whole
}

function velocity(paid: bigint | undefined, stockTime: bigint): bigint | undefined {
  const yearUs = BigInt(YEAR_DAYS * DAY_US)
  return paid === undefined ? undefined : ppm(paid * yearUs, stockTime)
}

function shownSurvival({ days, came, there, gone }: SurvivalRow): ShownSurvival {
  const therePpm = ppm(there.amount, came.amount)
  if (therePpm === undefined) return { days, why: 'too_young' }
  const isSmall = came.isSmall || there.isSmall || gone.isSmall
  return isSmall ? { days, why: 'too_few' } : { days, therePpm }
}

/** Names that share a row, with its cells. */
interface Row<Name> {
  readonly names: readonly Name[]
  readonly cells: readonly Cell[]
}

const AT: readonly SpentAt[] = ['origin', 'elsewhere', 'unknown']

function spentRows({ spent }: Figures): ShownFigures['spent'] {
  const rows = AT.flatMap((at) => (spent[at].isEmpty ? [] : [{ names: [at], cells: [spent[at]] }]))
  return mergeRows(rows).map(({ names, cells }) => ({ at: names, amount: cells[0]?.amount ?? 0n }))
}

function placeRows({ places }: Figures): readonly PlacesRow[] {
  const rows = [...places].map(([place, cell]) => ({ names: [place], cells: [cell] }))
  return mergeRows(rows).map(({ names, cells }) => {
    return { places: names, received: cells[0]?.amount ?? 0n }
  })
}

function productRows({ products }: Figures): readonly ProductsRow[] {
  if ([...products.keys()].every((product) => product === undefined)) return []
  const rows = [...products].map(([product, { given, used }]) => {
    return { names: [product], cells: [given, used] }
  })
  return mergeRows(rows).map(({ names, cells }) => {
    return { products: names, given: cells[0]?.amount ?? 0n, used: cells[1]?.amount ?? 0n }
  })
}

/**
 * Rows in which no cell has 1 to 9 wallets, the largest first. Small rows become one; while that is small still, or
 * stands alone for one name, the smallest other row joins it: so no subtraction from the total gives one of them.
 * None at all when everything together is small.
 */
export function mergeRows<Name extends string | undefined>(
  rows: readonly Row<Name>[],
): readonly Row<Name>[] {
  const ordered = rows.toSorted(byAmount)
  const small = ordered.filter(isSmallRow)
  if (small.length === 0) return ordered
  const rest = ordered.filter((row) => !isSmallRow(row))
  let merged = join(small)
  while (isSmallRow(merged)) {
    const next = rest.pop()
    if (next === undefined) return []
    merged = join([merged, next])
  }
  return [...rest, merged].toSorted(byAmount)
}

function isSmallRow({ cells }: Row<unknown>): boolean {
  return cells.some((cell) => cell.isSmall)
}

function join<Name extends string | undefined>(rows: readonly Row<Name>[]): Row<Name> {
  const count = rows[0]?.cells.length ?? 0
  return {
    names: rows.flatMap(({ names }) => names).toSorted(byName),
    cells: Array.from({ length: count }, (_, at) =>
      Cell.sum(rows.flatMap(({ cells }) => cells[at] ?? [])),
    ),
  }
}

/** The largest first, then by name: everybody writes the same order. */
function byAmount(one: Row<string | undefined>, other: Row<string | undefined>): number {
  const [first, second] = [one, other].map(({ cells }) =>
    cells.reduce((sum, { amount }) => sum + amount, 0n),
  ) as [bigint, bigint]
  if (first !== second) return first > second ? -1 : 1
  return byName(one.names[0], other.names[0])
}

function byName(one: string | undefined, other: string | undefined): number {
  const [first, second] = [one ?? '', other ?? '']
  return first === second ? 0 : first < second ? -1 : 1
}

/** Bands in their order, each with no wallet or at least 10. None when all together have fewer. */
export function mergeBands(bands: readonly DormantBand[]): readonly DormantBand[] {
  return mergeNeighbours(bands, {
    isSmall: ({ wallets }) => wallets > 0 && wallets < HOLDERS_MIN,
    join: beside,
  })
}

function beside(one: DormantBand, next: DormantBand): DormantBand {
  return {
    fromDays: one.fromDays,
    ...(next.toDays !== undefined && { toDays: next.toDays }),
    amount: one.amount + next.amount,
    wallets: one.wallets + next.wallets,
  }
}
