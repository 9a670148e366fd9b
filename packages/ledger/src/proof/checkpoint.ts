/**
 * Checkpoints: what a log signs of its book at one height, and what witnesses co-sign.
 * Source: docs/spec/checkpoints.md; c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
 */
import { concat, fromBase64, toBase64, toBase64url, toHex, toU64, toUtf8 } from '../bytes.ts'
import { encode } from '../codec.ts'
import { type Hash, hashParts } from '../hash.ts'
import type { ChainId, Hex32 } from '../ids.ts'
import { Malformed } from '../shape.ts'
import { isStrictKey, isStrictSignature, type Verify } from '../signature.ts'
import { keyId, type Note, type NoteSignature, type VerifierKey } from './note.ts'

/** What the hash of a sealed block covers. */
export interface BlockHeader {
  readonly chain: ChainId
  readonly height: number
  readonly timeUs: number
  /** The hash of the block before it; 64 zeros at height 0. */
  readonly parent: Hex32
  /** Roots: of the bytes of the block, of the records after it, of the history up to it. */
  readonly txs: Hex32
  readonly state: Hex32
  readonly history: Hex32
}

/** The parent of the block at height 0. */
export const NO_PARENT = '0'.repeat(64) as Hex32

/** The canonical JSON of a header. */
export function encodeHeader(header: BlockHeader): string {
  const { chain, height, timeUs, parent, txs, state, history } = header
  return encode({ chain, height, timeUs, parent, txs, state, history })
}

/** H(canonical JSON of the header). */
export function blockHash(hash: Hash, header: BlockHeader): Hex32 {
  return toHex(hashParts(hash, encodeHeader(header))) as Hex32
}

/** The roots of a book at one height. Roots and the block hash have 32 bytes. */
export interface Checkpoint {
  readonly chain: ChainId
  /** Leaves of the history. */
  readonly size: number
  /** Root of the history. */
  readonly root: Uint8Array
  /** Root of the state. */
  readonly state: Uint8Array
  readonly height: number
  readonly block: Uint8Array
}

const ORIGIN = 'fedow/'

/** The first line of a chain's checkpoints, and the name of the keys that sign them. */
export function originOf(chain: ChainId): string {
  return `${ORIGIN}${chain}`
}

/** The chain that an origin or the name of a log's key stands for. */
export function chainOfOrigin(origin: string): ChainId | undefined {
  return /^fedow\/[0-9a-f]{32}$/.test(origin) ? (origin.slice(ORIGIN.length) as ChainId) : undefined
}

/** The text that a log signs: 6 lines. */
export function encodeCheckpoint(checkpoint: Checkpoint): string {
  const { chain, size, root, state, height, block } = checkpoint
  const tree = `${originOf(chain)}\n${size}\n${toBase64(root)}\n`
  return `${tree}state ${toBase64(state)}\nheight ${height}\nblock ${toBase64(block)}\n`
}

/** Reads the text of a checkpoint strictly: other lines, or another order, are malformed. */
export function parseCheckpoint(text: string): Checkpoint | Malformed {
  const lines = text.split('\n')
  if (lines.length !== 7 || lines[6] !== '') return new Malformed('checkpoint', '6 lines')
  const [origin = '', count = '', tree = ''] = lines
  const chain = chainOfOrigin(origin)
  if (chain === undefined) return new Malformed('line 1', 'fedow/ and a chain id')
  const size = parseDecimal(count)
  if (size === undefined) return new Malformed('line 2', 'the size of the history')
  const root = parseRoot(tree)
  if (root === undefined) return new Malformed('line 3', 'base64 of the root of the history')
  const state = parseRoot(after(lines[3], 'state '))
  if (state === undefined) return new Malformed('line 4', 'state and base64 of its root')
  const height = parseDecimal(after(lines[4], 'height '))
  if (height === undefined) return new Malformed('line 5', 'height and a number')
  const block = parseRoot(after(lines[5], 'block '))
  if (block === undefined) return new Malformed('line 6', 'block and base64 of its hash')
  return { chain, size, root, state, height, block }
}

function after(line = '', word: string): string {
  return line.startsWith(word) ? line.slice(word.length) : ''
}

/** A whole number from 0 to 2^53 - 1 in decimal digits without leading zeros. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined
  return Number.isSafeInteger(value) ? value : undefined
}

/** The 32 bytes of a hash in base64. */
export function parseRoot(text: string): Uint8Array | undefined {
  const bytes = fromBase64(text)
  return bytes?.length === 32 ? bytes : undefined
}

/** The key under which the checkpoints of a chain are signed. */
export function checkpointKey(x: Uint8Array, chain: ChainId): VerifierKey {
  return { name: originOf(chain), type: 1, x }
}

/** What a witness signs at a time, in seconds since 1970. */
export function cosignedMessage(timeS: number, noteText: string): Uint8Array {
  return toUtf8(`cosignature/v1\ntime ${timeS}\n${noteText}`)
}

/** How signatures are checked: with the machine's own functions, or with those of this package. */
export interface Means {
  readonly hash: Hash
  readonly verify: Verify
}

/** What became of the signature of a known key. */
export interface CheckedSignature {
  readonly key: VerifierKey
  /** When a witness co-signed, in seconds since 1970. */
  readonly timeS?: number
  readonly isValid: boolean
}

/**
 * Checks the signatures of known keys, in the order of the note; those of unknown keys are passed over.
 * Name and id together make a key known. A note of which one does not hold is to be refused whole.
 */
export function checkSignatures(
  means: Means,
  note: Note,
  keys: readonly VerifierKey[],
): readonly CheckedSignature[] {
  const known = new Map(keys.map((key) => [nameOfKey(key.name, keyId(means.hash, key)), key]))
  return note.signatures.flatMap((signature) => {
    const key = known.get(nameOfKey(signature.name, signature.id))
    return key === undefined ? [] : [check(means.verify, { key, signature, text: note.text })]
  })
}

/**
 * The checked signatures of known keys, or `undefined` when the note must not be believed: one of them
 * does not hold, or there is none.
 */
export function verifyNote(
  means: Means,
  note: Note,
  keys: readonly VerifierKey[],
): readonly CheckedSignature[] | undefined {
  const checked = checkSignatures(means, note, keys)
  return checked.length > 0 && checked.every(({ isValid }) => isValid) ? checked : undefined
}

function nameOfKey(name: string, id: Uint8Array): string {
  return `${name}+${toHex(id)}`
}

interface Checking {
  readonly key: VerifierKey
  readonly signature: NoteSignature
  readonly text: string
}

function check(verify: Verify, { key, signature, text }: Checking): CheckedSignature {
  const { bytes } = signature
  if (key.type === 1) return { key, isValid: holds(verify, key, { bytes, message: toUtf8(text) }) }
  const timeS = bytes.length === 72 ? readTime(bytes) : undefined
  if (timeS === undefined) return { key, isValid: false }
  const signed = { bytes: bytes.subarray(8), message: cosignedMessage(timeS, text) }
  return { key, timeS, isValid: holds(verify, key, signed) }
}

function holds(
  verify: Verify,
  { x }: VerifierKey,
  { bytes, message }: { readonly bytes: Uint8Array; readonly message: Uint8Array },
): boolean {
  return isStrictSignature(bytes) && isSound(toBase64url(x)) && verify(x, message, bytes)
}

/** Keys seen: logs and witnesses are few, and sign often. */
const sound = new Map<string, boolean>()
const KEYS_KEPT = 1_000

function isSound(x: string): boolean {
  const known = sound.get(x)
  if (known !== undefined) return known
  const isStrict = isStrictKey(x)
  if (sound.size >= KEYS_KEPT) sound.clear()
  sound.set(x, isStrict)
  return isStrict
}

/** Latest time of a co-signature, in seconds: the year 2255, as all times here. */
const TIME_S_MAX = 9_000_000_000n

function readTime(bytes: Uint8Array): number | undefined {
  const timeS = BigInt(`0x${toHex(bytes.subarray(0, 8))}`)
  return timeS <= TIME_S_MAX ? Number(timeS) : undefined
}

/** What follows the id on a co-signature line: the time as 8 bytes, then the signature. */
export function cosignatureBytes(timeS: number, signature: Uint8Array): Uint8Array {
  return concat(toU64(timeS), signature)
}
