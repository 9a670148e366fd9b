import type { DashboardFacts, PlaceFacts, SupplyFacts } from '@fedow/api'
import { describe, expect, it } from 'vitest'
import { dashboardPage } from './dashboard.ts'
import { noPlacePage, placePage } from './dashboard-place.ts'

const pearl: SupplyFacts = {
  name: 'Perle <b>',
  code: 'PRL',
  kind: 'TLF',
  issuer: 'Bar & Port',
  issued: 84_000,
  inPlaces: 28_000,
  minted: 90_000,
  deposited: 6_000,
}
const hours: SupplyFacts = { ...pearl, name: 'Heures', code: 'HRE', kind: 'TIM', issued: 28_050 }
const points: SupplyFacts = { ...pearl, name: 'Points', code: 'PTS', kind: 'FID' }

const facts: DashboardFacts = {
  network: 'Archipel',
  time: '2026-11-23T04:37:45.626Z',
  counts: { moneys: 3, federations: 1, places: 2, wallets: 1_234, cards: 3_000 },
  moneys: [pearl, hours, points],
  busiest: [{ id: 'b1', name: 'Bar & Port', received: 4_321 }],
  months: [
    { month: '2026-11', lines: 50 },
    { month: '2026-10', lines: 200 },
  ],
  last: [
    {
      time: '2026-11-22T07:20:00.000Z',
      asset: { name: 'Perle', code: 'PRL', kind: 'TLF' },
      action: 'SAL',
      amount: 1_250,
      to: 'Bar & Port',
    },
  ],
}

const place: PlaceFacts = {
  network: 'Archipel',
  time: facts.time,
  id: 'b1',
  name: 'Bar & Port',
  suspended: false,
  counts: { received: 12, cards: 4, allCards: 8, allWallets: 9 },
  moneys: [pearl],
  others: [{ name: 'Adhésion 2026', kind: 'SUB', issuer: 'Bar & Port' }],
  federations: [
    {
      name: 'Îles',
      places: [
        { id: 'b1', name: 'Bar & Port' },
        { id: 'f2', name: 'Fair' },
      ],
    },
  ],
}

/** What somebody reads: spaces as one, of any kind. */
function read(page: string): string {
  return page
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

describe('the dashboard', () => {
  it('is a whole document that needs no script and loads nothing', () => {
    for (const page of [dashboardPage(facts, 'fr'), placePage(place, 'fr'), noPlacePage('fr')]) {
      expect(page.startsWith('<!doctype html>\n<html lang="fr">')).toBe(true)
      expect(page).not.toMatch(/<script|<link|<img| src=|url\(/)
      expect(page.match(/<h1>/g)).toHaveLength(1)
    }
  })

  it('escapes every name', () => {
    const page = dashboardPage(facts, 'en')
    expect(page).toContain('Perle &lt;b&gt;')
    expect(page).not.toContain('<b>')
    expect(page).not.toContain('Bar & Port')
  })

  it('shows each money in its own unit, by kind', () => {
    const text = read(dashboardPage(facts, 'en'))
    expect(text).toContain('900.00 PRL 840.00 PRL 280.00 PRL 560.00 PRL 60.00 PRL')
    expect(text).toContain('900 h 00 280 h 30 280 h 00 0 h 30 60 h 00')
    expect(text).toContain('840.00 pts')
    expect(text).toMatch(/local .*Perle.* hours .*Heures.* loyalty .*Points/)
  })

  it('shows nothing as less than nothing when money moved while it was read', () => {
    const moved = { ...pearl, issued: 27_900 }
    const text = read(dashboardPage({ ...facts, moneys: [moved] }, 'en'))
    expect(text).toContain('279.00 PRL 280.00 PRL 0.00 PRL')
  })

  it('names places and nobody else in the last lines', () => {
    const text = read(dashboardPage(facts, 'fr'))
    expect(text).toContain(
      'dim. 22 nov. 2026, 07:20 vente un portefeuille Bar &amp; Port Perle 12,50 PRL',
    )
    const english = read(dashboardPage(facts, 'en'))
    expect(english).toContain(
      'Sun, 22 Nov 2026, 07:20 sale a wallet Bar &amp; Port Perle 12.50 PRL',
    )
  })

  it('shows what places vote without an amount, and what a fund pays with one', () => {
    const [line] = facts.last
    if (line === undefined) throw new Error('there is a line')
    const vote = { ...line, action: 'VOT', amount: 0, from: 'Fair', to: 'Fair' } as const
    const text = read(dashboardPage({ ...facts, last: [vote] }, 'fr'))
    expect(text).toMatch(/07:20 vote Fair (?!Fair|Perle|0)/)
    const grant = { ...line, action: 'GRT' } as const
    expect(read(dashboardPage({ ...facts, last: [grant] }, 'fr'))).toContain(
      'subvention un portefeuille Bar &amp; Port Perle 12,50 PRL',
    )
  })

  it('writes months in words, with bars that are for the eye alone', () => {
    const page = dashboardPage(facts, 'fr')
    expect(read(page)).toContain('novembre 2026 50 octobre 2026 200')
    expect(page).toContain('<td class="bar" aria-hidden="true"><i style="width:25%"></i></td>')
  })

  it('says while it counts that figures are too low', () => {
    expect(read(dashboardPage(facts, 'fr'))).not.toContain('Comptage en cours')
    const counting = { lines: 10_000, of: 300_000 }
    const text = read(dashboardPage({ ...facts, counting }, 'fr'))
    expect(text).toContain('Comptage en cours. Lignes comptées : 10 000 sur 300 000.')
  })

  it('says in words that there is nothing yet', () => {
    const text = read(
      dashboardPage({ ...facts, moneys: [], busiest: [], months: [], last: [] }, 'en'),
    )
    expect(text).toContain('No money.')
    expect(text).toContain('No place has received anything yet.')
    expect(text.match(/No line\./g)).toHaveLength(2)
  })
})

describe('the page of a place', () => {
  it('shows what it accepts and links to the places it is with', () => {
    const page = placePage(place, 'fr')
    expect(page).toContain('<h1>Bar &amp; Port</h1>')
    expect(page).toContain('<a href="/dashboard/place/f2/">Fair</a>')
    expect(page).toContain('<li>Bar &amp; Port</li>')
    expect(page).toContain('<a href="/dashboard/">Tableau de bord</a>')
    expect(read(page)).toContain('Adhésion 2026 (adhésion) · Bar &amp; Port')
  })

  it('says that a place is suspended, and only then', () => {
    expect(read(placePage(place, 'fr'))).not.toContain('suspendu')
    expect(read(placePage({ ...place, suspended: true }, 'fr'))).toContain('Ce lieu est suspendu')
  })

  it('tells whoever follows a broken link what happened and where to go', () => {
    const page = noPlacePage('en')
    expect(page).toContain('<h1>No place at this address</h1>')
    expect(page).toContain('No money has moved.')
    expect(page).toContain('<a href="/dashboard/">')
  })
})
