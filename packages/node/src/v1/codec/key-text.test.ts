import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashKeyText, newKeyText, prefixOf, verifyKeyText } from './key-text.ts'

const KEY = '07AjHpN6.pkfxiuY47P0wkPsQeTPF53f3OVcpctB8'
const OTHER = '07AjHpN6.pkfxiuY47P0wkPsQeTPF53f3OVcpctB9'

describe('a new key', () => {
  it('is a prefix of 8 and a secret of 32 signs, with a dot between', () => {
    const text = newKeyText(randomBytes)
    expect(text).toMatch(/^[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}$/)
    expect(newKeyText(randomBytes)).not.toBe(text)
  })

  it('leaves out bytes that would make some signs likelier', () => {
    let next = 0
    const random = (count: number) =>
      Uint8Array.from({ length: count }, () => (next++ % 2 ? 61 : 248))
    expect(newKeyText(random)).toBe(`${'9'.repeat(8)}.${'9'.repeat(32)}`)
  })

  it('may have every sign', () => {
    let next = 0
    const random = (count: number) => Uint8Array.from({ length: count }, () => next++ % 256)
    const texts = Array.from({ length: 10 }, () => newKeyText(random)).join('')
    expect(new Set(texts.replaceAll('.', '')).size).toBe(62)
  })
})

describe('the prefix', () => {
  it('is what a key is found by', () => {
    expect(prefixOf(KEY)).toBe('07AjHpN6')
  })

  it.each([
    '',
    'x',
    KEY.slice(1),
    `${KEY}x`,
    ` ${KEY}`,
    KEY.replace('.', '-'),
    `${KEY}\n`,
    `${KEY.slice(0, 40)}é`,
  ])('is not there in %j', (text) => {
    expect(prefixOf(text)).toBeUndefined()
  })
})

describe('what is stored', () => {
  it('is the SHA-512 of the whole key', () => {
    const hex = createHash('sha512').update(KEY).digest('hex')
    expect(hashKeyText(KEY)).toBe(`sha512$$${hex}`)
  })

  it('verifies its key alone', () => {
    expect(verifyKeyText(KEY, hashKeyText(KEY))).toBe(true)
    expect(verifyKeyText(OTHER, hashKeyText(KEY))).toBe(false)
    expect(verifyKeyText('', hashKeyText(KEY))).toBe(false)
  })

  it('may be what older versions of v1 stored', () => {
    // From Python: hashlib.pbkdf2_hmac('sha256', b'password', b'salt', 4096), in base64.
    const published = 'pbkdf2_sha256$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o='
    expect(verifyKeyText('password', published)).toBe(true)
    expect(verifyKeyText('Password', published)).toBe(false)
    const digest = pbkdf2Sync(KEY, 'Zb3', 1_000, 32, 'sha256').toString('base64')
    expect(verifyKeyText(KEY, `pbkdf2_sha256$1000$Zb3$${digest}`)).toBe(true)
    expect(verifyKeyText(OTHER, `pbkdf2_sha256$1000$Zb3$${digest}`)).toBe(false)
  })

  it.each([
    '',
    'sha512$$',
    KEY,
    'pbkdf2_sha256$0$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=',
    'pbkdf2_sha256$99999999$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=',
    'pbkdf2_sha256$4096$$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=',
    'pbkdf2_sha1$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=',
    'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
  ])('verifies nothing when it is %j', (stored) => {
    expect(verifyKeyText('password', stored)).toBe(false)
  })
})
