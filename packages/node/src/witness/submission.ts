/** What a log sends to a witness: how much the witness has seen, the proof from there, the checkpoint. */
import {
  fromUtf8,
  Malformed,
  NOTE_MAX,
  type Note,
  parseDecimal,
  parseNote,
  parseRoot,
  type TreeHead,
  toBase64,
} from '@fedow/ledger'

/** Most hashes of a consistency proof. */
export const PROOF_MAX = 63
/** Largest submission in bytes: the first line, the proof, an empty line, the note. */
export const SUBMISSION_MAX = 32 + PROOF_MAX * 45 + NOTE_MAX

export interface Submission {
  /** Leaves that the witness is said to have seen. */
  readonly old: number
  readonly proof: readonly Uint8Array[]
  /** The note as it was sent. */
  readonly note: string
}

/** A submission whose checkpoint is read; no signature is checked. */
export interface ParsedSubmission extends Submission {
  readonly parsed: Note
  readonly origin: string
  readonly head: TreeHead
}

export function encodeSubmission({ old, proof, note }: Submission): string {
  return `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`
}

/** Reads a submission of any log. Source: c2sp.org/tlog-witness, c2sp.org/tlog-checkpoint. */
export function parseSubmission(body: Uint8Array): ParsedSubmission | Malformed {
  const text = body.length <= SUBMISSION_MAX ? fromUtf8(body) : undefined
  if (text === undefined) return new Malformed('body', `at most ${SUBMISSION_MAX} bytes of UTF-8`)
  const blank = text.indexOf('\n\n')
  if (blank === -1) return new Malformed('body', 'lines, an empty line, then a checkpoint')
  const [first = '', ...lines] = text.slice(0, blank).split('\n')
  const old = first.startsWith('old ') ? parseDecimal(first.slice(4)) : undefined
  if (old === undefined) return new Malformed('line 1', 'old and a number')
  const proof = lines.flatMap((line) => parseRoot(line) ?? [])
  if (proof.length !== lines.length || proof.length > PROOF_MAX) {
    return new Malformed('proof', `at most ${PROOF_MAX} lines of base64 of 32 bytes`)
  }
  const note = text.slice(blank + 2)
  const parsed = parseNote(note)
  if (parsed instanceof Malformed) return parsed
  const checkpoint = parseTreeHead(parsed.text)
  return checkpoint instanceof Malformed ? checkpoint : { old, proof, note, parsed, ...checkpoint }
}

/** The first three lines of the checkpoint of any log; more may follow, none of them empty. */
function parseTreeHead(
  text: string,
): { readonly origin: string; readonly head: TreeHead } | Malformed {
  const lines = text.split('\n')
  const [origin = '', count = '', tree = ''] = lines
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) {
    return new Malformed('checkpoint', '3 lines or more, none of them empty')
  }
  const size = parseDecimal(count)
  const root = parseRoot(tree)
  if (size === undefined) return new Malformed('checkpoint', 'its size on line 2')
  if (root === undefined) return new Malformed('checkpoint', 'base64 of its root on line 3')
  return { origin, head: { size, root } }
}
