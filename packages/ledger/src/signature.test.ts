import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase64url, toBase64url, toUtf8 } from './bytes.ts'
import { nobleHash } from './hash.ts'
import { isStrictKey, isStrictSignature, nobleVerify, toKid } from './signature.ts'

/** RFC 8032, section 7.1: public key, message, signature. */
const RFC_8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
].map((row) => row.map((hex) => Uint8Array.fromHex(hex)) as [Uint8Array, Uint8Array, Uint8Array])

const L = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
const P = 2n ** 255n - 19n

describe('verification', () => {
  it.each(RFC_8032)('accepts a vector of RFC 8032, section 7.1', (x, message, signature) => {
    expect(isStrictKey(toBase64url(x))).toBe(true)
    expect(isStrictSignature(signature)).toBe(true)
    expect(nobleVerify(x, message, signature)).toBe(true)
    expect(nobleVerify(x, concat(message, Uint8Array.of(0)), signature)).toBe(false)
  })

  it('agrees with the one of node:crypto, whatever byte is changed', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const x = fromBase64url(publicKey.export({ format: 'jwk' }).x ?? '') ?? new Uint8Array()
    const message = toUtf8('ten cents')
    const honest = new Uint8Array(sign(null, message, privateKey))
    for (let index = 0; index < 64; index += 1) {
      const changed = honest.slice()
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(nobleVerify(x, message, changed)).toBe(false)
      expect(verify(null, message, publicKey, changed)).toBe(false)
    }
    expect(nobleVerify(x, message, honest)).toBe(verify(null, message, publicKey, honest))
    expect(nobleVerify(x, message, honest)).toBe(true)
  })

  it('answers false for anything else, and never throws', () => {
    const key = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    )
    const seal = fc.uint8Array({ minLength: 60, maxLength: 66 })
    fc.assert(
      fc.property(key, fc.uint8Array(), seal, (x, message, signature) => {
        expect(nobleVerify(x, message, signature)).toBe(false)
      }),
    )
  })

  it('refuses the second spelling of a scalar, s + L', () => {
    const [x, message, signature] = RFC_8032[1] ?? [
      new Uint8Array(),
      new Uint8Array(),
      new Uint8Array(),
    ]
    const s = fromLittleEndian(signature.subarray(32)) + L
    const other = concat(signature.subarray(0, 32), toLittleEndian(s))
    expect(isStrictSignature(other)).toBe(false)
    expect(nobleVerify(x, message, other)).toBe(false)
  })

  it('refuses the all-zero signature that a key of small order would make valid', () => {
    const identity = toLittleEndian(1n)
    const forged = concat(identity, new Uint8Array(32))
    expect(nobleVerify(identity, toUtf8('anything'), forged)).toBe(false)
    expect(isStrictSignature(forged)).toBe(false)
  })
})

describe('a strict signature', () => {
  const point = ed25519.Point.BASE.toBytes()

  it.each([
    ['s = L', concat(point, toLittleEndian(L)), false],
    ['s = L - 1', concat(point, toLittleEndian(L - 1n)), true],
    ['s = 0', concat(point, new Uint8Array(32)), true],
    ['s of all ones', concat(point, new Uint8Array(32).fill(255)), false],
    ['63 bytes', new Uint8Array(63), false],
    ['65 bytes', new Uint8Array(65), false],
    ['no byte', new Uint8Array(), false],
    ['R = p', concat(toLittleEndian(P), new Uint8Array(32)), false],
    ['R = p + 3', concat(toLittleEndian(P + 3n), new Uint8Array(32)), false],
  ])('%s', (_, signature, expected) => {
    expect(isStrictSignature(signature)).toBe(expected)
  })
})

describe('a strict key', () => {
  it.each(smallOrderPoints().map((bytes) => [bytes.toHex(), bytes] as const))(
    'is not the point of small order %s, with either sign',
    (_, bytes) => {
      expect(isStrictKey(toBase64url(bytes))).toBe(false)
      const other = bytes.slice()
      other[31] = (other[31] ?? 0) ^ 0x80
      expect(isStrictKey(toBase64url(other))).toBe(false)
    },
  )

  it('is not a good key plus a point of small order', () => {
    const torsion = ed25519.Point.fromBytes(
      Uint8Array.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
    )
    const mixed = ed25519.Point.BASE.add(torsion).toBytes()
    expect(isStrictKey(toBase64url(mixed))).toBe(false)
    expect(isStrictKey(toBase64url(ed25519.Point.BASE.toBytes()))).toBe(true)
  })

  it('is not a second spelling, a point off the curve, or other bytes', () => {
    expect(isStrictKey(toBase64url(toLittleEndian(P + 3n)))).toBe(false)
    const offCurve = [2n, 7n, 8n].map((y) => toBase64url(toLittleEndian(y)))
    expect(offCurve.filter(isStrictKey)).toEqual(offCurve.filter(isOnCurveOfPrimeOrder))
    for (const text of ['', 'A', 'A'.repeat(42), 'A'.repeat(44), '*'.repeat(43), 'é']) {
      expect(isStrictKey(text)).toBe(false)
    }
  })

  it('has one text: the last character carries no loose bits', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    expect(isStrictKey(x)).toBe(true)
    for (const last of 'pqr') expect(isStrictKey(x.slice(0, 42) + last)).toBe(false)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(typeof isStrictKey(toBase64url(bytes))).toBe('boolean')
      }),
    )
  })
})

it('names a key by its thumbprint, as RFC 8037, appendix A.3', () => {
  expect(toKid(nobleHash, '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')).toBe(
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  )
})

function isOnCurveOfPrimeOrder(x: string): boolean {
  try {
    return ed25519.Point.fromBytes(fromBase64url(x) ?? new Uint8Array()).isTorsionFree()
  } catch {
    return false
  }
}

/** The multiples of a point of order 8. */
function smallOrderPoints(): readonly Uint8Array[] {
  const eighth = ed25519.Point.fromBytes(
    Uint8Array.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  )
  const points = [ed25519.Point.ZERO]
  for (let count = 1; count < 8; count += 1) points.push(points.at(-1)?.add(eighth) ?? eighth)
  return points.map((point) => point.toBytes())
}

function toLittleEndian(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, '0')).reverse()
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.slice().reverse().toHex()}`)
}
