/** The proof of the specification: a verifier in another language, written from its pages, says what the vectors say. */
import { readFileSync } from 'node:fs'
import type { Json } from '@fedow/ledger'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Answered,
  askMany,
  expectAnswers,
  HAS_PYTHON,
  NEEDS_PYTHON,
  type Question,
  type Vector,
  withoutRejection,
} from './verify-py.ts'

type Vectors = { readonly [member: string]: readonly Vector[] }

describe('verify.py on the vectors', () => {
  // Another language is the witness: without it there is nothing to compare with.
  beforeEach(({ skip }) => skip(!HAS_PYTHON, NEEDS_PYTHON))

  it('gives the verdicts and the facts of receipts.json', () => {
    const { receipts = [], statements = [], trust } = readVectors('receipts.json')
    const trusted = trust as unknown as Vector
    for (const [name, vectors] of Object.entries({ receipt: receipts, statement: statements })) {
      const answers = askMany(
        vectors.map(({ text = '', trust: own = trusted }) => {
          const { keys = [], witnesses = [] } = own as Vector
          return [name, text, keys, witnesses]
        }),
      )
      for (const [at, { name: about, facts, reason }] of vectors.entries()) {
        const wanted = facts ?? { reason: (reason as Vector)['code'] }
        expect(answers[at], `${name}: ${about}`).toEqual(withoutRejection(wanted as Vector))
      }
    }
  })

  it('reads the keys and notes of notes.json, and refuses what is none', () => {
    const { keys = [], notKeys = [], notes = [], notNotes = [] } = readVectors('notes.json')
    expectAnswers(
      keys.map(({ name: _, key = '', ...rest }) => [['key', key], rest]),
      notKeys.map(({ key = '' }) => [['key', key], { reason: 'no key' }]),
      notes.map(({ name: _, note = '', ...rest }) => [['note', note], rest]),
      notNotes.map(({ note = '' }) => [['note', note], { reason: 'malformed' }]),
    )
  })

  it('checks the signatures of notes.json', () => {
    const { checks = [] } = readVectors('notes.json')
    const ours = checks
    const answers = askMany(ours.map(({ note = '', keys = [] }) => ['signatures', note, keys]))
    expect(answers).toEqual(ours.map(({ signed }) => signed))
    expect(ours.length).toBeGreaterThan(10)
  })

  it('reads the checkpoints of notes.json, and refuses what is none', () => {
    const { checkpoints = [], notCheckpoints = [] } = readVectors('notes.json')
    const note = (text: Json = '') => `${text}\n\u2014 somebody AAAAAAA=\n`
    expectAnswers(
      checkpoints.map(({ text }) => [['checkpoint', note(text)], { reason: 'nobody_trusted' }]),
      notCheckpoints.map(({ text }) => [['checkpoint', note(text)], { reason: 'malformed' }]),
    )
  })

  it('agrees with history.json on leaves, inclusion and consistency', () => {
    const { leaves = [], trees = [], numbers, refused } = readVectors('history.json')
    const { inclusion = [], consistency = [] } = refused as unknown as Vectors
    const whole = numbers as unknown as Vector
    const counted = Array.from({ length: whole['size'] as number }, (_, at) =>
      at.toString(16).padStart(16, '0'),
    )
    expectAnswers(
      leaves.map(({ id = '', bytes = '', outcome = '', hash = '' }) => [
        ['decided', id, bytes, outcome],
        hash,
      ]),
      ...[...trees, { ...whole, leaves: counted }].flatMap(treeAnswers),
      inclusion.map(({ leafHash = '', index = 0, size = 0, hashes = [], root = '' }) => [
        ['inclusion', leafHash, index, size, hashes],
        expect.not.stringMatching(`^${root}$`),
      ]),
      consistency.map(({ from = 0, fromRoot = '', to = 0, toRoot = '', hashes = [] }) => [
        ['consistency', from, fromRoot, to, toRoot, hashes],
        false,
      ]),
    )
  })

  it('takes no index beyond the tree', () => {
    const leaf = '00'.repeat(32)
    const beyond = [1, 2, 5, 2 ** 53 - 1].map((index) => ['inclusion', leaf, index, 1, []] as const)
    expect(askMany([['inclusion', leaf, 0, 1, []], ...beyond])).toEqual([
      leaf,
      ...beyond.map(() => null),
    ])
  })

  it('agrees with state-tree.json on what is there, what is not, and what proves nothing', () => {
    const { trees = [], refused = [] } = readVectors('state-tree.json')
    const proofs = trees.flatMap(({ root = '', proofs }) =>
      (proofs as readonly Vector[]).map((proof) => ({ root, ...proof })),
    )
    const ask = ({ root = '', key = '', value = null, proof = null }: Vector): Question => {
      return ['state', root, key, value, proof]
    }
    expectAnswers(
      proofs.map((one) => [ask(one), true]),
      refused.map((one) => [ask(one), false]),
    )
  })

  it('agrees with signatures.json on keys and signatures', () => {
    const { vectors = [] } = readVectors('signatures.json')
    expectAnswers(
      vectors.map(({ x = '', message = '', signature = '', strictKey, strictSignature, valid }) => [
        ['signature', x, message, signature],
        { strictKey, strictSignature, holds: strictKey && valid },
      ]),
    )
  })
})

function readVectors(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8'))
}

/** The proofs of one tree of history.json. */
function treeAnswers(tree: Vector): readonly Answered[] {
  const { leaves, inclusion, consistency } = tree
  const hashes = askMany([['leaves', leaves]])[0] as readonly string[]
  const sizes = (consistency as readonly Vector[]).flatMap(({ from = 0, to = 0 }) => [from, to])
  const of = (inclusion as readonly Vector[]).map(({ size = 0 }) => size)
  const wanted = [...new Set([...sizes, ...of])]
  const roots = askMany(wanted.map((size) => ['root', hashes, size])) as readonly string[]
  const rootOf = new Map(wanted.map((size, at) => [size, roots[at]]))
  return [
    (inclusion as readonly Vector[]).map(({ index = 0, size = 0, hashes: proof = [] }) => [
      ['inclusion', hashes[index as number], index, size, proof],
      rootOf.get(size),
    ]),
    (consistency as readonly Vector[]).map(({ from = 0, to = 0, hashes: proof = [] }) => [
      ['consistency', from, rootOf.get(from), to, rootOf.get(to), proof],
      true,
    ]),
  ]
}
