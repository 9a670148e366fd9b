/** Runs the vectors of figures, figures.json. Source: docs/spec/figures.md. */
import { describe, expect, it } from 'vitest'
import {
  DAY_US,
  FigureCount,
  type FigureLine,
  type FigureScope,
  type Figures,
  type FigureWallet,
  OWN_GESTURES,
  type ShownFigures,
  type ShownSurvival,
  toShownFigures,
} from '../src/figures/figures.ts'
import { type AssetId, type Hash, type LineAction, nobleHash } from '../src/index.ts'
import { START_MS, toId, toOffset } from './names.ts'
import { readVectors } from './world.ts'

interface FiguresVector {
  readonly name: string
  readonly kind: FigureScope['kind']
  readonly window: readonly [from: string, to: string]
  /** When what was imported was opened. */
  readonly opened?: string
  readonly wallets: Readonly<Record<string, FigureWallet>>
  /** Each line so many times, `{n}` is 1, 2, 3, … */
  readonly repeat?: number
  readonly lines: readonly string[]
  readonly figures?: unknown
  readonly shown?: unknown
}

/** A line and the names of its wallets. */
const LINE =
  /^(?<imported>imported )?@(?<at>\S+) (?<action>[A-Z]{3}) (?<from>\S+) -> (?<to>\S+) (?<whole>\d+)\.(?<cents>\d\d)(?: for (?<product>\S+))?$/

export function runFiguresVectors(hash: Hash = nobleHash): void {
  const { about, vectors } = readVectors<{ about: string; vectors: readonly FiguresVector[] }>(
    'figures.json',
  )
  describe(`figures.json: ${about}`, () => {
    it.each(vectors)('$name', (vector) => {
      const figures = countVector(vector, hash)
      if (vector.figures !== undefined) expect(toTexts(figures)).toEqual(vector.figures)
      if (vector.shown !== undefined) {
        expect(toShownTexts(toShownFigures(figures))).toEqual(vector.shown)
      }
      expect(vector.figures ?? vector.shown).toBeDefined()
    })
  })
}

function countVector(vector: FiguresVector, hash: Hash): Figures {
  const [fromUs, toUs] = vector.window.map((at) => toUsOf(at.slice(1))) as [number, number]
  const openedUs = vector.opened === undefined ? undefined : toUsOf(vector.opened.slice(1))
  const asset = toId<AssetId>('PKS')
  const scope = { asset, kind: vector.kind, hash, window: { fromUs, toUs }, openedUs }
  const count = new FigureCount(scope)
  const lines = linesOf(vector)
  for (const line of lines) count.add(line)
  const gestures = lines.flatMap((line) => gestureOf(line, toUs))
  return count.finish((wallet) => gestures.findLast(([whose]) => whose === wallet)?.[1])
}

function linesOf({ wallets, repeat = 1, lines }: FiguresVector): readonly FigureLine[] {
  const numbers = Array.from({ length: repeat }, (_, index) => String(index + 1))
  const fill = (text: string, n: string) => text.replaceAll('{n}', n)
  const known = new Map(
    numbers.flatMap((n) =>
      Object.entries(wallets).map(([name, wallet]) => [fill(name, n), { ...wallet }] as const),
    ),
  )
  const walletOf = (name: string): FigureWallet => {
    const wallet = known.get(name)
    if (wallet === undefined) throw new Error(`this vector has no wallet ${name}`)
    return wallet
  }
  return lines.flatMap((text) => numbers.map((n) => parseLine(fill(text, n), walletOf)))
}

function parseLine(text: string, walletOf: (name: string) => FigureWallet): FigureLine {
  const parts = LINE.exec(text)?.groups
  if (parts === undefined) throw new Error(`"${text}" is no line`)
  return {
    action: parts['action'] as LineAction,
    from: walletOf(parts['from'] ?? ''),
    to: walletOf(parts['to'] ?? ''),
    amount: BigInt(`${parts['whole']}${parts['cents']}`),
    timeUs: toUsOf(parts['at'] ?? ''),
    isImported: parts['imported'] !== undefined,
    product: parts['product'],
  }
}

function toUsOf(offset: string): number {
  return (START_MS + toOffset(offset)) * 1_000
}

function gestureOf({ action, from, to, timeUs }: FigureLine, toUs: number) {
  const [, side] = OWN_GESTURES.find(([code]) => code === action) ?? []
  if (side === undefined || timeUs >= toUs) return []
  return [[side === 'from' ? from : to, timeUs] as const]
}

function toTexts(figures: Figures): unknown {
  const { spent, places, products, survival, dormant, stockTime } = figures
  expect(stockTime % BigInt(DAY_US)).toBe(0n)
  return {
    outstanding: decimal(figures.outstanding),
    stockDays: decimal(stockTime / BigInt(DAY_US)),
    loaded: decimal(figures.loaded.amount),
    handed: decimal(figures.handed.amount),
    paid: decimal(figures.paid.amount),
    paidByPlaces: decimal(figures.paidByPlaces),
    spent: Object.fromEntries(
      Object.entries(spent).map(([at, cell]) => [at, decimal(cell.amount)]),
    ),
    places: Object.fromEntries([...places].map(([place, { amount }]) => [place, decimal(amount)])),
    products: Object.fromEntries(
      [...products].map(([product = '-', { given, used }]) => {
        return [product, [decimal(given.amount), decimal(used.amount)]]
      }),
    ),
    survival: Object.fromEntries(
      survival.map(({ days, came, there, gone }) => {
        expect(there.amount + gone.amount).toBe(came.amount)
        return [days, [decimal(came.amount), decimal(there.amount)]]
      }),
    ),
    dormant: Object.fromEntries(
      dormant.map(({ fromDays, amount, wallets }) => [fromDays, [decimal(amount), wallets]]),
    ),
  }
}

function toShownTexts(shown: ShownFigures): unknown {
  const { loaded, handed, paid, velocityPpm, multiplierPpm } = shown
  const { spent, places, products, survival, dormant } = shown
  return {
    outstanding: decimal(shown.outstanding),
    averageStock: decimal(shown.averageStock),
    ...(loaded !== undefined && { loaded: decimal(loaded) }),
    ...(handed !== undefined && { handed: decimal(handed) }),
    ...(paid !== undefined && { paid: decimal(paid) }),
    paidByPlaces: decimal(shown.paidByPlaces),
    ...(velocityPpm !== undefined && { velocityPpm: String(velocityPpm) }),
    ...(multiplierPpm !== undefined && { multiplierPpm: String(multiplierPpm) }),
    spent: spent.map(({ at, amount }) => [at.join('+'), decimal(amount)]),
    places: places.map(({ places: ids, received }) => [ids.join('+'), decimal(received)]),
    products: products.map(({ products: ids, given, used }) => [
      ids.map((id) => id ?? '-').join('+'),
      decimal(given),
      decimal(used),
    ]),
    survival: Object.fromEntries(survival.map((row) => [row.days, shareOf(row)])),
    dormant: dormant.map(({ fromDays, toDays = '', amount, wallets }) => {
      return [`${fromDays}-${toDays}`, decimal(amount), wallets]
    }),
  }
}

function shareOf(row: ShownSurvival): string {
  return 'why' in row ? row.why : String(row.therePpm)
}

function decimal(minor: bigint): string {
  const digits = String(minor).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
