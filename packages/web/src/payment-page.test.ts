import { describe, expect, it } from 'vitest'
import { idleReaderPage, noPaymentPage, paymentPage, sandboxPage } from './payment-page.ts'

const open = {
  reference: 'sandbox_order_x',
  state: 'open',
  amount: undefined,
  returnUrl: 'https://bar.example/?a=1&b="><script>',
  now: '2026-11-23T07:00:00.000Z',
} as const

describe('the page of the sandbox', () => {
  it('says loudly that no real money moves, in both languages', () => {
    expect(sandboxPage(open, 'fr')).toContain('AUCUN ARGENT RÉEL')
    expect(sandboxPage(open, 'en')).toContain('NO REAL MONEY')
  })

  it('asks for the amount only when the payer chooses it', () => {
    expect(sandboxPage(open, 'en')).toContain('name="euros"')
    const asked = sandboxPage({ ...open, amount: 2_050 }, 'en')
    expect(asked).not.toContain('name="euros"')
    expect(asked).toContain('€20.50')
  })

  it('offers each outcome by its name while it is open, and none afterwards', () => {
    const page = sandboxPage(open, 'en')
    for (const name of ['paid', 'declined', 'later', 'never', 'twice', 'disputed']) {
      expect(page).toContain(`name="outcome" value="${name}"`)
    }
    const paid = sandboxPage({ ...open, state: 'paid', amount: 2_000 }, 'en')
    expect(paid).not.toContain('name="outcome"')
    expect(paid).toContain('It is paid.')
  })

  it('is a terminal where a reader asks, and takes no card where none does', () => {
    const waited = sandboxPage({ ...open, amount: 900, isWaitedFor: true }, 'en')
    expect(waited).toContain('Try-out terminal')
    expect(waited).toContain('Nobody presents a card')
    expect(waited).not.toContain('you close the page')
    const left = sandboxPage({ ...open, amount: 900, isWaitedFor: false }, 'en')
    expect(left).not.toContain('name="outcome"')
    expect(left).toContain('asks for no card')
    expect(idleReaderPage('en')).toContain('waits for nothing')
  })

  it('escapes the address to come back to', () => {
    const page = sandboxPage({ ...open, state: 'expired' }, 'en')
    expect(page).not.toContain('<script>')
    expect(page).toContain('?a=1&amp;b=&quot;&gt;&lt;script&gt;')
  })
})

describe('the page to come back to', () => {
  it('says that the bank has not answered, and offers no second payment', () => {
    const facts = { state: 'opened', amount: 700, isSandbox: false, url: undefined } as const
    const page = paymentPage({ ...facts, waits: 'bank' }, 'en')
    expect(page).toContain('your bank has not answered yet')
    expect(page).toContain('Do not pay twice')
  })

  const facts = { amount: 2_000, isSandbox: false, url: undefined }

  it.each([
    ['intended', 'Waiting'],
    ['opened', 'Waiting'],
    ['paid', 'Received'],
    ['credited', 'Done'],
    ['failed', 'Nothing was credited'],
    ['expired', 'Nothing was credited'],
  ] as const)('says of %s: %s', (state, title) => {
    expect(paymentPage({ ...facts, state }, 'en')).toContain(`<h2>${title}</h2>`)
  })

  it('loads itself again while the money is received and not credited', () => {
    expect(paymentPage({ ...facts, state: 'paid' }, 'fr')).toContain('http-equiv="refresh"')
    expect(paymentPage({ ...facts, state: 'credited' }, 'fr')).not.toContain('http-equiv')
  })

  it('says when no payment is there', () => {
    expect(noPaymentPage('fr')).toContain('Aucun paiement à cette adresse')
  })
})
