/**
 * Signed notes: a text and the signatures under it, read strictly, to the byte.
 * Source: docs/spec/checkpoints.md; c2sp.org/signed-note. Vectors: vectors/notes.json.
 */
import { concat, fromBase64, toBase64, toBase64url, toHex, toUtf8 } from '../bytes.ts'
import { type Hash, hashParts } from '../hash.ts'
import { Malformed } from '../shape.ts'
import { isStrictKey } from '../signature.ts'

/** Largest signed note, in bytes. */
export const NOTE_MAX = 65_536
/** Most signatures under one note. */
export const SIGNATURES_MAX = 16

/** The algorithm of a key: 1 signs the text of a note, 4 co-signs it with a time. */
export type KeyType = 1 | 4

/** A public key of a log (1) or a witness (4). `x` has 32 bytes. */
export interface VerifierKey {
  readonly name: string
  readonly type: KeyType
  readonly x: Uint8Array
}

/** One signature line. What its key is, and whether it holds, is another question. */
export interface NoteSignature {
  readonly name: string
  /** The 4 bytes that tell keys of one name apart. */
  readonly id: Uint8Array
  /** 64 bytes from a log; 8 bytes of time and 64 from a witness; unknown keys may have others. */
  readonly bytes: Uint8Array
}

/** A text that ends in a line break, and 1 to `SIGNATURES_MAX` signatures of different keys. */
export interface Note {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const DASH = '\u2014 '
/** No space of any script, and no plus, which separates the parts of a written key. */
const NAME = /^[^\p{White_Space}+]+$/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: notes are refused for having them.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/

/** The first 4 bytes of H(name | 0x0A | type | x). */
export function keyId(hash: Hash, { name, type, x }: VerifierKey): Uint8Array {
  return Uint8Array.from(hashParts(hash, `${name}\n`, Uint8Array.of(type), x).subarray(0, 4))
}

/** A key as operators hand it on: `<name>+<id in hex>+<base64 of type and key>`. */
export function encodeVerifierKey(hash: Hash, key: VerifierKey): string {
  const body = toBase64(concat(Uint8Array.of(key.type), key.x))
  return `${key.name}+${toHex(keyId(hash, key))}+${body}`
}

/** Reads a key, or answers `undefined` when it is misspelt, of another type, or not a strict key. */
export function parseVerifierKey(hash: Hash, text: string): VerifierKey | undefined {
  const [, name = '', id = '', body = ''] = WRITTEN_KEY.exec(text) ?? []
  const bytes = fromBase64(body)
  const type = bytes?.[0]
  if (!isKeyName(name) || bytes?.length !== 33 || (type !== 1 && type !== 4)) return undefined
  const key: VerifierKey = { name, type, x: bytes.slice(1) }
  if (toHex(keyId(hash, key)) !== id) return undefined
  return isStrictKey(toBase64url(key.x)) ? key : undefined
}

const WRITTEN_KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/

/** True when a key may have this name. */
export function isKeyName(name: string): boolean {
  return NAME.test(name) && !CONTROL.test(name) && name.isWellFormed()
}

/** Reads a signed note; checks no signature. */
export function parseNote(text: string): Note | Malformed {
  if (text.length > NOTE_MAX || !text.isWellFormed() || toUtf8(text).length > NOTE_MAX) {
    return new Malformed('note', `at most ${NOTE_MAX} bytes of UTF-8`)
  }
  if (CONTROL.test(text)) return new Malformed('note', 'no control character but line breaks')
  const blank = text.lastIndexOf('\n\n')
  if (blank === -1) return new Malformed('note', 'a text, an empty line, then signatures')
  const signatures = parseSignatures(text.slice(blank + 2))
  if (signatures instanceof Malformed) return signatures
  return { text: text.slice(0, blank + 1), signatures }
}

function parseSignatures(block: string): readonly NoteSignature[] | Malformed {
  const lines = block.split('\n')
  if (lines.pop() !== '') return new Malformed('note', 'a line break at its end')
  if (lines.length === 0 || lines.length > SIGNATURES_MAX) {
    return new Malformed('note', `1 to ${SIGNATURES_MAX} signatures`)
  }
  const keys = new Set<string>()
  const signatures: NoteSignature[] = []
  for (const [index, line] of lines.entries()) {
    const signature = parseSignature(line)
    if (signature === undefined) return new Malformed(`signature ${index + 1}`, SIGNATURE_LINE)
    const key = `${signature.name}+${toHex(signature.id)}`
    if (keys.has(key)) return new Malformed(`signature ${index + 1}`, 'one signature of each key')
    keys.add(key)
    signatures.push(signature)
  }
  return signatures
}

const SIGNATURE_LINE = 'a dash, the name of a key, and base64 of its id and signature'

function parseSignature(line: string): NoteSignature | undefined {
  if (!line.startsWith(DASH)) return undefined
  const space = line.indexOf(' ', DASH.length)
  if (space === -1) return undefined
  const name = line.slice(DASH.length, space)
  const bytes = fromBase64(line.slice(space + 1))
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) return undefined
  return { name, id: bytes.slice(0, 4), bytes: bytes.slice(4) }
}

/** The signed note as text, which `parseNote` reads back. */
export function encodeNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`
}

/** One signature line with its line break: what a witness answers with. */
export function signatureLine({ name, id, bytes }: NoteSignature): string {
  return `${DASH}${name} ${toBase64(concat(id, bytes))}\n`
}
