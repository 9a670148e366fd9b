import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('the settings of e-mail', () => {
  const FEDOW_MAIL_FROM = 'Fedow <fedow@example.org>'

  it('send nothing unless a server and a sender are set', () => {
    expect(readConfig({}).mail).toBeUndefined()
    expect(readConfig({ FEDOW_MAIL_FROM }).mail).toBeUndefined()
    const url = 'smtps://node:s%40cret@mail.example.org'
    expect(readConfig({ FEDOW_SMTP_URL: url, FEDOW_MAIL_FROM }).mail).toEqual({
      ...{ url, from: FEDOW_MAIL_FROM },
    })
    expect(() => readConfig({ FEDOW_SMTP_URL: url })).toThrow('FEDOW_MAIL_FROM is not')
  })

  it.each([
    'mail.example.org',
    'https://mail.example.org',
    'smtp://',
    'smtp://node:hunter%2@mail.example.org',
    'smtp://mail.example.org/?tls.rejectUnauthorized=hunter2',
    'smtp://hunter2@mail.example.org/path',
  ])('refuse the server "%s", and do not show it', (url) => {
    const read = () => readConfig({ FEDOW_SMTP_URL: url, FEDOW_MAIL_FROM })
    expect(read).toThrow('FEDOW_SMTP_URL=(not shown)')
    expect(read).not.toThrow('hunter2')
  })

  it.each(['fedow', 'a b@example.org', 'Fedow <fedow>', 'a@example.org\r\nBcc: b@example.org'])(
    'refuse the sender "%s"',
    (from) => {
      const settings = { FEDOW_SMTP_URL: 'smtp://localhost', FEDOW_MAIL_FROM: from }
      expect(() => readConfig(settings)).toThrow('FEDOW_MAIL_FROM')
    },
  )
})

describe('the settings of v1', () => {
  it('keep its doors closed unless somebody opens them', () => {
    expect(readConfig({})).toMatchObject({ v1HandshakeMs: 0, isV1Debug: false })
    expect(readConfig({ FEDOW_V1_HANDSHAKE: 'closed' }).v1HandshakeMs).toBe(0)
  })

  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
  ])('read %s as a time', (text, ms) => {
    expect(readConfig({ FEDOW_V1_HANDSHAKE: text }).v1HandshakeMs).toBe(ms)
  })

  it.each(['', '0m', '10', 'm', '25h', '1d', '-1m', '1.5h', 'open', '10m '])(
    'refuse "%s" as a time, and name the setting',
    (text) => {
      expect(() => readConfig({ FEDOW_V1_HANDSHAKE: text })).toThrow(ConfigError)
      expect(() => readConfig({ FEDOW_V1_HANDSHAKE: text })).toThrow('FEDOW_V1_HANDSHAKE')
    },
  )

  it('read the test mode as 0 or 1', () => {
    expect(readConfig({ FEDOW_V1_DEBUG: '1' }).isV1Debug).toBe(true)
    expect(readConfig({ FEDOW_V1_DEBUG: '0' }).isV1Debug).toBe(false)
    expect(() => readConfig({ FEDOW_V1_DEBUG: 'yes' })).toThrow(ConfigError)
  })
})

describe('the settings of Stripe', () => {
  it('are absent unless somebody sets them', () => {
    const nothing = { key: undefined, webhookSecret: undefined, api: undefined }
    expect(readConfig({}).stripe).toEqual(nothing)
    const set = {
      FEDOW_STRIPE_KEY: 'sk_test_abc',
      FEDOW_STRIPE_WEBHOOK_SECRET: 'whsec_abc',
      FEDOW_STRIPE_API: 'http://127.0.0.1:12111',
    }
    expect(readConfig(set).stripe).toEqual({
      key: 'sk_test_abc',
      webhookSecret: 'whsec_abc',
      api: 'http://127.0.0.1:12111',
    })
  })

  it('are refused by their name when they cannot be, and a secret is not shown', () => {
    const secret = 'pk_live_secret_of_somebody'
    expect(() => readConfig({ FEDOW_STRIPE_KEY: secret })).toThrow('FEDOW_STRIPE_KEY')
    expect(() => readConfig({ FEDOW_STRIPE_KEY: secret })).toThrow(/^(?!.*secret_of)/)
    expect(() => readConfig({ FEDOW_STRIPE_API: 'stripe' })).toThrow('FEDOW_STRIPE_API')
  })
})
