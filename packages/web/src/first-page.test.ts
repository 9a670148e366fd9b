import type { PublicFacts } from '@fedow/api'
import { describe, expect, it } from 'vitest'
import { firstPage } from './first-page.ts'
import { languageOf } from './words.ts'

const facts: PublicFacts = {
  network: 'Archipel <script>',
  chain: '8ac76d07f0b88865991f258f23cdc577',
  version: '1.2.3',
  height: 12,
  lines: 1_234,
  time: '2026-11-22T22:10:27.000Z',
  fedIssued: 176_050,
  eurHeld: 176_050,
  places: [{ id: 'a', name: 'Bar & Port' }],
  assets: [
    { name: 'Heures', code: 'HRE', kind: 'TIM', issuer: 'Banque de temps', issued: 250 },
    { name: 'Euro fédéré', code: 'FED', kind: 'FED', issued: 176_050 },
    { name: 'Badge', code: 'BDG', kind: 'BDG', issuer: 'Bar & Port', issued: 0 },
  ],
}

describe('the first page', () => {
  it('escapes every name', () => {
    const page = firstPage(facts, 'en')
    expect(page).toContain('<h1>Archipel &lt;script&gt;</h1>')
    expect(page).toContain('<li>Bar &amp; Port</li>')
    expect(page).not.toContain('<script')
  })

  it('shows euros, hours and presence each in their own way', () => {
    const page = firstPage(facts, 'en')
    expect(page).toContain('€1,760.50')
    expect(page).toContain('2 h 30')
    expect(page).toContain('<td class="amount">–</td>')
  })

  it('says when the reserve does not add up', () => {
    expect(firstPage(facts, 'en')).toContain('The book adds up')
    const broken = firstPage({ ...facts, eurHeld: 176_000 }, 'en')
    expect(broken).toContain('€1,760.00')
    expect(broken).not.toContain('The book adds up')
  })

  it('says who vouches for the reserve, and until when', () => {
    expect(firstPage(facts, 'en')).toContain('Reserve not attested')
    const page = firstPage({ ...facts, attestedUntil: '2026-11-29T18:30:00.000Z' }, 'en')
    expect(page).toContain('<time datetime="2026-11-29T18:30:00.000Z">November 29, 2026')
    expect(page).not.toContain('not attested')
  })

  it('speaks the first language that the browser asks for, French otherwise', () => {
    expect(languageOf('en-GB,fr;q=0.5')).toBe('en')
    expect(languageOf('de,fr;q=0.8,en;q=0.5')).toBe('fr')
    expect(languageOf(undefined)).toBe('fr')
    expect(firstPage(facts, 'fr')).toContain('Euros fédérés en circulation')
  })
})
