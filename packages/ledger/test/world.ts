/** Runs a file of vectors on any book. Source: docs/spec/vectors.md. */
import { createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import {
  admit,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  endBlock,
  fromBase64url,
  Malformed,
  nobleHash,
  type Outcome,
  parseTx,
  type State,
  toBase64url,
  toUtf8,
  type Verify,
} from '../src/index.ts'
import { type OpenWorld, Run, type Step } from './vector-run.ts'

export type { OpenWorld, World } from './vector-run.ts'

/** The ledger alone over any state, with the signatures checked by Node. */
export function worldOn(openState: () => State): OpenWorld {
  return (genesis) => {
    const state = openState()
    applyGenesis(state, nobleHash, genesis)
    let block: Block | undefined
    const close = () => {
      if (block !== undefined) endBlock(state, block)
    }
    return {
      state,
      open: (timeMs) => {
        close()
        const height = (block?.height ?? 0) + 1
        block = new Block({ chain: genesis.chain, height, timeMs }, nobleHash)
        return beginBlock(state, block).flatMap(({ outcome }) => outcome.lines)
      },
      submit: (jws) => {
        if (block === undefined) throw new Error('a tx needs an open block')
        return submit(state, block, jws)
      },
      close,
    }
  }
}

/** Node's own verification, which trusts that key and signature are strict. */
export const cryptoVerify: Verify = (x, message, signature) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(x) }
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

function submit(state: State, block: Block, jws: string): Outcome {
  const tx = parseTx(jws)
  if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
  const refusal = admit(state, tx, { timeMs: block.timeMs, isUsed: () => false })
  if (refusal !== undefined) throw new Error(`the tx is not admitted: ${refusal}`)
  const x = fromBase64url(state.get('key', tx.kid)?.x ?? '') ?? new Uint8Array()
  const input = toUtf8(jws.slice(0, jws.lastIndexOf('.')))
  if (!cryptoVerify(x, input, tx.signature)) throw new Error('the signature is wrong')
  const { kid, payload } = tx
  return applyTx(state, block, { kid, payload, bytes: toUtf8(jws) }).outcome
}

export interface Vector {
  readonly name: string
  readonly parameters?: Readonly<Record<string, number>>
  readonly given?: readonly Step[]
  readonly steps: readonly Step[]
}

export interface VectorFile {
  readonly about: string
  /** Its books have their genesis alone: without the steps of `world.json`. */
  readonly isNew?: true
  readonly given?: readonly Step[]
  readonly vectors: readonly Vector[]
}

const FOLDER = new URL('../../../vectors/', import.meta.url)

/** Files of the folder `vectors` that are not lists of steps. */
const OTHERS = [
  'world.json',
  'bytes.json',
  'signatures.json',
  'void.json',
  'figures.json',
  'history.json',
  'state-tree.json',
  'notes.json',
  'receipts.json',
]

/** The files that `runVectors` runs. */
export function stepFiles(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.json') && !OTHERS.includes(name))
}

/** Reads a file of the folder `vectors`. */
export function readVectors<T = VectorFile>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as T
}

/** Makes one test of each vector of a file. */
export function runVectors(file: string, open: OpenWorld): void {
  const { about, isNew, given = [], vectors } = readVectors(file)
  const { given: first = [] } = isNew ? {} : readVectors('world.json')
  describe(`${file}: ${about}`, () => {
    it.each(vectors)('$name', async (vector) => {
      const run = await Run.start(open, vector.parameters)
      for (const step of [...first, ...given, ...(vector.given ?? [])]) await run.given(step)
      for (const step of vector.steps) await run.step(step)
      await run.close()
    })
  })
}
