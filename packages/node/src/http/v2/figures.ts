import { type AssetFiguresView, getAssetFigures, type Static } from '@fedow/api'
import { type Asset, type AssetId, refuse } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { type CountedFigures, FiguresBusyError } from '../../store/figures-reader.ts'
import { type AskedDays, type AskedWindow, dayWindow, monthWindow } from '../figure-window.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIso } from '../time.ts'

export function figureRoutes(http: Http): void {
  serve(http, getAssetFigures, async ({ caller, params, query }) => {
    const { asset } = params
    const record = http.parts.book.state.get('asset', asset)
    if (record === undefined || record.kind === 'EUR')
      return refuse({ code: 'asset_not_found', asset })
    const window = caller.kind === 'operator' ? dayWindow : monthWindow
    const counted = await count(http, { asset, record, window, days: query })
    return figuresView(asset, counted)
  })
}

/** A block takes txs for a second: the last sealed one is wholly in the window that ends with it. */
const BLOCK_MAX_US = 1_000_000

interface Asked {
  readonly asset: AssetId
  readonly record: Asset
  readonly days: AskedDays
  readonly window: typeof dayWindow
}

async function count({ parts }: Http, { asset, record, days, window }: Asked) {
  const { book, now, figures } = parts
  const sealed = book.lastSealed()
  if (sealed === undefined) throw new RequestError({ code: 'not_sealed_yet' })
  const { height } = sealed
  const tipUs = sealed.timeUs + BLOCK_MAX_US
  const asked = window(days, { nowMs: now(), tipUs, beganUs: beganUs(book, asset) })
  const tip = book.tip()
  const isAll = tip.height === height && !tip.isOpen
  const isSettled = asked.toUs !== tipUs && (isAll || sealed.timeUs >= asked.toUs)
  try {
    return await figures.ask({ asset, kind: record.kind, window: asked, height, isSettled })
  } catch (cause) {
    if (cause instanceof FiguresBusyError) throw new RequestError({ code: 'figures_busy' })
    throw cause
  }
}

/** When the first line of an asset is dated: of one that was imported, the genesis may have written the first. */
function beganUs(book: BookReader, asset: AssetId): number {
  const times = book.linesOfAsset(asset, { before: 3, limit: 2 }).map(({ timeUs }) => timeUs)
  return Math.min(...times)
}

function figuresView(
  asset: AssetId,
  { height, figures }: CountedFigures,
): Static<typeof AssetFiguresView> {
  const { window, velocityPpm, multiplierPpm, spent, places, products, survival, dormant } = figures
  const { fromUs, toUs }: AskedWindow = window
  return {
    asset,
    height,
    from: toIso(fromUs),
    to: toIso(toUs),
    ...toTotals(figures),
    ...(velocityPpm !== undefined && { velocity: toQuotient(velocityPpm) }),
    ...(multiplierPpm !== undefined && { multiplier: toQuotient(multiplierPpm) }),
    spent: spent.map(({ at, amount }) => ({ at: [...at], amount: Number(amount) })),
    places: places.map((row) => ({ places: [...row.places], received: Number(row.received) })),
    products: products.map(({ products: ids, given, used }) => ({
      products: ids.map((id) => id ?? 'unknown'),
      given: Number(given),
      used: Number(used),
    })),
    survival: survival.map(({ days, ...row }) => {
      return 'why' in row ? { days, why: row.why } : { days, there: toQuotient(row.therePpm) }
    }),
    dormant: dormant.map((band) => ({ ...band, amount: Number(band.amount) })),
  }
}

function toTotals(figures: CountedFigures['figures']) {
  const { outstanding, averageStock, loaded, handed, paid, paidByPlaces } = figures
  return {
    outstanding: Number(outstanding),
    averageStock: Number(averageStock),
    ...(loaded !== undefined && { loaded: Number(loaded) }),
    ...(handed !== undefined && { handed: Number(handed) }),
    ...(paid !== undefined && { paid: Number(paid) }),
    paidByPlaces: Number(paidByPlaces),
  }
}

/** Millionths as a number with six decimals. */
function toQuotient(millionths: bigint): string {
  const digits = String(millionths).padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}
