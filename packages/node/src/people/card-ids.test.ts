import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseNumber, normaliseQr, normaliseTag, v1Tag } from './card-ids.ts'

const UUID = '01234567-89ab-4cde-8f01-23456789abcd'

describe('what people and tills ask for', () => {
  it.each([
    ['52BE6543', '52BE6543'],
    [' 52be6543\n', '52BE6543'],
    ['52:be:65:43', '52BE6543'],
    ['04 A2 B3 C4 D5 E6 F7', '04A2B3C4D5E6F7'],
    ['04-a2-b3-c4-d5-e6-f7-08-09-0a', '04A2B3C4D5E6F708090A'],
    ['52BE654', undefined],
    ['52BE65431', undefined],
    ['52BE654G', undefined],
    ['52BE65\ufb00', undefined],
    ['52.BE.65.43', undefined],
    ['', undefined],
    ['::::', undefined],
  ])('reads the tag id %j as %s', (text, expected) => {
    expect(normaliseTag(text)).toBe(expected)
  })

  it.each([
    ['b986bea3', 'B986BEA3'],
    ['B986 BEA3', 'B986BEA3'],
    ['B986BEA3B986BE', undefined],
    ['B986BEAX', undefined],
  ])('reads the printed number %j as %s', (text, expected) => {
    expect(normaliseNumber(text)).toBe(expected)
  })

  it.each([
    [UUID, UUID],
    [` ${UUID.toUpperCase()} `, UUID],
    [`https://festival.example/qr/${UUID}`, UUID],
    [`HTTP://festival.example:8080/${UUID.toUpperCase()}/?from=poster#top`, UUID],
    [`https://festival.example/qr/${UUID}/edit`, undefined],
    [`https://festival.example/qr/${UUID}0`, undefined],
    [`https://${UUID}`, undefined],
    [`https:///${UUID}`, undefined],
    [`ftp://festival.example/${UUID}`, undefined],
    [`javascript:alert(1)//${UUID}`, undefined],
    [UUID.replaceAll('-', ''), undefined],
    ['', undefined],
  ])('reads the QR code %j as %s', (text, expected) => {
    expect(normaliseQr(text)).toBe(expected)
  })

  it('gives v1 the first 8 digits of a tag id', () => {
    expect(['52BE6543', '04A2B3C4D5E6F7'].map(v1Tag)).toEqual(['52BE6543', '04A2B3C4'])
  })

  it('changes nothing that is normal already, and never throws', () => {
    const near = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9a-fA-F :-]{6,30}$/),
      fc.uuid().map((uuid) => `https://place.example/${uuid}`),
    )
    fc.assert(
      fc.property(near, (text) => {
        for (const normalise of [normaliseTag, normaliseNumber, normaliseQr]) {
          const value = normalise(text)
          if (value !== undefined) expect(normalise(value)).toBe(value)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
