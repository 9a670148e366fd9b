/**
 * Compares a whole book with a checkpoint that somebody else kept: whether it continues what that checkpoint saw, ends
 * before it, or was rewritten. The book itself is known to hold.
 */
import type { DatabaseSync } from 'node:sqlite'
import {
  type Checkpoint,
  checkpointKey,
  checkSignatures,
  fromBase64url,
  isConsistent,
  isSameBytes,
  Malformed,
  type Note,
  parseCheckpoint,
  parseNote,
  parseRoot,
  parseTlogProof,
  rootAt,
  type SignedGenesis,
  type VerifierKey,
  type Verify,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import { sealedCheckpoint } from './sealed-checkpoint.ts'
import { TileStore } from './tile-store.ts'

/** Files as somebody kept them. */
export interface Earlier {
  /** A signed note, or a receipt, statement or tlog-proof with one. */
  readonly file: string
  /** For a checkpoint that has seen more: what proves the rest, as JSON or as lines. */
  readonly proof?: string | undefined
}

/** Who stands behind a checkpoint, and how far it and the book go, in leaves and blocks. */
export interface Compared {
  readonly size: number
  readonly height: number
  readonly oursSize: number
  readonly oursHeight: number
  /** Witnesses that this node asks, and when they co-signed. */
  readonly cosigned: readonly { readonly name: string; readonly timeS: number }[]
  /** Names on signatures that nobody here can check. */
  readonly unknown: readonly string[]
}

/** What comes of the comparison. Only the first two speak for the book. */
export type Comparison =
  | ({ readonly result: 'continues' } & Compared)
  /** The book ends before the checkpoint, and is proven to be the beginning of what it saw. */
  | ({ readonly result: 'prefix' } & Compared)
  /** `leaves`: the first leaves are others. `block`: they are the same, and the block is another. */
  | ({ readonly result: 'rewritten'; readonly part: 'leaves' | 'block' } & Compared)
  | ({ readonly result: 'ends_before' } & Compared)
  | ({ readonly result: 'proof_fails'; readonly why: string } & Compared)
  | { readonly result: 'malformed'; readonly at: string; readonly expected: string }
  | { readonly result: 'other_chain'; readonly chain: string }
  /** Not signed by the key of the genesis; `signers`: the names that stand on it. */
  | { readonly result: 'other_signer'; readonly signers: readonly string[] }
  | { readonly result: 'bad_signature'; readonly name: string }

export interface ComparedBook {
  readonly db: DatabaseSync
  readonly genesis: SignedGenesis
  readonly verify: Verify
  /** Known witnesses. */
  readonly witnesses: readonly VerifierKey[]
}

/** True when nothing in the comparison speaks against the book. */
export function isInLine({ result }: Comparison): boolean {
  return result === 'continues' || result === 'prefix'
}

export function compareWith(book: ComparedBook, { file, proof }: Earlier): Comparison {
  const found = readNote(file)
  if (found instanceof Malformed) return malformed(found)
  const checkpoint = parseCheckpoint(found.text)
  if (checkpoint instanceof Malformed) return malformed(checkpoint)
  const { chain } = book.genesis
  if (checkpoint.chain !== chain) return { result: 'other_chain', chain: checkpoint.chain }
  const vouched = checkVouchers(book, found)
  if ('result' in vouched) return vouched
  const ours = sealedCheckpoint(book.db, chain)
  if (ours === undefined) return { result: 'malformed', at: 'book', expected: 'a sealed block' }
  const { size, height } = checkpoint
  const facts = { size, height, oursSize: ours.size, oursHeight: ours.height, ...vouched }
  if (size > ours.size) return { ...compareLater(checkpoint, ours, proof), ...facts }
  const root = rootAt(sha256, new TileStore(book.db), size)
  if (!isSameBytes(root, checkpoint.root)) return { result: 'rewritten', part: 'leaves', ...facts }
  if (height > ours.height) return { result: 'prefix', ...facts }
  const seal = sealedCheckpoint(book.db, chain, height)
  const isSameBlock =
    seal !== undefined &&
    seal.size === size &&
    isSameBytes(seal.state, checkpoint.state) &&
    isSameBytes(seal.block, checkpoint.block)
  if (!isSameBlock) return { result: 'rewritten', part: 'block', ...facts }
  return { result: 'continues', ...facts }
}

function malformed({ path, expected }: Malformed): Comparison {
  return { result: 'malformed', at: path, expected }
}

/** The signed note in a file of any of our kinds. */
function readNote(file: string): Note | Malformed {
  if (file.startsWith('{')) {
    const { checkpoint } = readJson(file) as { checkpoint?: unknown }
    if (typeof checkpoint === 'string') return parseNote(checkpoint)
    return new Malformed('file', 'a receipt or statement with its checkpoint')
  }
  if (!file.startsWith('c2sp.org/tlog-proof')) return parseNote(file)
  const proof = parseTlogProof(file)
  return proof instanceof Malformed ? proof : parseNote(proof.checkpoint)
}

function readJson(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch (cause) {
    if (cause instanceof SyntaxError) return {}
    throw cause
  }
}

/** Only the key of the genesis speaks for this book; a signature of a known key that does not hold spoils the note. */
function checkVouchers(
  { genesis, verify, witnesses }: ComparedBook,
  note: Note,
): Pick<Compared, 'cosigned' | 'unknown'> | Comparison {
  const log = checkpointKey(fromBase64url(genesis.genesis.checkpoint) ?? NONE, genesis.chain)
  const checked = checkSignatures({ hash: sha256, verify }, note, [log, ...witnesses])
  const bad = checked.find(({ isValid }) => !isValid)
  if (bad !== undefined) return { result: 'bad_signature', name: bad.key.name }
  const names = note.signatures.map(({ name }) => name)
  if (!checked.some(({ key }) => key === log)) return { result: 'other_signer', signers: names }
  const cosigned = checked.flatMap(({ key: { name }, timeS }) =>
    timeS === undefined ? [] : [{ name, timeS }],
  )
  const known = new Set(checked.map(({ key }) => key.name))
  return { cosigned, unknown: names.filter((name) => !known.has(name)) }
}

const NONE = new Uint8Array()

type Later =
  | { readonly result: 'prefix' | 'ends_before' }
  | { readonly result: 'proof_fails'; readonly why: string }

/** The checkpoint has seen more than the book has: a proof may show that the book is its beginning. */
function compareLater(to: Checkpoint, from: Checkpoint, proof: string | undefined): Later {
  if (proof === undefined) return { result: 'ends_before' }
  const read = readProof(proof)
  if (read === undefined)
    return { result: 'proof_fails', why: 'it has no list of hashes in base64' }
  const isOfOthers =
    (read.from !== undefined && read.from !== from.size) ||
    (read.to !== undefined && read.to !== to.size)
  if (isOfOthers) {
    const why = `it leads from ${read.from} to ${read.to} leaves, not from ${from.size} to ${to.size}`
    return { result: 'proof_fails', why }
  }
  if (isConsistent(sha256, { from, to, hashes: read.hashes })) return { result: 'prefix' }
  return { result: 'proof_fails', why: 'it does not lead from this book to that checkpoint' }
}

interface ReadProof {
  readonly hashes: readonly Uint8Array[]
  readonly from?: unknown
  readonly to?: unknown
}

/** The answer of a node, or a line for each hash. */
function readProof(text: string): ReadProof | undefined {
  const { hashes: list, ...sizes } = text.startsWith('{')
    ? (readJson(text) as { hashes?: unknown; from?: unknown; to?: unknown })
    : { hashes: text.trimEnd().split('\n') }
  if (!Array.isArray(list)) return undefined
  const hashes = list.flatMap((hash) => parseRoot(String(hash)) ?? [])
  return hashes.length === list.length ? { hashes, ...sizes } : undefined
}
