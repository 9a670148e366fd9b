/** Terms of a policy as a command line has them. */
import { readFileSync } from 'node:fs'
import type { BodyOf, changePolicy } from '@fedow/api'
import { Misuse } from '../failure.ts'
import { type MeltingTexts, NEVER, readMelting } from './melting.ts'
import type { AssetView } from './named.ts'

export type Terms = BodyOf<typeof changePolicy>['terms']

/** Terms from a file. The API says what is wrong in them, this only whether they are JSON at all. Throws Misuse. */
export function readTerms(path: string): Terms {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Terms
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The terms cannot be read: ${why}. Nothing was sent.`)
  }
}

/** Other terms of an asset: those of a file, else those of its last version, with another rule of melting when one is named. */
export function readNewTerms(
  asset: AssetView,
  { terms: file, ...melting }: MeltingTexts & { readonly terms: string | undefined },
): Terms {
  const demurrage = readMelting(melting)
  const { demurrage: before, ...others } = file === undefined ? lastTerms(asset) : readTerms(file)
  const melts = demurrage === NEVER ? undefined : (demurrage ?? before)
  return { ...others, ...(melts && { demurrage: melts }) }
}

/** The terms of the last version, begun or announced. */
function lastTerms({ policy, announced }: AssetView): Terms {
  const { version: _, from: __, melting: ___, ...terms } = announced.at(-1) ?? policy
  return terms
}
