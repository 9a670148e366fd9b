import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepHash } from '../../test/naive-tree.ts'
import { fastHash } from '../../test/play.ts'
import { concat, toHex, toUtf8 } from '../bytes.ts'
import type { Hash } from '../hash.ts'
import { toIcs23 } from './ics23.ts'
import { StateTree } from './state-tree.ts'

/** The leaf and the steps of `SmtSpec`, in the names of proofs.proto. */
const SPEC_LEAF = { hash: 1, prehash_key: 1, prehash_value: 1, length: 0, prefix: '00' }

describe.each([
  ['SHA-256', fastHash],
  ['deep paths', deepHash],
])('a proof for IBC over %s', (_, hash) => {
  const anyNumbers = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 15 })

  it('leads to the root by the steps that the specification allows', () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(60), (numbers, number) => {
        const tree = new StateTree(hash)
        for (const one of numbers) tree.put(`wallet/${one}`, `{"balance":${one}}`)
        const root = toHex(tree.seal(1))
        const key = `wallet/${number}`
        const proof = tree.prove(1, key) ?? { kind: 'absent' as const }
        const message = fieldsOf(toIcs23(hash, key, proof))
        expect([...message.keys()]).toEqual([numbers.includes(number) ? 1 : 2])
        if (proof.kind === 'present') {
          expect(rootOf(hash, only(message, 1))).toEqual({ root, k: toHex(hash(toUtf8(key))) })
          return
        }
        const absence = fieldsOf(only(message, 2))
        expect(toHex(only(absence, 1))).toBe(toHex(hash(toUtf8(key))))
        const shown = [2, 3].map((field) => (absence.has(field) ? only(absence, field) : undefined))
        expect(shown.map((one) => one && rootOf(hash, one))).toEqual(
          [proof.left, proof.right].map((leaf) => leaf && { root, k: toHex(leaf.k) }),
        )
      }),
    )
  })
})

/** What an ExistenceProof calculates, as ICS-23 says: from its own prefixes and suffixes alone. */
function rootOf(hash: Hash, existence: Uint8Array) {
  const fields = fieldsOf(existence)
  const [k, v] = [only(fields, 1), only(fields, 2)]
  const leafOp = fieldsOf(only(fields, 3))
  const [sha, prehashKey, prehashValue, length] = [1, 2, 3, 4].map(
    (field) => leafOp.get(field)?.[0],
  )
  expect({
    hash: sha,
    prehash_key: prehashKey,
    prehash_value: prehashValue,
    length: length ?? 0,
    prefix: toHex(only(leafOp, 5)),
  }).toEqual(SPEC_LEAF)
  let node = hash(concat(only(leafOp, 5), hash(k), hash(v)))
  for (const step of fields.get(4) ?? []) {
    const op = fieldsOf(step as Uint8Array)
    const prefix = only(op, 2)
    const suffix = op.has(3) ? only(op, 3) : new Uint8Array()
    expect(op.get(1)).toEqual([1])
    expect(prefix[0]).toBe(1)
    expect(`${prefix.length} ${suffix.length}`).toMatch(/^(?:1 32|33 0)$/)
    node = hash(concat(prefix, node, suffix))
  }
  return { root: toHex(node), k: toHex(k) }
}

type Fields = Map<number, (number | Uint8Array)[]>

/** The fields of a protobuf message by number: varints and bytes. */
function fieldsOf(message: Uint8Array): Fields {
  const fields: Fields = new Map()
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = message[at] ?? 0
      at += 1
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const number = varint()
    let value: number | Uint8Array = number
    if ((tag & 7) === 2) {
      value = message.subarray(at, at + number)
      at += number
    }
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value])
  }
  expect(at).toBe(message.length)
  return fields
}

function only(fields: Fields, field: number): Uint8Array {
  const [value, ...more] = fields.get(field) ?? []
  if (!(value instanceof Uint8Array) || more.length > 0) throw new Error(`one field ${field}`)
  return value
}
