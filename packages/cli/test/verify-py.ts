/** The verifier of the specification, docs/spec/verify.py: where a Python runs it, and how it is asked. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { encodeVerifierKey, type Json, nobleHash, type VerifierKey } from '@fedow/ledger'
import { expect } from 'vitest'

const SPEC = fileURLToPath(new URL('../../../docs/spec', import.meta.url))
const MANY = fileURLToPath(new URL('verify-many.py', import.meta.url))
const NEEDS = 'import sys, cryptography; sys.exit(0 if sys.version_info >= (3, 11) else 1)'

/** The Python on this machine that can run the verifier. */
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', NEEDS]).status === 0,
)

/** True when there is one: Python 3.11 with the package `cryptography`. */
export const HAS_PYTHON = python !== undefined

/** Why the tests of the verifier are skipped where there is none. */
export const NEEDS_PYTHON = 'needs python3, 3.11 or later, with the package cryptography'

/** A function of `verify-many.py`, and what it is asked. */
export type Question = readonly [name: string, ...args: readonly unknown[]]

/** Asks many things in one run; answers in their order. */
export function askMany(questions: readonly Question[]): readonly unknown[] {
  const input = JSON.stringify(questions)
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', [MANY, SPEC], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`verify-many.py: ${stderr}`)
  return JSON.parse(stdout)
}

/** How a run of verify.py ended. */
export interface Said {
  readonly code: number | null
  readonly text: string
}

/** Runs verify.py as a person does. */
export function runVerify(...args: readonly string[]): Said {
  const command = ['-B', `${SPEC}/verify.py`, ...args]
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', command, { encoding: 'utf8' })
  return { code: status, text: stdout + stderr }
}

/** An object of JSON. */
export type Vector = { readonly [member: string]: Json }

/** Questions, each with the answer that is expected. */
export type Answered = readonly (readonly [Question, unknown])[]

/** Asks all of them; a group without any question is a mistake of the test. */
export function expectAnswers(...groups: readonly Answered[]): void {
  const all = groups.flat()
  const answers = askMany(all.map(([question]) => question))
  for (const [at, [question, wanted]] of all.entries()) {
    expect(answers[at], JSON.stringify(question)).toEqual(wanted)
  }
  expect(groups.every((group) => group.length > 0)).toBe(true)
}

/** What a fact is without what only ours says: the name of a rejection, of which a receipt shows the number. */
export function withoutRejection({ code: _, action: __, ...facts }: Vector): Vector {
  return facts
}

/** The key as verify.py takes it. */
export function written(key: VerifierKey): string {
  return encodeVerifierKey(nobleHash, key)
}
