/**
 * Figures once more, as somebody would count them who has every cent lie on a table: one object for each, with what
 * became of it. Shares nothing with the count but the codes of lines.
 */
import type { FigureLine, FigureScope, FigureWallet } from '../src/figures/figures.ts'

interface Cent {
  readonly since: number
  readonly product: string | undefined
  /** When it left, and the wallet that had it last. */
  until?: number
  last: FigureWallet
}

interface Purse {
  cents: Cent[]
  owed: number
  first: number
}

export interface NaiveFigures {
  readonly outstanding: number
  readonly stockTime: number
  readonly loaded: number
  readonly handed: number
  readonly paid: number
  readonly paidByPlaces: number
  readonly spent: { origin: number; elsewhere: number; unknown: number }
  readonly places: Readonly<Record<string, number>>
  readonly given: Readonly<Record<string, number>>
  readonly used: Readonly<Record<string, number>>
  /** Days, what came, what is there. */
  readonly survival: readonly (readonly [number, number, number])[]
  /** Amount and wallets by the first day of a band. */
  readonly dormant: readonly (readonly [number, number, number])[]
}

type Moved = readonly [source: FigureWallet | 'issuance', target: FigureWallet | 'issuance']

/** By the table of docs/spec/lines.md, written down once more. */
function movedBy({ action, from, to }: FigureLine, kind: FigureScope['kind']): Moved | undefined {
  if (action === 'CRE') return ['issuance', to]
  if (action === 'BNK') return [from, 'issuance']
  if (action === 'OPN') return from === to ? ['issuance', to] : [from, to]
  if (action === 'RFD' && (kind !== 'FED' || to.kind === 'keeper')) return [from, 'issuance']
  if (!['RFD', 'REF', 'SAL', 'QRS', 'FUS', 'TRF'].includes(action) || from === to) return undefined
  return [from, to]
}

const isPerson = (wallet: FigureWallet | 'issuance'): wallet is FigureWallet =>
  wallet !== 'issuance' && ['person', 'card'].includes(wallet.kind)

const isPlace = (wallet: FigureWallet | 'issuance') =>
  wallet !== 'issuance' && wallet.kind === 'place'

export function countNaively(
  { window: { fromUs, toUs }, kind, openedUs }: FigureScope,
  lines: readonly FigureLine[],
  gestures: ReadonlyMap<FigureWallet, number>,
): NaiveFigures {
  const all: Cent[] = []
  const purses = new Map<FigureWallet, Purse>()
  const found = {
    ...{ outstanding: 0, loaded: 0, handed: 0, paid: 0, paidByPlaces: 0 },
    spent: { origin: 0, elsewhere: 0, unknown: 0 },
    places: {} as Record<string, number>,
    given: {} as Record<string, number>,
    used: {} as Record<string, number>,
  }
  const stocks: [number, number][] = []
  const tally = (counts: Record<string, number>, name = '-') => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  const purseOf = (wallet: FigureWallet, at: number): Purse => {
    const purse = purses.get(wallet) ?? { cents: [], owed: 0, first: at }
    purses.set(wallet, purse)
    return purse
  }
  const put = (purse: Purse, wallet: FigureWallet, cents: readonly Cent[], at: number) => {
    for (const cent of cents) cent.last = wallet
    purse.cents = [...purse.cents, ...cents].sort((a, b) => a.since - b.since)
    while (purse.owed > 0 && purse.cents.length > 0) {
      purse.owed -= 1
      ;(purse.cents.shift() as Cent).until = at
    }
  }
  const take = (purse: Purse): Cent | undefined => {
    const cent = purse.cents.shift()
    if (cent === undefined) purse.owed += 1
    return cent
  }
  const fresh = (wallet: FigureWallet, since: number, product?: string): Cent => {
    const cent = { since, product, last: wallet }
    all.push(cent)
    return cent
  }

  const move = (line: FigureLine, [source, target]: Moved, at: number) => {
    const inside = at >= fromUs
    const amount = Number(line.amount)
    if (source === 'issuance') found.outstanding += amount
    if (target === 'issuance') found.outstanding -= amount
    stocks.push([at, found.outstanding])
    const gives = isPerson(source) ? purseOf(source, at) : undefined
    const gets = isPerson(target) ? purseOf(target, at) : undefined
    const isPayment =
      ['SAL', 'QRS'].includes(line.action) && target !== 'issuance' && target.kind === 'place'
    const handed: Cent[] = []
    for (let cent = 0; cent < amount; cent += 1) {
      const taken = gives && take(gives)
      if (gives && gets && isPerson(target)) handed.push(taken ?? fresh(target, at))
      else if (gives) {
        if (taken !== undefined) taken.until = at
        if (!isPayment || !inside || !isPerson(source)) continue
        found.paid += 1
        tally(found.places, target.place)
        tally(found.used, taken?.product)
        if (source.origin === undefined) found.spent.unknown += 1
        else if (source.origin === target.place) found.spent.origin += 1
        else found.spent.elsewhere += 1
      } else if (gets && isPerson(target)) {
        const fromPlace = source !== 'issuance' && ['place', 'fund', 'pool'].includes(source.kind)
        const isSold =
          kind === 'FED' && line.action === 'TRF' && fromPlace && source.kind === 'place'
        const isLoad = line.action === 'REF' || !fromPlace || isSold
        if (inside && isLoad) {
          found.loaded += 1
          tally(found.given, line.product)
        } else if (inside) found.handed += 1
        handed.push(fresh(target, at, line.product))
      } else if (line.action === 'TRF' && inside && isPlace(source) && isPlace(target)) {
        found.paidByPlaces += 1
      }
    }
    if (gets && isPerson(target)) put(gets, target, handed, at)
  }

  const openings = lines.filter((line) => !line.isImported && line.action === 'OPN')
  const own = lines.filter((line) => !line.isImported && line.action !== 'OPN')
  let clock = 0
  const tick = (timeUs: number) => {
    clock = Math.max(clock, timeUs)
    return clock < toUs
  }
  for (const line of lines.filter(({ isImported }) => isImported)) {
    const moved = movedBy(line, kind)
    if (
      moved !== undefined &&
      line.amount > 0n &&
      tick(Math.min(line.timeUs, openedUs ?? Infinity))
    )
      move(line, moved, clock)
  }
  if (
    openedUs !== undefined &&
    lines.some(({ isImported, amount }) => isImported && amount > 0n) &&
    tick(openedUs)
  ) {
    found.outstanding = 0
    stocks.push([clock, 0])
    const before = new Map(purses)
    for (const [wallet, purse] of before) {
      purses.set(wallet, { cents: [], owed: 0, first: purse.first })
    }
    for (const { to, amount } of openings) {
      found.outstanding += Number(amount)
      if (!isPerson(to) || amount === 0n) continue
      const left = before.get(to)?.cents ?? []
      const kept = left.slice(Math.max(0, left.length - Number(amount)))
      while (kept.length < Number(amount)) kept.push(fresh(to, clock))
      put(purseOf(to, clock), to, kept, clock)
    }
    stocks.push([clock, found.outstanding])
    const kept = new Set([...purses.values()].flatMap(({ cents }) => cents))
    for (const cent of [...before.values()].flatMap(({ cents }) => cents)) {
      if (!kept.has(cent)) cent.until = clock
    }
  }
  for (const line of own) {
    const moved = movedBy(line, kind)
    if (moved !== undefined && line.amount > 0n && tick(line.timeUs)) move(line, moved, clock)
  }
  return {
    ...found,
    stockTime: stockTimeOf(stocks, { fromUs, toUs }),
    survival: [1, 7, 30, 90, 180, 365, 730, 1_095].map((days) => {
      const age = days * 86_400_000_000
      const old = all.filter(({ since }) => since <= toUs - age)
      const there = old.filter(({ since, until = Infinity }) => until - since > age)
      return [days, old.length, there.length]
    }),
    dormant: [0, 30, 90, 180, 365].map((days, index, from) => {
      const next = from[index + 1] ?? Infinity
      const inBand = [...purses].filter(([wallet, { cents, owed, first }]) => {
        const asleep = (toUs - (gestures.get(wallet) ?? first)) / 86_400_000_000
        return cents.length > owed && asleep >= days && asleep < next
      })
      return [days, inBand.reduce((sum, [, { cents }]) => sum + cents.length, 0), inBand.length]
    }),
  }
}

/** Each stretch between two changes, cut to the window. */
function stockTimeOf(
  stocks: readonly (readonly [number, number])[],
  { fromUs, toUs }: FigureScope['window'],
): number {
  return stocks.reduce((sum, [at, amount], index) => {
    const next = stocks[index + 1]?.[0] ?? toUs
    const span = Math.min(next, toUs) - Math.max(at, fromUs)
    return span > 0 ? sum + amount * span : sum
  }, 0)
}
