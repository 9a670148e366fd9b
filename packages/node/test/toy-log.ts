/** A log as tools for transparency logs make them: any origin, any leaves, its own key. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  encodeNote,
  encodeVerifierKey,
  HistoryTree,
  hashLeaf,
  keyId,
  proveConsistency,
  type Tiles,
  toBase64,
  toUtf8,
  type VerifierKey,
} from '@fedow/ledger'
import { sha256 } from '../src/store/hash.ts'
import { encodeSubmission } from '../src/witness/submission.ts'

export class ToyLog {
  readonly key: VerifierKey
  readonly vkey: string
  readonly #private: KeyObject
  readonly #tree = new HistoryTree(sha256)
  readonly #tiles = new Map<string, Uint8Array>()
  readonly #roots: Uint8Array[] = [this.#tree.root()]

  /** Grows to `size` leaves; from `fork` on, leaves are those of another history. */
  constructor(origin: string, { size, key, fork = size }: ToyLogOptions) {
    const pair = generateKeyPairSync('ed25519')
    this.#private = key?.private ?? pair.privateKey
    const x = key?.x ?? Uint8Array.fromBase64(pair.publicKey.export({ format: 'jwk' }).x ?? '', URL)
    this.key = { name: origin, type: 1, x }
    this.vkey = encodeVerifierKey(sha256, this.key)
    for (let leaf = 0; leaf < size; leaf += 1) {
      const text = leaf < fork ? `leaf ${leaf}` : `forged ${leaf}`
      this.#tree.append(hashLeaf(sha256, toUtf8(text)))
      this.#roots.push(this.#tree.root())
    }
    for (const { level, number, hashes } of this.#tree.takeChanged()) {
      this.#tiles.set(`${level}/${number}`, hashes)
    }
  }

  /** Another history of the same origin and key. */
  forked(fork: number, size: number): ToyLog {
    return new ToyLog(this.key.name, { size, fork, key: { private: this.#private, x: this.key.x } })
  }

  get tiles(): Tiles {
    return { tile: (level, number) => this.#tiles.get(`${level}/${number}`) }
  }

  text(size: number, more = ''): string {
    const root = toBase64(this.#roots[size] ?? new Uint8Array(32))
    return `${this.key.name}\n${size}\n${root}\n${more}`
  }

  /** A signed note of any text. */
  note(text: string): string {
    const bytes = sign(null, toUtf8(text), this.#private)
    const signature = { name: this.key.name, id: keyId(sha256, this.key), bytes }
    return encodeNote({ text, signatures: [signature] })
  }

  proof(from: number, to: number): readonly Uint8Array[] {
    return proveConsistency(sha256, this.tiles, { from, to })
  }

  /** What a log in good faith submits. */
  submission(from: number, to: number): string {
    const [proof, note] = [this.proof(from, to), this.note(this.text(to))]
    return encodeSubmission({ old: from, proof, note })
  }
}

export interface ToyLogOptions {
  readonly size: number
  readonly fork?: number
  readonly key?: { readonly private: KeyObject; readonly x: Uint8Array }
}

const URL = { alphabet: 'base64url' } as const
