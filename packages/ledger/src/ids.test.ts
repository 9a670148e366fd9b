import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nobleHash } from './hash.ts'
import {
  type AssetId,
  type CardId,
  cardWalletId,
  deriveId,
  fromUuidBytes,
  issuanceWalletId,
  kid,
  parseId,
  toUuidBytes,
  walletId,
} from './ids.ts'
import { Malformed } from './shape.ts'

const CARD = '0b3d8c1e-6a57-4d0f-9b1c-2f1f3f0a7c55' as CardId

describe('an id', () => {
  it('is a UUID in lower case, of any version', () => {
    expect(parseId(CARD)).toBe(CARD)
    expect(parseId('00000000-0000-0000-0000-000000000000')).toBeDefined()
    expect(parseId('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBeDefined()
    expect(walletId(CARD, '')).toBe(CARD)
  })

  it.each([
    CARD.toUpperCase(),
    CARD.replaceAll('-', ''),
    `{${CARD}}`,
    ` ${CARD}`,
    `${CARD}\n`,
    CARD.slice(1),
    '',
  ])('is not %j', (text) => {
    expect(parseId(text)).toBeUndefined()
    expect(() => walletId(text, '.to')).toThrow(Malformed)
  })

  it('has 16 bytes and comes back from them', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(fromUuidBytes(toUuidBytes(uuid))).toBe(uuid)
      }),
    )
  })
})

describe('a derived id', () => {
  it('is the hash of its parts, as ASCII, raw bytes and 8 bytes, with version 8 and variant 1', () => {
    const preimage = Buffer.concat([
      Buffer.from('card'),
      Buffer.from(CARD.replaceAll('-', ''), 'hex'),
      Buffer.from('0000000000000007', 'hex'),
    ])
    const hex = createHash('sha256').update(preimage).digest('hex')
    const variant = ((Number.parseInt(hex[16] ?? '', 16) & 3) | 8).toString(16)
    expect(cardWalletId(nobleHash, CARD, 7)).toBe(
      `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    )
  })

  it('is a well-formed id whatever its parts', () => {
    const part = fc.oneof(fc.maxSafeNat(), fc.uuid(), fc.string(), fc.uint8Array())
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const id = deriveId(nobleHash, ...parts)
        expect(parseId(id)).toBe(id)
        expect(id).toMatch(/^.{14}8.{4}[89ab]/)
      }),
    )
  })

  it('differs by word, by id and by number', () => {
    const asset = CARD as string as AssetId
    const ids = [
      cardWalletId(nobleHash, CARD, 0),
      cardWalletId(nobleHash, CARD, 1),
      issuanceWalletId(nobleHash, asset),
    ]
    expect(new Set(ids).size).toBe(3)
  })
})

it('names a key in 43 characters of base64url', () => {
  expect(kid('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', '')).toHaveLength(43)
  expect(() => kid('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4', '')).toThrow(Malformed)
  expect(() => kid('kPrK+qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', '')).toThrow(Malformed)
})
