/** Names of v1 as the book takes them: whoever can be kept letter by letter is. */
import { Malformed, name } from '@fedow/ledger'

/** The same text where the book allows it; else without what cannot be printed, cut to `max` characters. */
export function toBookName(
  text: string,
  { max, instead }: { readonly max: number; readonly instead: string },
): string {
  if (isName(text, max)) return text
  const printable = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const cut = [...printable].reduce(
    (all, sign) => ((all + sign).length > max ? all : all + sign),
    '',
  )
  return cut.trim() || instead
}

function isName(text: string, max: number): boolean {
  try {
    name(max)(text, '')
    return true
  } catch (cause) {
    if (cause instanceof Malformed) return false
    throw cause
  }
}

/** Names of which each is given once: the second one gets a number. */
export class OnceNames {
  readonly #taken = new Set<string>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  take(wanted: string): string {
    let free = wanted
    for (let count = 2; this.#taken.has(free); count += 1) {
      const suffix = ` (${count})`
      free = `${wanted.slice(0, this.#max - suffix.length).trimEnd()}${suffix}`
    }
    this.#taken.add(free)
    return free
  }
}
