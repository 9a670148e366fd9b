import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from './action.ts'
import type { Amount } from './amount.ts'
import { fromBase64url, toBase64url, toUtf8 } from './bytes.ts'
import { nobleHash } from './hash.ts'
import type { AssetId, CardId, ChainId, PlaceId, TxId } from './ids.ts'
import { Malformed } from './shape.ts'
import { nobleVerify, toKid } from './signature.ts'
import {
  ACTIONS_MAX,
  encodePayload,
  parseEncoded,
  parsePayload,
  parseTx,
  type SignedTx,
  TX_MAX,
  toJws,
  toSigningInput,
} from './tx.ts'

const SECRET = nobleHash(toUtf8('tx.test'))
const X = ed25519.getPublicKey(SECRET)
const KID = toKid(nobleHash, toBase64url(X))
const CHAIN = '00112233445566778899aabbccddeeff' as ChainId
const ID = '0b3d8c1e-6a57-4d0f-9b1c-2f1f3f0a7c55'
const SALE: Action = {
  kind: 'sale',
  card: ID as CardId,
  to: ID as PlaceId,
  parts: [{ asset: ID as AssetId, amount: 400n as Amount }],
}
const JSON_TEXT = encodePayload({ chain: CHAIN, id: ID as TxId, actions: [SALE], notAfter: 1 })
const JWS = seal(JSON_TEXT)

describe('a tx', () => {
  it('comes back as it was signed', () => {
    const tx = parsed(JWS)
    expect(tx).toMatchObject({ jws: JWS, json: JSON_TEXT, kid: KID })
    expect(tx.payload).toEqual({ v: 1, chain: CHAIN, id: ID, actions: [SALE], notAfter: 1 })
    expect(toJws(tx.kid, tx.json, tx.signature)).toBe(JWS)
    expect(isGenuine(tx)).toBe(true)
  })

  it('is malformed or of another signature when any one character changes', () => {
    for (let at = 0; at < JWS.length; at += 1) {
      for (const other of ['A', '_', '.', '=', '\u0000', '\u00e9']) {
        if (JWS[at] === other) continue
        const changed = JWS.slice(0, at) + other + JWS.slice(at + 1)
        const tx = parseTx(changed)
        if (tx instanceof Malformed) continue
        expect(toJws(tx.kid, tx.json, tx.signature)).toBe(changed)
        expect(tx.kid === KID && isGenuine(tx)).toBe(false)
      }
    }
  })

  it('is malformed or of another signature when any bit of its three parts flips', () => {
    const parts = JWS.split('.').map((part) => fromBase64url(part) ?? new Uint8Array())
    for (const [index, part] of parts.entries()) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const flipped = part.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const jws = parts.map((one, at) => toBase64url(at === index ? flipped : one)).join('.')
        const tx = parseTx(jws)
        if (tx instanceof Malformed) continue
        const input = toSigningInput(tx.kid, tx.json)
        expect(input !== toSigningInput(KID, JSON_TEXT) || index === 2).toBe(true)
        if (tx.kid === KID && bit % 8 === 0) expect(isGenuine(tx)).toBe(false)
      }
    }
  })

  it('never throws, whatever the text', () => {
    const part = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...JWS.split('.')))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (texts) => {
        expect(parseTx(texts.join('.'))).toBeDefined()
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseTx(seal(JSON.stringify(value)))).toBeInstanceOf(Malformed)
      }),
    )
  })

  it.each([
    ['no part', ''],
    ['two parts', JWS.slice(0, JWS.lastIndexOf('.'))],
    ['four parts', `${JWS}.AA`],
    ['dots alone', '.'.repeat(TX_MAX)],
    ['a space at its end', `${JWS} `],
    ['a line end', `${JWS}\n`],
    ['padding', `${JWS}==`],
  ])('is not %s', (_, jws) => {
    expect(parseTx(jws)).toBeInstanceOf(Malformed)
  })

  it.each([
    ['another algorithm', `{"alg":"EdDSA","kid":"${KID}"}`],
    ['no algorithm', `{"alg":"none","kid":"${KID}"}`],
    ['another order', `{"kid":"${KID}","alg":"Ed25519"}`],
    ['one member more', `{"alg":"Ed25519","kid":"${KID}","typ":"JWT"}`],
    ['a space', `{"alg":"Ed25519", "kid":"${KID}"}`],
    ['a byte order mark', `\ufeff{"alg":"Ed25519","kid":"${KID}"}`],
    ['an unescaped name', `{"alg":"Ed25519","\\u006bid":"${KID}"}`],
  ])('has no header with %s', (_, header) => {
    const jws = [toBase64url(toUtf8(header)), ...JWS.split('.').slice(1)].join('.')
    expect(parseTx(jws)).toMatchObject({ path: 'header' })
  })

  it('has at most TX_MAX characters', () => {
    const longest = `${JWS}${'A'.repeat(TX_MAX - JWS.length)}`
    expect(parseTx(longest)).toMatchObject({ path: 'signature' })
    expect(parseTx(`${longest}A`)).toMatchObject({ path: '$' })
  })
})

describe('a payload', () => {
  it.each([
    ['another version', { v: 2 }, '.v'],
    ['no version', { v: undefined }, '.v'],
    ['an actor', { actor: ID }, '.actor'],
    ['no action', { actions: [] }, '.actions'],
    ['too many actions', { actions: Array(ACTIONS_MAX + 1).fill(saleJson({})) }, '.actions'],
    ['an unknown action', { actions: [{ kind: 'print-money' }] }, '.actions[0].kind'],
    ['an action of Object', { actions: [{ kind: 'toString' }] }, '.actions[0].kind'],
    ['an action that is null', { actions: [null] }, '.actions[0].kind'],
    ['an action that is a text', { actions: ['sale'] }, '.actions[0].kind'],
    ['an id in capitals', { id: ID.toUpperCase() }, '.id'],
    ['a chain of 15 bytes', { chain: CHAIN.slice(2) }, '.chain'],
    ['a time before 1970', { notAfter: -1 }, '.notAfter'],
    ['a time after 2255', { notAfter: 9_000_000_000_001 }, '.notAfter'],
    ['a negative amount', { actions: [saleJson({ amount: -1 })] }, '.actions[0].parts[0].amount'],
    ['an amount as text', { actions: [saleJson({ amount: '1' })] }, '.actions[0].parts[0].amount'],
    ['an unknown member', { actions: [{ ...saleJson({}), tip: 1 }] }, '.actions[0].tip'],
    ['a till that is null', { actions: [{ ...saleJson({}), till: null }] }, '.actions[0].till'],
  ])('has not %s', (_, change, path) => {
    const value = { v: 1, chain: CHAIN, id: ID, actions: [saleJson({})], notAfter: 1, ...change }
    expect(parsePayload(canonical(value))).toMatchObject({ path })
  })

  it('is one text: what is not canonical is no payload', () => {
    expect(parsePayload(JSON_TEXT)).toMatchObject({ notAfter: 1 })
    expect(parsePayload(JSON_TEXT.replace('"v":1', '"v":1.0'))).toBeUndefined()
    expect(parsePayload(JSON_TEXT.replace('"v":1', '"v":1,"v":1'))).toBeUndefined()
    expect(parsePayload(JSON_TEXT.replace('400', '4e2'))).toBeUndefined()
    expect(parsePayload(` ${JSON_TEXT}`)).toBeUndefined()
  })

  it('that was just written is read as any other', () => {
    const naming = (name: string) => {
      const action: Action = { kind: 'place-update', place: ID as PlaceId, name }
      return { chain: CHAIN, id: ID as TxId, notAfter: 1, actions: [action] }
    }
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', 'a\udfff', '\\ud83d', '\\\ud800', ''),
    )
    fc.assert(
      fc.property(name, (text) => {
        const json = encodePayload(naming(text))
        expect(parseEncoded(json)).toEqual(parsePayload(json))
      }),
    )
    expect(parseEncoded(encodePayload(naming('\ud800')))).toBeUndefined()
    expect(parseEncoded(encodePayload(naming('\\ud800')))).toMatchObject({ notAfter: 1 })
  })
})

function saleJson({ amount = 1 }: { readonly amount?: unknown }): object {
  return { ...SALE, parts: [{ asset: ID, amount }] }
}

/** Canonical for the values of these tests, whose members are few and plain. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function seal(json: string): string {
  const input = toSigningInput(KID, json)
  return `${input}.${toBase64url(ed25519.sign(toUtf8(input), SECRET))}`
}

function isGenuine({ kid, json, signature }: SignedTx): boolean {
  return nobleVerify(X, toUtf8(toSigningInput(kid, json)), signature)
}

function parsed(jws: string): SignedTx {
  const tx = parseTx(jws)
  if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
  return tx
}
