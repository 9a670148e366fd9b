import { describe, expect, it } from 'vitest'
import { toSepaText } from './sepa-text.ts'

describe('a text for a bank', () => {
  it.each([
    ['Café de l’Étoile', "Cafe de l'Etoile"],
    ['Œuvre & Cie «Ça»', "OEuvre + Cie 'Ca'"],
    ['Straße Ørsted Łódź', 'Strasse Orsted Lodz'],
    ['  Bar\tdu \u00a0Port  ', 'Bar du Port'],
    ['a\u0301 ﬁn', 'a fin'],
    ['酒場 🍺 Bar', 'Bar'],
    ['//slash//es/', 'slash/es'],
    ['<b>&amp;</b>', 'b+amp,/b'],
    ['😀', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(toSepaText(text, 70)).toBe(expected)
  })

  it('is cut, and does not end in a space or a slash', () => {
    expect(toSepaText('abc def', 4)).toBe('abc')
    expect(toSepaText('abc/def', 4)).toBe('abc')
  })

  it('has no other sign, whatever it is made of', () => {
    for (let code = 1; code < 0x3000; code += 1) {
      const text = toSepaText(`a${String.fromCodePoint(code)}b`, 70)
      expect([code, text]).toEqual([code, text.match(/^[A-Za-z0-9/\-?:().,'+ ]*$/)?.[0]])
    }
  })
})
