import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  sign,
} from 'node:crypto'
import { toUtf8 } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'
import { decodeSignature, encryptFor, isSignedBy, isUsablePem, signedTextOf } from './signature.ts'

const PEM = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2dtNdFSy1grLhqbnDSgz
MTjAbu/ZTKDwgS5aMSmFHwK9y1uomfBiVOn1/7qpOSU785NVw8ZUd7WsaAyYASTQ
MB5s45m0EHWj2NIcymoMImvtQDbjJFb3qhg+G46wdIbok57Ke6xmww9Hf1R/T5QQ
cTCSN8+kOT1N263mcrR2sG7JPzOasC5HkVB6vWnByz42NKYBZjDO8RFLE4LxgCsQ
e/Q6jYKul3kkqjm+FF32hSTgxUQEC59dohAeISAyPBbn47rGe5hhcd4TPIFLw9Dg
s88BieJrAuOUL43Vm1HbQ6QZ5LyJSSBLAgpnTevMsHH9oXnZry5DIqHoYMgKPpQn
SQIDAQAB
-----END PUBLIC KEY-----
`
const API_KEY = '07AjHpN6.pkfxiuY47P0wkPsQeTPF53f3OVcpctB8'
const BODY = '{"amount": 1250, "comment": null, "name": "Café"}'

// The vectors of the wire: what was signed, and with it what.
const POST = {
  text: signedTextOf(parseJson(BODY)),
  signature:
    'FNr3O-SYtDQMxpoS8mmLnoQL7GmJfuvcTsDgwgIu0vnbtMSJBOtfRMtBGIAc5dMD1u-DMoFD_45eqZ_i3Lz0J7lKB0a1vHjvzuTSMjABQALBcdUCJ2SMY7npvFMtB2MVh7zDW5NwikMbmJQnzr-LvVm79p0YacJQtMc04eMIzxG8f1VDMECEiC88lunr6-T6sdm8w3OrLNGkVhRI0jH18RjdNDol7LU0oSDPn96x_mAeJoUSOkvwWQKWPBf-lWse7yKdg__MLgHxpQaBtD7rkW7GiHw4sh2vTyMSKFjokehqFi5Iy7UyUt9tzp4lxn-znbGHX-UeCbD3MbpIVNvOhg==',
}
const PLACE_GET = {
  text: API_KEY,
  signature:
    'Eyr5TEkojmTHQa4S10YrA1SbDxeIcStAJGNJZZOxHAWiX_t9kIklsQScp8Ud43Kh1FQYFhvrRgT_beBL_8y1K23t5UesrGiboYDgFD2roW3DXYN0MwWAhDmF0W8a4YNTdRGQonIz8YozLWrZoK1DKcUOB3C2QxU5VL0Z5NNjU_AUyk-E5IKz9olDdBWpWDm0wkTnQpNHbW_FkrFBzyJcAcv7OxgYQgrRX5Llir4p8RGU0AlTKxLva0pKLwBMes9VqdS5uj51zaP8s6zy5vLk0MAEwEwUA0s9UvRJV9SYnr1swSsCctCcX_gfGOav0c0MX4ZZwdXO7kDXpB_lt4zhrQ==',
}
const WALLET_GET = {
  text: '1d765215-a54b-4e88-b830-058dbadd00eb:2026-06-01T12:34:56.789012',
  signature:
    'C66Ks6mOihLQODHkti88rtJG-V35ZclhbamlahClrTDdxdZMDghkk8oVAB-t6LDvaTeQFFhZWT9Bvsp04S9wwzc8lE5Dnz8XKh9eynGG0dAwHRo25gFzJgu1NvLUUjlHe96gYJRi3OP6NAlAfQrSeetZf0aTm_FlihJPnhN-6dI1H3cK1HC9aYhDQMsXR5MfvEMLNZ7peH984IyxGqDnDV0CoI03Lc_BWq6FyHUVyBNa1popBGQtRYIHOg0Ejgko89Svt839j473sw-wD41j124Ea5HA-GUhZPwGOrt8BeOwIf_7Iq2_Z5yWZz4WLcCQOJoS1xwnEtOllPDqvbyKwg==',
}
const SHORT_SALT = {
  text: API_KEY,
  signature:
    'H06g459HtaaOJIT43eErkBhx3iwceH2NXNIU0vBteqpoRL8pUQIz4I6ThK1dcZCCe-GVg0Xq9_mbjnnlWOMrB_kF1qMmwHEM_7vkKF8lYNbi69VOPLk5hhCgNoTjoTxP6wCS6gbbyhWwA_FEg6AP9jTM2cFhHgHt8BFHW3oKy115lV8W38pD0GEh1VRxCY4Y3kM3rCvzW4S0aohB3FdAnEGCPSVcWvgO-qf1iRSQ1FiiZ43K9I8EPArTxvX3-_JLxTE8aM8CGhgklitcM0aAvD0fahVPM14J3eOphA83YnbtK-Lmz-lmVeP2G57Y_Bjog-9S8yXZGaQMb1KfB_HSyw==',
}

describe('a signature', () => {
  const vectors = [
    ['V1, a POST', POST],
    ['V2, a GET of a place', PLACE_GET],
    ['V3, a GET of a wallet', WALLET_GET],
    ['V4, with a salt of 32 bytes', SHORT_SALT],
  ] as const

  it.each(vectors)('holds: %s', (_, { text, signature }) => {
    expect(isSignedBy(PEM, text, signature)).toBe(true)
    expect(isSignedBy(PEM.trim(), text, signature)).toBe(true)
  })

  it.each(vectors)('fails with one byte of the message changed, whichever: %s', (_, vector) => {
    for (let at = 0; at < vector.text.length; at += 1) {
      const other = vector.text[at] === 'x' ? 'y' : 'x'
      const text = vector.text.slice(0, at) + other + vector.text.slice(at + 1)
      expect(isSignedBy(PEM, text, vector.signature)).toBe(false)
    }
  })

  it('signs the text of V1', () => {
    expect(POST.text).toBe(
      'eyJhbW91bnQiOiAxMjUwLCAiY29tbWVudCI6IG51bGwsICJuYW1lIjogIkNhZlx1MDBlOSJ9',
    )
  })

  it.each([
    ['nothing', ''],
    ['padding alone', '===='],
    ['bytes of another length', 'AAAA'],
    ['zeros', `${'A'.repeat(342)}==`],
    ['no padding', PLACE_GET.signature.slice(0, -2)],
    ['another request', WALLET_GET.signature],
    ['far too much', 'A'.repeat(100_000)],
  ])('does not hold: %s', (_, signature) => {
    expect(isSignedBy(PEM, API_KEY, signature)).toBe(false)
  })

  it.each([
    '',
    'x',
    PEM.replace('MIIB', 'MIIC'),
    'constructor',
    PEM.replaceAll('PUBLIC', 'PRIVATE'),
  ])('does not hold with a key that is none', (pem) => {
    expect(isSignedBy(pem, API_KEY, PLACE_GET.signature)).toBe(false)
  })

  it('does not hold with the older padding of RSA', () => {
    const { privateKey, pem } = newKey(2_048)
    const bytes = sign('sha256', toUtf8(API_KEY), privateKey)
    expect(isSignedBy(pem, API_KEY, bytes.toBase64({ alphabet: 'base64url' }))).toBe(false)
  })
})

describe('the text of a signature', () => {
  const digest = (bytes: Uint8Array | undefined) =>
    bytes && createHash('sha256').update(bytes).digest('hex')
  const exact = digest(decodeSignature(PLACE_GET.signature))

  it.each([
    ['standard alphabet', PLACE_GET.signature.replaceAll('-', '+').replaceAll('_', '/')],
    ['spaces and line ends', PLACE_GET.signature.replace(/.{64}/g, '$& \r\n')],
    ['foreign characters', `"${PLACE_GET.signature.slice(0, 9)}é*${PLACE_GET.signature.slice(9)}"`],
    ['more padding', `${PLACE_GET.signature}==`],
    ['text after the padding', `${PLACE_GET.signature}AAAA`],
    [
      'a stray sign of padding',
      `=${PLACE_GET.signature.slice(0, 4)}=${PLACE_GET.signature.slice(4)}`,
    ],
  ])('is read with %s', (_, text) => {
    expect(exact).toBeDefined()
    expect(digest(decodeSignature(text))).toBe(exact)
  })

  it.each([
    ['', ''],
    ['AQ==', '01'],
    ['AQI=', '0102'],
    ['AQID', '010203'],
    ['-_-_', 'fbffbf'],
    ['AQIDBA==', '01020304'],
    ['A=Q==', '01'],
    ['AQ=*=', '01'],
  ])('%s is the bytes %s', (text, hex) => {
    expect(decodeSignature(text)?.toHex()).toBe(hex)
  })

  it.each(['A', 'AQ', 'AQ=', 'AQI', 'AQIDB', 'AQIDBA=', 'AQ=I'])('%s is padded wrongly', (text) => {
    expect(decodeSignature(text)).toBeUndefined()
  })
})

describe('a key', () => {
  it.each([
    [2_048, 65_537, true],
    [3_072, 3, true],
    [4_096, 65_537, true],
    [2_047, 65_537, false],
    [1_024, 65_537, false],
    [8_192, 65_537, false],
    [2_048, 1, false],
    [2_048, 2 ** 32 + 1, false],
  ])('of %i bits and the exponent %i is usable: %s', (bits, exponent, expected) => {
    expect(isUsablePem(madeUp(bits, exponent))).toBe(expected)
  })

  it('is the one of the vectors, with white space around it or without', () => {
    expect(isUsablePem(PEM)).toBe(true)
    expect(isUsablePem(PEM.trim())).toBe(true)
    expect(isUsablePem(PEM.replaceAll('\n', '\r\n'))).toBe(true)
  })

  it('is of RSA only, and public', () => {
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(isUsablePem(toPem(curve.publicKey))).toBe(false)
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 })
    expect(isUsablePem(toPem(pss.publicKey))).toBe(false)
    const { privateKey } = newKey(2_048)
    expect(isUsablePem(String(privateKey.export({ type: 'pkcs8', format: 'pem' })))).toBe(false)
  })

  it('opens what is encrypted for it', () => {
    const { privateKey, pem } = newKey(2_048)
    const encrypted = encryptFor(pem, 'clé')
    expect(encrypted).toMatch(/^[A-Za-z0-9_-]{342}==$/)
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const bytes = Buffer.from(encrypted, 'base64url')
    const opened = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, bytes)
    expect(opened.toString()).toBe('clé')
  })

  it('is needed to encrypt', () => {
    expect(() => encryptFor('x', 'text')).toThrow('no RSA public key')
  })
})

function newKey(modulusLength: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  return { privateKey, pem: toPem(publicKey) }
}

function toPem(publicKey: KeyObject): string {
  return String(publicKey.export({ type: 'spki', format: 'pem' }))
}

/** A key with these numbers, which nobody has the private half of. */
function madeUp(bits: number, exponent: number): string {
  const modulus = 2n ** BigInt(bits) - 1n
  const key = { kty: 'RSA', n: toBase64url(modulus), e: toBase64url(BigInt(exponent)) }
  return toPem(createPublicKey({ key, format: 'jwk' }))
}

function toBase64url(number: bigint): string {
  const hex = number.toString(16)
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url')
}
