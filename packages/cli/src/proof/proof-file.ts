/** Files with proofs, as people keep them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fromUtf8, PROOF_FILE_MAX } from '@fedow/ledger'
import { Refused } from '../failure.ts'

/** Room for what is no proof, so that the reason is told. */
const READ_MAX = PROOF_FILE_MAX + 1_024

/** The text of a file as it is; `undefined` when it is too large, or no text. Throws Refused when it cannot be read. */
export function readWhole(file: string): string | undefined {
  const path = resolve(file)
  const bytes = reaching(() => (statSync(path).size > READ_MAX ? undefined : readFileSync(path)))
  return bytes && fromUtf8(bytes)
}

/**
 * As `readWhole`, less the line break that an editor or a shell puts at the end. Not for a signed note, which ends with
 * one.
 */
export function readProof(file: string): string | undefined {
  return readWhole(file)?.replace(/\r?\n$/, '')
}

/** Writes a file whole. Throws Refused. */
export function writeProof(file: string, text: string): { readonly file: string; bytes: number } {
  const path = resolve(file)
  reaching(() => writeFileSync(path, text))
  return { file: path, bytes: Buffer.byteLength(text) }
}

function reaching<T>(reach: () => T): T {
  try {
    return reach()
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new Refused(`${cause.message}. Nothing was verified or written; the book is as it was.`)
  }
}
