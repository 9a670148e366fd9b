import { isProduct, type Source } from './sources.ts'

/** What the ledger uses though the same block must give the same answer everywhere, at once. */
export function impurities(sources: readonly Source[]): readonly string[] {
  const impure = ['async', 'await', 'Date', 'Math.random', 'process.env']
  return product(sources)
    .filter(({ path }) => path.startsWith('packages/ledger/'))
    .flatMap(({ path, uses }) =>
      impure
        .filter((use) => uses.has(use))
        .map((use) => `${path} uses ${use}: the ledger is pure.`),
    )
}

/** Files that read the environment, the one given and tests apart. */
export function readersOfEnvironment(
  sources: readonly Source[],
  allowed: string,
): readonly string[] {
  return product(sources)
    .filter(({ path, uses }) => uses.has('process.env') && path !== allowed)
    .map(({ path }) => `${path} reads process.env: take the setting from ${allowed}.`)
}

export type BannedWords = {
  words: readonly string[]
  /** Banned at the end of a longer name only. */
  suffixes: readonly string[]
  /** Two words that are right together, as `data folder`. */
  phrases: readonly string[]
  /** Folders that speak the words of others. */
  except: readonly string[]
}

/** Exported names with a word that the glossary refuses. */
export function bannedNames(sources: readonly Source[], banned: BannedWords): readonly string[] {
  return product(sources)
    .filter(({ path }) => !banned.except.some((folder) => path.startsWith(folder)))
    .flatMap(({ path, exportedNames }) =>
      exportedNames.flatMap((name) => {
        const word = bannedWord(name, banned)
        return word ? [`${path} exports ${name}: the glossary has a better word than ${word}.`] : []
      }),
    )
}

function bannedWord(name: string, banned: BannedWords): string | undefined {
  const words = toWords(name)
  return words.find((word, index) => {
    const isLastOfMany = index > 0 && index === words.length - 1
    const refused = isLastOfMany ? [...banned.words, ...banned.suffixes] : banned.words
    if (!refused.some((one) => word === one || word === `${one}s`)) return false
    const pairs = [`${words[index - 1]} ${word}`, `${word} ${words[index + 1]}`]
    return !pairs.some((pair) => banned.phrases.includes(pair))
  })
}

/** `REJECTION_NUMBER`, `toTxView` and `SQLiteState` as lower case words. */
function toWords(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_$]+/)
    .filter((word) => word !== '')
}

/** Long files that do not say at their top why they are long. */
export function unexplainedLength(sources: readonly Source[], lines: number): readonly string[] {
  return sources
    .filter(({ text }) => text.split('\n').length - 1 > lines)
    .filter(({ text }) => !/^(#!.*\n)?\s*\/[*/]/.test(text))
    .map(({ path }) => `${path} has over ${lines} lines: split it, or say why in a header comment.`)
}

/** Notes to self left in the sources. */
export function leftovers(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, number: index + 1 }))
        .filter(({ line }) => /\b(TODO|FIXME|XXX)\b/.test(line))
        .map(({ line, number }) => `${path}:${number} ${line.trim()}`),
    )
}

function product(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => isProduct(path))
}
