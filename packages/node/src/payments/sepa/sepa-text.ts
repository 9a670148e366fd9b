/** The signs that every bank of the euro payments area takes: a to z, digits, and / - ? : ( ) . , ' + and space. */

const ALLOWED = /[A-Za-z0-9/\-?:().,'+ ]/

/** Letters that lose no accent when they are taken apart. */
const SPELLED: Readonly<Record<string, string>> = {
  ...{ Æ: 'AE', æ: 'ae', Œ: 'OE', œ: 'oe', Ø: 'O', ø: 'o', ß: 'ss', ẞ: 'SS', Ł: 'L', ł: 'l' },
  ...{ Đ: 'D', đ: 'd', Ð: 'D', ð: 'd', Þ: 'TH', þ: 'th', ı: 'i', Ħ: 'H', ħ: 'h' },
  ...{ '&': '+', '’': "'", '‘': "'", '`': "'", '"': "'", '–': '-', '—': '-', _: '-', '@': '(at)' },
  ...{ '«': "'", '»': "'", '€': 'EUR', ';': ',', '!': '.', '[': '(', ']': ')' },
}

/** A text as banks take it, at most `max` signs: without accents, what has no sign left out. Empty when nothing is left. */
export function toSepaText(text: string, max: number): string {
  let out = ''
  for (const sign of text.normalize('NFC')) {
    const bare = SPELLED[sign] ?? sign.normalize('NFKD').replace(/\p{M}/gu, '')
    out += [...bare].filter((one) => ALLOWED.test(one)).join('') || (/\s/.test(sign) ? ' ' : '')
  }
  const trimmed = out.replace(/ +/g, ' ').trim()
  // Banks read a slash at either end, or two of them, as their own marks.
  return trimmed
    .replace(/\/+/g, '/')
    .replace(/^\//, '')
    .slice(0, max)
    .replace(/[/ ]+$/, '')
}

/** True when something is left of a name. */
export function hasSepaName(name: string): boolean {
  return toSepaText(name, 1) !== ''
}
