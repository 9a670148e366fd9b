/** Terms of a policy as a command line has them. */
import { readFileSync } from 'node:fs'
import type { BodyOf, changePolicy } from '@fedow/api'
import { Misuse } from '../failure.ts'

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
