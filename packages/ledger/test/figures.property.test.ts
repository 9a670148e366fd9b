/** Laws of figures: the count against a naive one, and what may be shown of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Cell,
  DAY_US,
  FigureCount,
  type FigureLine,
  type FigureScope,
  type FigureWallet,
  HOLDERS_MIN,
  OWN_GESTURES,
} from '../src/figures/figures.ts'
import { mergeBands, mergeRows } from '../src/figures/shown.ts'
import { type AssetId, type LineAction, nobleHash, type PlaceId } from '../src/index.ts'
import { countNaively } from './naive-figures.ts'
import { toId } from './names.ts'

const ASSET = toId<AssetId>('PKS')
const [BAR, SHOP] = ['bar', 'shop'] as unknown as [PlaceId, PlaceId]

/** The same objects for all lines of a run: each stands for its wallet. */
const WALLETS: readonly FigureWallet[] = [
  { kind: 'place', place: BAR },
  { kind: 'place', place: SHOP },
  { kind: 'keeper' },
  { kind: 'fund' },
  { kind: 'pool' },
  { kind: 'person', origin: BAR },
  { kind: 'person' },
  { kind: 'card', origin: SHOP },
  { kind: 'card', origin: BAR },
]

const anyWallet = fc.constantFrom(...WALLETS)
const anyAction = fc.constantFrom<LineAction[]>(
  ...([
    'CRE',
    'REF',
    'REF',
    'SAL',
    'SAL',
    'QRS',
    'FUS',
    'TRF',
    'RFD',
    'BNK',
    'COR',
    'HLD',
  ] as const),
)
const anyProduct = fc.constantFrom(undefined, undefined, 'ticket', 'membership')
/** Often exactly an age of the survival curve, or a limit of a band. */
const anyStep = fc.oneof(
  fc.constantFrom(0, 1, DAY_US, 7 * DAY_US, 30 * DAY_US, 60 * DAY_US, 150 * DAY_US),
  fc.integer({ min: 0, max: 40 * DAY_US }),
)

const anyRow = fc.record({
  ...{ action: anyAction, from: anyWallet, to: anyWallet, product: anyProduct },
  ...{ amount: fc.bigInt({ min: 0n, max: 12n }), step: anyStep },
})
type Row = typeof anyRow extends fc.Arbitrary<infer T> ? T : never

/** Also wallets that pay what they do not have, and places that are refilled: lines of v1 did. */
const anyStory = fc.record({
  kind: fc.constantFrom<FigureScope['kind'][]>('TLF', 'TNF', 'FED'),
  imported: fc.array(anyRow, { maxLength: 25 }),
  openings: fc.array(fc.bigInt({ min: 0n, max: 20n }), { maxLength: WALLETS.length }),
  /** A clock of v1 that was ahead. */
  aheadUs: fc.constantFrom(0, 0, 50 * DAY_US, 500 * DAY_US),
  own: fc.array(anyRow, { maxLength: 60 }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.double({ min: 0, max: 1.4, noNaN: true }),
})
type Story = typeof anyStory extends fc.Arbitrary<infer T> ? T : never

function toLines({ imported, openings, own, aheadUs }: Story) {
  let timeUs = 1_700_000_000_000_000
  const beginUs = timeUs
  const toLine = ({ step, ...row }: Row, isImported: boolean): FigureLine => {
    timeUs += step
    return { ...row, timeUs, isImported }
  }
  const past = imported.map((row) => toLine(row, true))
  timeUs = Math.max(beginUs, timeUs - aheadUs) + DAY_US
  const openedUs = timeUs
  const opened = openings.map((amount, index): FigureLine => {
    const wallet = WALLETS[index] as FigureWallet
    return { action: 'OPN', from: wallet, to: wallet, amount, timeUs, isImported: false }
  })
  const isImport = past.some(({ amount }) => amount > 0n)
  const lines = [...past, ...(isImport ? opened : []), ...own.map((row) => toLine(row, false))]
  return { lines, beginUs, endUs: timeUs + 1, openedUs: isImport ? openedUs : undefined }
}

function gesturesOf(lines: readonly FigureLine[], toUs: number) {
  const found = new Map<FigureWallet, number>()
  for (const { action, from, to, timeUs } of lines) {
    const [, side] = OWN_GESTURES.find(([code]) => code === action) ?? []
    if (side !== undefined && timeUs < toUs) found.set(side === 'from' ? from : to, timeUs)
  }
  return found
}

describe('the figures of any story', () => {
  it('are those of a naive count, cent by cent', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { lines, beginUs, endUs, openedUs } = toLines(story)
        const span = endUs - beginUs
        const fromUs = beginUs + Math.floor(span * story.from)
        const toUs = fromUs + 1 + Math.floor(span * story.to)
        const window = { fromUs, toUs }
        const scope = { asset: ASSET, kind: story.kind, hash: nobleHash, window, openedUs }
        const gestures = gesturesOf(lines, toUs)
        const count = new FigureCount(scope)
        for (const line of lines) count.add(line)
        const figures = count.finish((wallet) => gestures.get(wallet))
        const naive = countNaively(scope, lines, gestures)
        expect(plain(figures)).toEqual(naive)
      }),
      { numRuns: 1_500 },
    )
  })
})

/** As the naive count says it. */
function plain(figures: ReturnType<FigureCount['finish']>): ReturnType<typeof countNaively> {
  const { spent, places, products, survival, dormant } = figures
  const number = ({ amount }: { readonly amount: bigint }) => Number(amount)
  const named = (cells: readonly (readonly [string, Cell])[]) =>
    Object.fromEntries(
      cells.filter(([, { amount }]) => amount > 0n).map(([n, c]) => [n, number(c)]),
    )
  const byProduct = [...products].map(([name = '-', cells]) => [name, cells] as const)
  return {
    outstanding: Number(figures.outstanding),
    stockTime: Number(figures.stockTime),
    loaded: number(figures.loaded),
    handed: number(figures.handed),
    paid: number(figures.paid),
    paidByPlaces: Number(figures.paidByPlaces),
    spent: {
      origin: number(spent.origin),
      elsewhere: number(spent.elsewhere),
      unknown: number(spent.unknown),
    },
    places: named([...places]),
    given: named(byProduct.map(([name, { given }]) => [name, given])),
    used: named(byProduct.map(([name, { used }]) => [name, used])),
    survival: survival.map(({ days, came, there }) => [days, number(came), number(there)]),
    dormant: dormant.map(({ fromDays, amount, wallets }) => [fromDays, Number(amount), wallets]),
  }
}

/** Payments by place: an amount for each of some wallets, who may pay at several places. */
const anyTable = fc.array(
  fc.array(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.bigInt({ min: 1n, max: 9n })), {
      maxLength: 25,
    }),
    { minLength: 2, maxLength: 2 },
  ),
  { maxLength: 7 },
)

/** Often few, or nobody. */
const anyCount = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 25 }),
)

describe('the rows that are shown', () => {
  const holders = Array.from({ length: 31 }, (_, index) => ({ index }))

  it('have no cell of 1 to 9 wallets, name each place once, and leave nothing to be found by subtraction', () => {
    let merged = 0
    fc.assert(
      fc.property(anyTable, (table) => {
        const wallets = new Map<string, Set<number>[]>()
        const rows = table.map((payments, index) => {
          const name = `place ${index}`
          wallets.set(
            name,
            payments.map((cell) => new Set(cell.map(([holder]) => holder))),
          )
          const cells = payments.map((cell) => {
            const made = new Cell()
            for (const [holder, amount] of cell) made.add(amount, holders[holder] as object)
            return made
          })
          return { names: [name], cells }
        })
        const shown = mergeRows(rows)
        for (const { names, cells } of shown) {
          for (const [at] of cells.entries()) {
            const behind = new Set(names.flatMap((name) => [...(wallets.get(name)?.[at] ?? [])]))
            expect(behind.size === 0 || behind.size >= HOLDERS_MIN).toBe(true)
          }
        }
        if (shown.length === 0) return
        if (shown.length < rows.length) merged += 1
        // Every place is in one row, so the total less any rows is other rows: all of them are shown.
        expect(shown.flatMap(({ names }) => names).toSorted()).toEqual(
          [...wallets.keys()].toSorted(),
        )
        for (const at of [0, 1]) {
          const sum = (of: readonly { readonly cells: readonly Cell[] }[]) =>
            of.reduce((total, { cells }) => total + (cells[at]?.amount ?? 0n), 0n)
          expect(sum(shown)).toBe(sum(rows))
        }
      }),
      { numRuns: 1_000 },
    )
    expect(merged).toBeGreaterThan(50)
  })

  it('are bands beside each other, each of no wallet or at least 10', () => {
    fc.assert(
      fc.property(fc.array(anyCount, { minLength: 5, maxLength: 5 }), (counts) => {
        const days = [0, 30, 90, 180, 365]
        const bands = counts.map((wallets, index) => {
          const toDays = days[index + 1]
          const fromDays = days[index] ?? 0
          const amount = BigInt(wallets * 100)
          return { fromDays, ...(toDays !== undefined && { toDays }), amount, wallets }
        })
        const all = counts.reduce((sum, count) => sum + count, 0)
        const shown = mergeBands(bands)
        if (all > 0 && all < HOLDERS_MIN) {
          expect(shown).toEqual([])
          return
        }
        expect(shown.every(({ wallets }) => wallets === 0 || wallets >= HOLDERS_MIN)).toBe(true)
        expect(shown.reduce((sum, { wallets }) => sum + wallets, 0)).toBe(all)
        expect([shown[0]?.fromDays, shown.at(-1)?.toDays]).toEqual([0, undefined])
        for (const [index, { fromDays }] of shown.entries()) {
          if (index > 0) expect(shown[index - 1]?.toDays).toBe(fromDays)
        }
      }),
    )
  })
})
