import { describe, expect, it } from 'vitest'
import { isEmail, isUrl } from './addresses.ts'

describe('an e-mail address', () => {
  it.each([
    'jo@example.org',
    'Jo.Do+fedow@sub.example.coop',
    'jo@localhost',
    'jo@[127.0.0.1]',
    '"jo@do"@example.org',
    'jo@élan.fr',
    "o'neil@example.org",
  ])('is %s', (text) => {
    expect(isEmail(text)).toBe(true)
  })

  it.each([
    '',
    'jo',
    '@example.org',
    'jo@',
    'jo@example',
    'jo@exa mple.org',
    'jo do@example.org',
    '.jo@example.org',
    'jo@-example.org',
    'jo@example.o-',
    'jo@[999.0.0.1]',
  ])('is not %s', (text) => {
    expect(isEmail(text)).toBe(false)
  })

  it('has a limit', () => {
    expect(isEmail(`${'a'.repeat(320)}@example.org`)).toBe(false)
    expect(isEmail(`jo@${'a.'.repeat(1_000_000)}`)).toBe(false)
  })
})

describe('a web address', () => {
  it.each([
    'https://laboutik.example.org/',
    'http://localhost:8000/path?query=1#part',
    'https://laboutik.tibillet.localhost',
    'http://127.0.0.1:8000/',
    'https://[::1]/',
    'HTTPS://Example.ORG',
    'https://élan.fr/',
    'https://someone:secret@example.org/',
  ])('is %s', (text) => {
    expect(isUrl(text)).toBe(true)
  })

  it.each([
    '',
    'example.org',
    'ftp',
    'javascript:alert(1)',
    'https://',
    'http://fedow:8000/',
    'https://example.org/a b',
    'https://-example.org/',
    'https://example.o-/',
    'https://[zz]/',
    'https://1.2.3/',
  ])('is not %s', (text) => {
    expect(isUrl(text)).toBe(false)
  })

  it('has a limit', () => {
    const path = 'a'.repeat(2_048 - 'https://example.org/'.length)
    expect(isUrl(`https://example.org/${path}`)).toBe(true)
    expect(isUrl(`https://example.org/${path}a`)).toBe(false)
  })
})
