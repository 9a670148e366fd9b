/** Ten years of a federation, the same at every run: its totals stand in ten-years.json, which `vitest -u` writes anew. */
import { beforeAll, describe, expect, it } from 'vitest'
import { dayOf } from '../src/index.ts'
import { brokenMelting, toldByHolders } from './melt-laws.ts'
import { dayOfDate, idOf, MONEYS, SEED, SILENCE, tenYears, WALLETS } from './ten-years.ts'
import { type Cut, TenYearsBook } from './ten-years-book.ts'
import { type CardDeed, naiveMelting } from './ten-years-naive.ts'

interface Lived {
  readonly book: TenYearsBook
  /** True when melts that were due still waited after the first day of business behind the silence. */
  readonly hadQueue: boolean
}

function live(cut: Cut): Lived {
  const book = new TenYearsBook(cut, demandSums)
  let hadQueue = false
  for (const day of tenYears(SEED)) {
    book.live(day)
    if (day.day === SILENCE.until + 1) hadQueue = !book.isSettled
  }
  book.end()
  return { book, hadQueue }
}

/** Holders, pools and funds have what is issued and not redeemed; what melted is shared out or in the pools. */
function demandSums(book: TenYearsBook): void {
  const held = book.heldBy()
  for (const money of MONEYS) {
    const { cards, persons, places, funds, pools } = held[money]
    const { issued, redeemed, melted, toPlaces, toCommons, toMaintenance, burnt } = book.ever[money]
    expect(cards + persons + places + funds + pools).toBe(issued - redeemed - burnt)
    expect(pools).toBe(melted - toPlaces - toCommons - toMaintenance - burnt)
  }
  expect(brokenMelting(book.state)).toEqual([])
}

interface CardLife {
  readonly deeds: CardDeed[]
  melts: bigint
}

/** What the lines say of every card's own wallet. */
function cardDeeds({ state, lines }: TenYearsBook): ReadonlyMap<string, CardLife> {
  const lives = new Map<string, CardLife>()
  for (const { action, asset, from, to, amount, timeUs } of lines) {
    for (const [wallet, sign] of [[from, -1n] as const, [to, 1n] as const]) {
      if (state.get('wallet', wallet)?.kind !== 'card') continue
      const life = lives.get(wallet) ?? { deeds: [], melts: 0n }
      lives.set(wallet, life)
      const isEuro = asset === idOf('FED')
      if (action === 'MLT') life.melts += isEuro ? amount : 0n
      else {
        const change = isEuro ? sign * amount : 0n
        life.deeds.push({ day: dayOf(timeUs / 1_000), change, isGesture: action !== 'FUS' })
      }
    }
  }
  return lives
}

describe(`ten years of ${WALLETS} cards, by the seed "${SEED}"`, () => {
  let byDay: Lived
  beforeAll(() => {
    byDay = live('day')
  })

  it('comes to the totals that are written down, to the cent', async () => {
    const { years } = byDay.book
    const told = { seed: SEED, wallets: WALLETS, years, stateRoot: byDay.book.stateRoot() }
    await expect(`${JSON.stringify(told, undefined, 2)}\n`).toMatchFileSnapshot('ten-years.json')
  })

  it('conserves money at every line, and has its sums at the end of every month', () => {
    const { book } = byDay
    expect(book.months).toBe(120)
    expect(book.broken).toEqual([])
    expect(book.brokenBalances()).toEqual([])
  })

  it('lives what it is about: votes, policies, silence, a queue behind it', () => {
    const { book, hadQueue } = byDay
    const statuses = [...book.state.entries('ballot')].map(({ record }) => record.status)
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'applied'), 'failed'])
    const policies = [...book.state.entries('asset')].map(({ record }) => {
      return `${record.code} ${record.policies.length}`
    })
    expect(policies.toSorted()).toEqual(['EUR 1', 'FED 4', 'TLF 4', 'TNF 10'])
    const cards = [...book.state.entries('wallet')].filter(({ record }) => record.kind === 'card')
    expect(cards.length).toBeGreaterThanOrEqual(WALLETS)
    expect(hadQueue).toBe(true)
    const waited = book.years.find(({ year }) => year === 2030)
    expect(waited?.lateMelts).toBeGreaterThan(50)
    expect(book.years.every(({ txs, rejected }) => rejected * 20 < txs)).toBe(true)
  })

  it('melts of the euros of each card what a naive walk through its days makes of the specification', () => {
    const { state, lines } = byDay.book
    const untilDay = dayOfDate('2036-01-01')
    const wrong: string[] = []
    let melted = 0n
    for (const [wallet, { deeds, melts }] of cardDeeds(byDay.book)) {
      const naive = naiveMelting(deeds, untilDay)
      const balance = state.get('account', `${wallet}/${idOf('FED')}`)?.balance ?? 0n
      melted += melts
      if (naive.melted === melts && naive.balance === balance) continue
      wrong.push(
        `${wallet}: ${melts} melted of ${balance}, not ${naive.melted} of ${naive.balance}`,
      )
    }
    expect(wrong).toEqual([])
    expect(lines.length).toBeGreaterThan(100_000)
    expect(melted).toBeGreaterThan(500_000n)
  })

  it('leaves everybody the same when each payment has a block of its own', () => {
    const byTx = live('tx').book
    const wallets = toldByHolders(byDay.book.state)
    expect(toldByHolders(byTx.state)).toEqual(wallets)
    expect(byTx.years.map(({ moneys }) => moneys)).toEqual(
      byDay.book.years.map(({ moneys }) => moneys),
    )
  })
})
