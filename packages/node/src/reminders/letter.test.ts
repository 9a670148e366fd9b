/** The words of a reminder for each form of melting. */
import type { Amount, AssetId, Demurrage } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import type { ComingMelt } from './coming.ts'
import { toLetter } from './letter.ts'

const DAY = Date.parse('2026-12-01T00:00:00Z') / 86_400_000

const TERMS: Demurrage = {
  basis: 'inactivity',
  graceDays: 365,
  period: { months: 1 },
  form: { ppm: 2_500 },
  floor: 0n as Amount,
  exempt: [],
  shares: { node: 0, commons: 1_000_000, maintenance: 0, burnt: 0 },
}

function melt(terms: Partial<Demurrage>, of: Partial<ComingMelt> = {}): ComingMelt {
  return {
    asset: '00000000-0000-4000-8000-000000000001' as AssetId,
    named: { name: 'Perle', code: 'PRL', kind: 'TLF' },
    amount: 1_234_567n as Amount,
    balance: 98_765_432n,
    terms: { ...TERMS, ...terms },
    policy: { refund: 'issuer', personToPerson: true },
    ...of,
  }
}

function letter(one: ComingMelt, language: 'fr' | 'en', today = DAY - 7) {
  const facts = { today, origin: 'https://fedow.example.org', stopUrl: 'https://x.example/stop' }
  const made = toLetter({ ...facts, days: [{ dueDay: DAY, melts: [one] }] }, language)
  return { ...made, text: made.text.replace(/[\u00a0\u202f]/g, ' ') }
}

describe('a letter', () => {
  it('writes amounts, days and rates as each language does', () => {
    const french = letter(melt({}), 'fr')
    expect(french.text).toContain('dans 7 jours, le mardi 1 décembre 2026 à 0 h 00 (UTC)')
    expect(french.text).toContain('- 12 345,67 PRL sur 987 654,32 PRL (Perle)')
    expect(french.text).toContain(
      'après 365 jours sans geste de votre part, 0,25 % en fond chaque mois',
    )
    const english = letter(melt({}), 'en', DAY - 1)
    expect(english.subject).toBe('Reminder: 12,345.67 PRL will melt on Tuesday, 1 December 2026')
    expect(english.text).toContain('will melt tomorrow, on')
    expect(english.text).toContain('0.25% of it melts every month')
  })

  it('says what puts the day off, which differs by the rule', () => {
    expect(letter(melt({}), 'en').text).toContain('puts this date off')
    const age = letter(melt({ basis: 'age', graceDays: 0, period: { days: 1 } }), 'en').text
    expect(age).toContain('from the day it comes, 0.25% of it melts every day')
    expect(age).not.toContain('puts this date off')
    const form = { allDay: DAY } as const
    const expiry = letter(melt({ form }), 'en').text
    expect(expiry).toContain('has a last day')
    expect(expiry).not.toMatch(/puts this date off|goes on melting/)
  })

  it('tells a fixed amount, and hours as hours', () => {
    const fixed = { form: { fixed: 40n as Amount }, period: { months: 3 } }
    expect(letter(melt(fixed), 'fr').text).toContain('0,40 PRL en fondent tous les 3 mois')
    const hours = melt(
      {},
      {
        named: { name: 'Heure', code: 'H', kind: 'TIM' },
        ...{ amount: 150n as Amount, balance: 205n },
      },
    )
    expect(letter(hours, 'fr').text).toContain('- 1 h 30 sur 2 h 03 (Heure)')
  })

  it('has the three ways out, and says which the rules refuse', () => {
    const open = letter(melt({}), 'en').text
    expect(open).toContain('- Give it\n')
    expect(open).toContain('- Be refunded\n')
    const policy = { refund: 'never', personToPerson: false } as const
    const { text } = letter(melt({}, { policy }), 'en')
    expect(text).toContain('- Spend it\n  https://fedow.example.org/me/spend')
    expect(text).toContain('not from person to person')
    expect(text).toContain('not refunded in euros')
  })

  it('keeps names as texts in its HTML', () => {
    const named = { name: '<b>"Perle"</b> & Cie', code: 'PRL', kind: 'TLF' } as const
    const { html } = letter(melt({}, { named }), 'fr')
    expect(html).toContain('&lt;b&gt;&quot;Perle&quot;&lt;/b&gt; &amp; Cie')
    expect(html).not.toContain('<b>')
  })
})
