import { readFileSync, statSync } from 'node:fs'
import { PROOF_FILE_MAX } from '@fedow/ledger'
import { Refused } from '../failure.ts'

/** The text of a file that a person names: a checkpoint, a receipt, a proof. */
export function readTextFile(path: string): string {
  try {
    if (statSync(path).size > PROOF_FILE_MAX) {
      throw new Error(`it has more than ${PROOF_FILE_MAX} bytes`)
    }
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Refused(`${path} cannot be read: ${why}. Nothing was done.`)
  }
}
