/** Runs the vectors of signed notes, receipts and statements. Source: docs/spec/vectors.md. */
import { describe, expect, it } from 'vitest'
import {
  type BlockHeader,
  blockHash,
  type Checkpoint,
  checkSignatures,
  encode,
  encodeCheckpoint,
  encodeHeader,
  encodeNote,
  encodeTlogProof,
  encodeVerifierKey,
  hashLeaf,
  type Json,
  keyId,
  Malformed,
  type Means,
  type Note,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  rootOfInclusion,
  type Trust,
  toHex,
  type Verdict,
  type VerifierKey,
  verifyNote,
  verifyReceipt,
  verifyStatement,
} from '../src/index.ts'
import { importBook, vectorBook } from './proof-book.ts'
import { readVectors } from './world.ts'

/** `keys` and signatures in hexadecimal, as everything here that is not in its own form. */
export interface NotesFile {
  readonly about: string
  readonly keys: readonly {
    readonly name: string
    readonly key: string
    readonly keyName: string
    readonly id: string
    readonly type: number
    readonly x: string
  }[]
  readonly notKeys: readonly { readonly name: string; readonly key: string }[]
  readonly notes: readonly {
    readonly name: string
    readonly note: string
    readonly text: string
    readonly signatures: readonly { name: string; id: string; bytes: string }[]
  }[]
  readonly notNotes: readonly { readonly name: string; readonly note: string }[]
  readonly checks: readonly {
    readonly name: string
    readonly note: string
    readonly keys: readonly string[]
    /** The known keys that signed; `null`: the note is refused. */
    readonly signed: readonly { name: string; id: string; timeS?: number }[] | null
  }[]
  readonly checkpoints: readonly {
    readonly name: string
    readonly text: string
    readonly checkpoint: Readonly<Record<keyof Checkpoint, string | number>>
  }[]
  readonly notCheckpoints: readonly { readonly name: string; readonly text: string }[]
  readonly blocks: readonly {
    readonly name: string
    readonly header: BlockHeader
    readonly json: string
    readonly hash: string
  }[]
}

/** Keys, notes, checkpoints and headers to the byte, and what must be refused. */
export function runNoteVectors(means: Means): void {
  const file = readVectors<NotesFile>('notes.json')
  const { hash } = means
  describe(`notes.json: ${file.about}`, () => {
    it.each(file.keys)('reads the key of $name', ({ key: text, keyName, id, type, x }) => {
      const key = readKey(means, text)
      expect({ ...key, x: toHex(key.x) }).toEqual({ name: keyName, type, x })
      expect(toHex(keyId(hash, key))).toBe(id)
      expect(encodeVerifierKey(hash, key)).toBe(text)
    })
    it.each(file.notKeys)('refuses as a key: $name', ({ key }) => {
      expect(parseVerifierKey(hash, key)).toBeUndefined()
    })
    it.each(file.notes)('reads the note: $name', ({ note: text, ...parts }) => {
      const note = wellFormed(parseNote(text))
      expect(encodeNote(note)).toBe(text)
      expect(toPlain(note)).toEqual({ text: parts.text, signatures: parts.signatures })
    })
    it.each(file.notNotes)('refuses as a note: $name', ({ note }) => {
      expect(parseNote(note)).toBeInstanceOf(Malformed)
    })
    it.each(file.checks)('checks $name', ({ note: text, keys, signed }) => {
      const note = wellFormed(parseNote(text))
      const known = keys.map((key) => readKey(means, key))
      const checked = verifyNote(means, note, known)
      const told = checked?.map(({ key, timeS }) => {
        const id = toHex(keyId(hash, key))
        return { name: key.name, id, ...(timeS !== undefined && { timeS }) }
      })
      expect(told ?? null).toEqual(signed)
      expect(checkSignatures(means, note, [])).toEqual([])
    })
    it.each(file.checkpoints)('reads the checkpoint: $name', ({ text, checkpoint }) => {
      const read = wellFormed(parseCheckpoint(text))
      const hex = { root: toHex(read.root), state: toHex(read.state), block: toHex(read.block) }
      expect({ ...read, ...hex }).toEqual(checkpoint)
      expect(encodeCheckpoint(read)).toBe(text)
    })
    it.each(file.notCheckpoints)('refuses as a checkpoint: $name', ({ text }) => {
      expect(parseCheckpoint(text)).toBeInstanceOf(Malformed)
    })
    it.each(file.blocks)('hashes $name', ({ header, json, hash: wanted }) => {
      expect(encodeHeader(header)).toBe(json)
      expect(blockHash(hash, header)).toBe(wanted)
    })
  })
}

function toPlain({
  text,
  signatures,
}: Note): Pick<NotesFile['notes'][number], 'text' | 'signatures'> {
  const plain = signatures.map(({ name, id, bytes }) => {
    return { name, id: toHex(id), bytes: toHex(bytes) }
  })
  return { text, signatures: plain }
}

interface TrustedKeys {
  readonly keys: readonly string[]
  readonly witnesses: readonly string[]
}

interface ProofVector {
  readonly name: string
  /** What of the book it is about, where the book makes it. */
  readonly of?: string
  /** The book that was imported. */
  readonly in?: 'import'
  /** Instead of the file's. */
  readonly trust?: TrustedKeys
  readonly text: string
  readonly facts?: Json
  readonly reason?: Json
}

export interface ReceiptsFile {
  readonly about: string
  readonly chain: string
  readonly trust: TrustedKeys
  readonly receipts: readonly ProofVector[]
  readonly statements: readonly ProofVector[]
  readonly tlogProofs: readonly {
    readonly name: string
    readonly text: string
    readonly index: number
    readonly hashes: readonly string[]
    readonly leaf: string
  }[]
}

/** Receipts and statements: what they prove, or the exact reason why they do not. */
export function runReceiptVectors(means: Means): void {
  const file = readVectors<ReceiptsFile>('receipts.json')
  const trustOf = ({ trust = file.trust }: ProofVector) => readTrust(means, trust)
  const witnesses = readTrust(means, file.trust).witnesses.map(({ name }) => name)
  describe(`receipts.json: ${file.about}`, () => {
    it.each([
      [undefined, vectorBook()],
      ['import', importBook()],
    ] as const)('is of the book that its steps make: %s', (name, book) => {
      expect(book.chain).toBe(file.chain)
      const made = file.receipts.filter((vector) => vector.of !== undefined && vector.in === name)
      expect(made.map(({ of = '' }) => book.receipt(of, { witnesses }))).toEqual(
        made.map(({ text }) => text),
      )
      expect(made.length).toBeGreaterThan(0)
    })
    it.each(file.receipts)('receipt: $name', (vector) => {
      expectVerdict(verifyReceipt(means, vector.text, trustOf(vector)), vector)
    })
    it.each(file.statements)('statement: $name', (vector) => {
      expectVerdict(verifyStatement(means, vector.text, trustOf(vector)), vector)
    })
    it.each(file.tlogProofs)('tlog-proof: $name', ({ text, index, hashes, leaf }) => {
      const proof = wellFormed(parseTlogProof(text))
      expect(encodeTlogProof(proof)).toBe(text)
      expect({ index: proof.index, hashes: proof.hashes.map(toHex) }).toEqual({ index, hashes })
      const checkpoint = wellFormed(parseCheckpoint(wellFormed(parseNote(proof.checkpoint)).text))
      const leafHash = hashLeaf(means.hash, Uint8Array.fromHex(leaf))
      const root = rootOfInclusion(means.hash, { ...proof, leafHash, size: checkpoint.size })
      expect(toHex(root ?? new Uint8Array())).toBe(toHex(checkpoint.root))
    })
  })
}

/** Where and what of a malformed file is ours to say: of that reason, the vectors hold the code. */
function expectVerdict(verdict: Verdict<object>, { facts, reason }: ProofVector): void {
  const told = verdict.proven ? { facts: verdict.facts } : { reason: verdict.reason }
  if (!verdict.proven && verdict.reason.code === 'malformed') {
    expect(reason).toEqual({ code: 'malformed' })
  } else expect(JSON.parse(encode(told))).toEqual(facts === undefined ? { reason } : { facts })
}

/** The keys of a verifier as the files write them. */
export function readTrust(means: Means, { keys, witnesses }: TrustedKeys): Trust {
  return {
    keys: keys.map((key) => readKey(means, key)),
    witnesses: witnesses.map((key) => readKey(means, key)),
  }
}

function readKey({ hash }: Means, text: string): VerifierKey {
  const key = parseVerifierKey(hash, text)
  if (key === undefined) throw new Error(`${text} is no key`)
  return key
}

function wellFormed<T>(value: T | Malformed): T {
  if (value instanceof Malformed) throw new Error(`${value.path}: expected ${value.expected}`)
  return value
}
