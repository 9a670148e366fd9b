/** What receipts and statements have in common as files. Source: docs/spec/receipts.md, "Files". */
import { toHex } from '../bytes.ts'
import { decode, encode, type Json } from '../codec.ts'
import { type Hash, hashParts } from '../hash.ts'
import { Malformed, matching, type Shape } from '../shape.ts'
import { NOTE_MAX } from './note.ts'

/** Largest receipt or statement, in characters. */
export const PROOF_FILE_MAX = 4_194_304

/**
 * The first 8 bytes, in hex, of H(canonical JSON of the file without `check`). Whoever alters a file can make it
 * anew: it only shows damage where no signature would, as in the lines of unknown witnesses.
 */
export const fileCheck: Shape<string> = matching(/^[0-9a-f]{16}$/, '16 hexadecimal digits')

/** The text of a signed note. */
export const noteText: Shape<string> = text(NOTE_MAX)

/** A text of at most `max` characters. */
export function text(max: number): Shape<string> {
  return (value, path) => {
    if (typeof value === 'string' && value.length <= max) return value
    throw new Malformed(path, `a text of at most ${max} characters`)
  }
}

/** The file as canonical JSON, with its check. */
export function encodeProofFile(hash: Hash, members: object): string {
  return encode({ ...members, check: checkOf(hash, members) })
}

/** A file that has its shape. */
export interface ProofFile<T> {
  readonly content: T
  readonly isUndamaged: (hash: Hash) => boolean
}

/** Reads a file strictly: canonical JSON without anything before or after it, of this shape. */
export function readProofFile<T>(json: string, shape: Shape<T>): ProofFile<T> | Malformed {
  if (json.length > PROOF_FILE_MAX) return new Malformed('', `at most ${PROOF_FILE_MAX} characters`)
  const value = decode(json)
  if (value === undefined) return new Malformed('', 'canonical JSON (RFC 8785), as it was written')
  try {
    const content = shape(value, '')
    const { check: written, ...members } = value as { readonly check?: Json }
    return { content, isUndamaged: (hash) => checkOf(hash, members) === written }
  } catch (cause) {
    if (cause instanceof Malformed) return cause
    throw cause
  }
}

function checkOf(hash: Hash, members: object): string {
  return toHex(hashParts(hash, encode(members)).subarray(0, 8))
}
