import { describe, expect, it } from 'vitest'
import { maskIban, parseIban } from './iban.ts'

/** Printed as examples by the registry of IBANs. */
const EXAMPLES = [
  'FR1420041010050500013M02606',
  'DE89370400440532013000',
  'BE68539007547034',
  'NL91ABNA0417164300',
  'IE29AIBK93115212345678',
  'MT84MALT011000012345MTLCAST001S',
  'GB29NWBK60161331926819',
]

describe('an IBAN', () => {
  it.each(EXAMPLES)('%s is read, with spaces and in lower case too', (iban) => {
    expect(parseIban(iban)).toBe(iban)
    const spaced = iban.toLowerCase().replace(/(.{4})/g, '$1 ')
    expect(parseIban(` ${spaced}\u00a0`)).toBe(iban)
  })

  it('is refused when any one digit is another', () => {
    for (const iban of EXAMPLES) {
      for (const [at, sign] of [...iban].entries()) {
        if (!/\d/.test(sign)) continue
        const other = String((Number(sign) + 1) % 10)
        const wrong = iban.slice(0, at) + other + iban.slice(at + 1)
        expect([wrong, parseIban(wrong)]).toEqual([wrong, undefined])
      }
    }
  })

  it('is refused when two neighbours have changed places', () => {
    const wrong = 'DE89370400440532010300'
    expect(parseIban(wrong)).toBeUndefined()
  })

  it.each(['', 'FR76', 'FR14 2004 1010 0505 0001 3M02 60', 'US64SVBKUS6S3300958879', '<x>', 'é'])(
    '%j is none',
    (text) => {
      expect(parseIban(text)).toBeUndefined()
    },
  )

  it('is shown by its ends alone', () => {
    expect(maskIban('FR1420041010050500013M02606')).toBe('FR14 … 2606')
  })
})
