/** Receipts and statements that somebody changed. */
import { fromUtf8, type Json, nobleHash, toHex, toUtf8, type Verify } from '../src/index.ts'
import { encodeProofFile } from '../src/proof/proof-file.ts'

/** Asks the verifier once about each signature: files altered elsewhere have the same. */
export function remembering(verify: Verify): Verify {
  const answers = new Map<string, boolean>()
  return (x, message, signature) => {
    const question = `${toHex(x)}/${toHex(signature)}/${toHex(message)}`
    const answer = answers.get(question) ?? verify(x, message, signature)
    answers.set(question, answer)
    return answer
  }
}

interface Altered {
  readonly text: string
}

/** The file with other members, and its check made anew, as a forger would. */
export function remade(file: string, members: object): string {
  const { check: _, ...rest } = { ...JSON.parse(file), ...members }
  return encodeProofFile(nobleHash, rest)
}

/** Every byte with its lowest bit flipped, in the other case, taken out, and doubled: what of it is still text. */
export function* changedBytes(file: string): Generator<Altered & { readonly at: number }> {
  const bytes = toUtf8(file)
  for (const [at, byte] of bytes.entries()) {
    for (const instead of [[byte ^ 1], [byte ^ 32], [], [byte, byte]]) {
      const text = fromUtf8(
        Uint8Array.of(...bytes.subarray(0, at), ...instead, ...bytes.subarray(at + 1)),
      )
      if (text !== undefined) yield { at, text }
    }
  }
}

/** Every member and element with other values, or missing, with the check of the file made anew. */
export function* changedMembers(file: string): Generator<Altered & { readonly path: string }> {
  const { check: _, ...members } = JSON.parse(file)
  for (const { path, value } of variants(members, '')) {
    yield { path, text: encodeProofFile(nobleHash, value as object) }
  }
}

interface Variant {
  readonly path: string
  readonly value: Json
}

function* variants(value: Json, path: string): Generator<Variant> {
  if (typeof value === 'string') yield* textVariants(value, path)
  else if (typeof value === 'number') yield* numberVariants(value, path)
  else if (Array.isArray(value)) yield* arrayVariants(value, path)
  else if (value !== null && typeof value === 'object') {
    for (const name of Object.keys(value)) {
      const { [name]: member, ...rest } = value as { readonly [name: string]: Json }
      yield { path: `${path}.${name} missing`, value: rest }
      if (member === undefined) continue
      for (const variant of variants(member, `${path}.${name}`)) {
        yield { path: variant.path, value: { ...value, [name]: variant.value } }
      }
    }
  } else yield { path, value: toOther(value) }
}

function toOther(value: Json): Json {
  return value === null ? '00000000-0000-8000-8000-000000000000' : null
}

/** Another character of the same kind at every place; at every seventh of a long text. */
function* textVariants(value: string, path: string): Generator<Variant> {
  yield { path: `${path} null`, value: null }
  for (let at = 0; at < value.length; at += value.length > 200 ? 7 : 1) {
    const other =
      value[at] === '1' ? '2' : value[at] === 'b' ? 'c' : /\d/.test(value[at] ?? '') ? '1' : 'b'
    yield { path: `${path}[${at}]`, value: value.slice(0, at) + other + value.slice(at + 1) }
  }
}

function* numberVariants(value: number, path: string): Generator<Variant> {
  for (const other of [value + 1, value - 1, String(value), null]) yield { path, value: other }
}

function* arrayVariants(value: readonly Json[], path: string): Generator<Variant> {
  yield { path: `${path} longer`, value: [...value, value[0] ?? null] }
  if (value.length > 0) yield { path: `${path} shorter`, value: value.slice(0, -1) }
  if (value.length > 1) yield { path: `${path} reversed`, value: value.toReversed() }
  for (const [index, one] of value.entries()) {
    for (const variant of variants(one, `${path}[${index}]`)) {
      yield { path: variant.path, value: value.with(index, variant.value) }
    }
  }
}
