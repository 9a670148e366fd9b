import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fromBase45, toBase45 } from './base45.ts'

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1')

describe('base45', () => {
  // RFC 9285, sections 4.3 and 4.4.
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('writes and reads %s as RFC 9285 does', (plain, written) => {
    expect(toBase45(Buffer.from(plain, 'latin1'))).toBe(written)
    expect(text(fromBase45(written))).toBe(plain)
  })

  it('reads back whatever it writes', () => {
    for (let length = 0; length < 300; length += 1) {
      const bytes = randomBytes(length)
      expect(Buffer.from(fromBase45(toBase45(bytes)) ?? []).equals(bytes)).toBe(true)
    }
  })

  it('reads the largest values, and none above', () => {
    expect(fromBase45('FGW')).toEqual(Uint8Array.of(255, 255))
    expect(fromBase45('U5')).toEqual(Uint8Array.of(255))
    for (const above of ['GGW', ':::', 'V5', '::']) expect(fromBase45(above)).toBeUndefined()
  })

  it.each(['A', 'BB8A', 'bb8', 'BB8\n', 'B=8', 'é12'])('refuses "%s"', (written) => {
    expect(fromBase45(written)).toBeUndefined()
  })
})
