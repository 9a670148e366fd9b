import { isSignedBy, signedTextOfBytes } from '../codec/signature.ts'
import type { V1Note } from './notes.ts'

/** A signature to check, and what is noted when it holds. */
export interface V1Signed {
  /** The key of who should have signed. */
  readonly pem: string
  readonly signature: string
  /** What it should cover; absent: the body of the note, as it came. */
  readonly text: string | undefined
  readonly note: V1Note
}

export function isSigned({ pem, signature, text, note }: V1Signed): boolean {
  return isSignedBy(pem, text ?? signedTextOfBytes(Buffer.from(note.body)), signature)
}
