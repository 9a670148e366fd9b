import { Misuse } from '../failure.ts'

/** Words of a list, given one by one or with commas between. Throws Misuse, which names the list. */
export function readChoices<T extends string>(
  texts: readonly string[],
  { of, what }: { readonly of: readonly T[]; readonly what: string },
): T[] {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim())
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const found = of.find((one) => one === word)
      if (found !== undefined) return found
      throw new Misuse(`"${word}" is no ${what}: ${of.join(', ')}. Nothing was sent.`)
    })
}
