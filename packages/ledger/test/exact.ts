/** Runs the files of exact bytes: void.json, bytes.json, signatures.json. Source: docs/spec/vectors.md. */
import { describe, expect, it } from 'vitest'
import {
  type Amount,
  admit,
  decode,
  deriveId,
  encode,
  fromBase64url,
  fromRecordKey,
  type Hash,
  type HashedLine,
  type Hex32,
  isStrictKey,
  isStrictSignature,
  type Json,
  lineHash,
  Malformed,
  merkleRoot,
  parseGenesis,
  parseTx,
  type RecordKind,
  type StateReader,
  toBase64url,
  toHex,
  toKid,
  toRecordKey,
  toUtf8,
  type Verify,
  type VoidCode,
} from '../src/index.ts'
import { fromSeed, START_MS, toId, toKey, toOffset } from './names.ts'
import { type OpenWorld, Run, type Step, vectorGenesis } from './vector-run.ts'
import { readVectors, type VectorFile } from './world.ts'

interface VoidFile {
  readonly about: string
  readonly chain: string
  readonly vectors: readonly VoidVector[]
}

interface VoidVector {
  readonly name: string
  readonly given?: readonly Step[]
  readonly at?: string
  /** Names of ids that the node's key has used. */
  readonly used?: readonly string[]
  readonly header?: string
  readonly payload?: string
  readonly jws: string
  readonly void: VoidCode | null
}

/** Bytes that must be ordered, or refused with exactly this code. */
export function runVoidVectors(open: OpenWorld, verify: Verify): void {
  const { about, chain, vectors } = readVectors<VoidFile>('void.json')
  const { given: first = [] } = readVectors<VectorFile>('world.json')
  describe(`void.json: ${about}`, () => {
    it('is of the chain of every vector', () => {
      expect(vectorGenesis().chain).toBe(chain)
    })
    it.each(vectors)('$name', async (vector) => {
      const run = await Run.start(open)
      for (const step of [...first, ...(vector.given ?? [])]) await run.given(step)
      const [header = '', payload = ''] = vector.jws.split('.')
      if (vector.header !== undefined) expect(toText(header)).toBe(vector.header)
      if (vector.payload !== undefined) expect(toText(payload)).toBe(vector.payload)
      expect(judge(run.state, vector, verify) ?? null).toBe(vector.void)
      await run.close()
    })
  })
}

function judge(state: StateReader, vector: VoidVector, verify: Verify): VoidCode | undefined {
  const tx = parseTx(vector.jws)
  if (tx instanceof Malformed) return 'malformed'
  const timeMs = START_MS + toOffset(vector.at ?? '0ms')
  const used = (vector.used ?? []).map((name) => toId(name) as string)
  const node = toKey('node').kid
  const isUsed = (kid: string, id: string) => kid === node && used.includes(id)
  const refusal = admit(state, tx, { timeMs, isUsed })
  if (refusal !== undefined) return refusal
  const x = fromBase64url(state.get('key', tx.kid)?.x ?? '') ?? new Uint8Array()
  const input = toUtf8(vector.jws.slice(0, vector.jws.lastIndexOf('.')))
  return verify(x, input, tx.signature) ? undefined : 'bad_signature'
}

function toText(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

interface SignatureFile {
  readonly about: string
  readonly vectors: readonly {
    readonly name: string
    readonly x: string
    readonly message: string
    readonly signature: string
    readonly strictKey: boolean
    readonly strictSignature: boolean
    readonly valid: boolean
  }[]
}

/**
 * Signatures on which verifiers differ. One that trusts its keys is only asked about keys that may enter the
 * book; the others about every key.
 */
export function runSignatureVectors(verify: Verify, keys: 'any' | 'strict'): void {
  const { about, vectors } = readVectors<SignatureFile>('signatures.json')
  describe(`signatures.json with ${keys} keys: ${about}`, () => {
    it.each(vectors)('$name', ({ strictKey, strictSignature, valid, ...hex }) => {
      const x = Uint8Array.fromHex(hex.x)
      const signature = Uint8Array.fromHex(hex.signature)
      expect(isStrictKey(toBase64url(x))).toBe(strictKey)
      expect(isStrictSignature(signature)).toBe(strictSignature)
      if (keys === 'strict' && !strictKey) return
      const isSound = strictSignature && verify(x, Uint8Array.fromHex(hex.message), signature)
      expect(isSound).toBe(valid)
    })
  })
}

interface ByteFile {
  readonly about: string
  readonly genesis: { readonly json: string; readonly jws: string; readonly chain: string }
  readonly keys: readonly { name: string; seed: string; x: string; kid: string }[]
  readonly canonical: readonly { name: string; value: Json; json: string }[]
  readonly notCanonical: readonly { name: string; text: string }[]
  readonly names: readonly { name: string; id: string }[]
  readonly ids: readonly { name: string; parts: readonly Part[]; id: string }[]
  readonly lines: readonly {
    readonly name: string
    readonly previous: Hex32 | null
    readonly line: HashedLine
    readonly json: string
    readonly hash: Hex32
  }[]
  readonly recordKeys: readonly { kind: RecordKind; id: string; key: string }[]
  readonly roots: readonly { name: string; leaves: readonly string[]; root: string }[]
  readonly book: {
    readonly txs: readonly { name: string; jws: string; hash: string; outcome: string }[]
    readonly records: readonly { key: string; json: string }[]
    readonly txsRoot: string
  }
}
type Part = string | number | { readonly hex: string }

/** Exact bytes of everything that is hashed, signed or stored. */
export function runByteVectors(open: OpenWorld, hash: Hash): void {
  const file = readVectors<ByteFile>('bytes.json')
  describe(`bytes.json: ${file.about}`, () => {
    codecVectors(file)
    hashVectors(file, hash)
    it('makes the genesis of every vector', () => {
      const { jws, json, chain } = file.genesis
      expect(vectorGenesis()).toMatchObject({ jws, json, chain })
      expect(parseGenesis(hash, jws)).toMatchObject({ json, chain })
    })
    it('writes a book to the byte: outcomes, records, root of a block', async () => {
      const run = await Run.start(open)
      const { txs, records, txsRoot } = file.book
      await run.given({ at: '0ms' })
      for (const { jws, hash: wanted, outcome } of txs) {
        const json = await run.submit(jws)
        expect({ json, hash: toHex(hash(toUtf8(jws))) }).toEqual({ json: outcome, hash: wanted })
      }
      for (const { key, json } of records) {
        const { kind, id } = fromRecordKey(key)
        expect(`${key} ${encode(run.state.get(kind, id) ?? {})}`).toBe(`${key} ${json}`)
      }
      expect(
        toHex(
          merkleRoot(
            hash,
            txs.map(({ jws }) => toUtf8(jws)),
          ),
        ),
      ).toBe(txsRoot)
      await run.close()
    })
  })
}

function codecVectors({ canonical, notCanonical, recordKeys }: ByteFile): void {
  it.each(canonical)('writes $name', ({ value, json }) => {
    expect(encode(value as object)).toBe(json)
    expect(decode(json)).toEqual(value)
  })
  it.each(notCanonical)('refuses $name', ({ text }) => {
    expect(decode(text)).toBeUndefined()
  })
  it.each(recordKeys)('keeps a record of kind $kind under its key', ({ kind, id, key }) => {
    expect(toRecordKey(kind, id)).toBe(key)
    expect(fromRecordKey(key)).toEqual({ kind, id })
  })
}

function hashVectors({ keys, names, ids, lines, roots }: ByteFile, hash: Hash): void {
  it.each(keys)('makes the key of $name', ({ name, seed, x, kid }) => {
    expect(toKey(name)).toMatchObject({ x, kid })
    expect(fromSeed(Uint8Array.fromHex(seed))).toMatchObject({ x, kid })
    expect(toKid(hash, x)).toBe(kid)
  })
  it.each(names)('derives the id that stands for $name', ({ name, id }) => {
    expect(toId(name)).toBe(id)
  })
  it.each(ids)('derives the id of $name', ({ parts, id }) => {
    const raw = parts.map((part) =>
      typeof part === 'object' ? Uint8Array.fromHex(part.hex) : part,
    )
    expect(deriveId(hash, ...raw)).toBe(id)
  })
  it.each(lines)('hashes $name', ({ previous, line, json, hash: wanted }) => {
    expect(encode(line)).toBe(json)
    const exact = { ...line, amount: BigInt(line.amount) as Amount }
    expect(lineHash(hash, previous ?? undefined, exact)).toBe(wanted)
  })
  it.each(roots)('gives the root of $name', ({ leaves, root }) => {
    const bytes = leaves.map((leaf) => Uint8Array.fromHex(leaf))
    expect(toHex(merkleRoot(hash, bytes))).toBe(root)
  })
}
