import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  concat,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  isSameBytes,
  toBase64,
  toBase64url,
  toHex,
  toU64,
  toUtf8,
} from './bytes.ts'

describe('base64url', () => {
  it('writes the samples of RFC 4648, section 10, without padding', () => {
    const samples = ['', 'Zg', 'Zm8', 'Zm9v', 'Zm9vYg', 'Zm9vYmE', 'Zm9vYmFy']
    samples.forEach((text, length) => {
      const bytes = toUtf8('foobar'.slice(0, length))
      expect(toBase64url(bytes)).toBe(text)
      expect(fromBase64url(text)).toEqual(bytes)
    })
  })

  it.each([
    ['padding', 'Zg=='],
    ['trailing bits', 'Zh'],
    ['a space', 'Zm 8'],
    ['a line end', 'Zm8\n'],
    ['the other alphabet', '+/+/'],
    ['one character', 'Z'],
    ['a character of neither alphabet', 'Zm8!'],
    ['a character beyond ASCII', 'Zm9\u0142'],
  ])('refuses %s', (_, text) => {
    expect(fromBase64url(text)).toBeUndefined()
  })

  it('has one spelling for all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      }),
    )
  })
})

describe('padded base64', () => {
  it('writes the samples of RFC 4648, section 10', () => {
    const samples = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']
    samples.forEach((text, length) => {
      const bytes = toUtf8('foobar'.slice(0, length))
      expect(toBase64(bytes)).toBe(text)
      expect(fromBase64(text)).toEqual(bytes)
    })
  })

  it.each(['Zg', 'Zg=', 'Zg===', 'Zh==', 'Zm9=', 'Zm 8=', 'Zm8=\n', '-_-_', '====', 'Zg==Zg=='])(
    'refuses %j',
    (text) => {
      expect(fromBase64(text)).toBeUndefined()
    },
  )

  it('has one spelling for all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      }),
    )
  })
})

describe('hex', () => {
  it('gives back all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
    )
  })

  it.each(['0', 'AB', '0g', ' 00', '00\n'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined()
  })
})

describe('UTF-8', () => {
  it('gives back all well-formed text, a byte order mark too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect(fromUtf8(toUtf8(text))).toBe(text)
      }),
    )
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('\ufeff')
  })

  it.each([
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(fromUtf8(Uint8Array.from(bytes))).toBeUndefined()
  })
})

it('writes integers as 8 bytes, the highest first', () => {
  expect(toHex(toU64(0))).toBe('0000000000000000')
  expect(toHex(toU64(258))).toBe('0000000000000102')
  expect(toHex(toU64(9_007_199_254_740_991n))).toBe('001fffffffffffff')
})

it('tells whether bytes are the same, whatever holds them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }), (one, other) => {
      expect(isSameBytes(one, Buffer.from(one))).toBe(true)
      expect(isSameBytes(one, other)).toBe(toHex(one) === toHex(other))
      expect(isSameBytes(one, concat(one, other))).toBe(other.length === 0)
    }),
  )
})

it('joins arrays in their order', () => {
  expect(concat()).toEqual(new Uint8Array())
  expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
    Uint8Array.of(1, 2, 3),
  )
})
