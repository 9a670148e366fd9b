/**
 * PostgreSQL keeps the members of a JSON object in an order of its own; v1 hashed them in the order in which they came.
 * The hash of the line tells which order that was: orders are tried until it comes out.
 */
import { hash } from 'node:crypto'
import { isList, isMap, type Json, JsonError, parseJson, printPython } from '../../codec/json.ts'
import { type HashedBeside, v1Hash } from '../hash.ts'
import type { V1Line } from '../rows.ts'

/** Seven members have 5,040 orders, eight have 40,320. Clients write few kinds of objects, and each is learnt once. */
const TRIES_MAX = 500_000

type Names = readonly string[]

export class MetadataOrder {
  /** How objects of these members were written, most recent first. */
  readonly #known = new Map<string, Names>()
  #triesLeft: number

  constructor(triesMax = TRIES_MAX) {
    this.#triesLeft = triesMax
  }

  /** The metadata as v1 hashed them, when they are not stored so; `undefined` when they are, or no order fits. */
  find(line: V1Line, beside: HashedBeside): string | undefined {
    if (line.metadata === undefined || !/^[[{]/.test(line.metadata)) return undefined
    const stored = readObjects(line.metadata)
    if (stored === undefined) return undefined
    if (fits(line, beside, line.metadata)) return undefined
    const known = printPython(this.#arrange(stored))
    if (fits(line, beside, known)) return known
    for (const candidate of orders(stored)) {
      if (this.#triesLeft === 0) return undefined
      this.#triesLeft -= 1
      const text = printPython(candidate)
      if (!fits(line, beside, text)) continue
      this.#learn(candidate)
      return text
    }
    return undefined
  }

  #arrange(value: Json): Json {
    if (isList(value)) return value.map((one) => this.#arrange(one))
    if (!isMap(value)) return value
    const names = this.#known.get(kindOf(value)) ?? [...value.keys()]
    return new Map(names.map((name) => [name, this.#arrange(value.get(name) ?? null)]))
  }

  #learn(value: Json): void {
    if (isList(value)) for (const one of value) this.#learn(one)
    if (!isMap(value)) return
    this.#known.set(kindOf(value), [...value.keys()])
    for (const one of value.values()) this.#learn(one)
  }
}

function readObjects(metadata: string): Json | undefined {
  try {
    return parseJson(metadata)
  } catch (cause) {
    if (cause instanceof JsonError) return undefined
    throw cause
  }
}

function fits(line: V1Line, beside: HashedBeside, metadata: string): boolean {
  return v1Hash({ ...line, metadata }, beside) === line.hash
}

function kindOf(value: ReadonlyMap<string, Json>): string {
  return hash('sha256', JSON.stringify([...value.keys()].sort()))
}

/** A value with the members of its objects in every order. */
function* orders(value: Json): IterableIterator<Json> {
  if (isList(value)) {
    for (const list of combinations(value)) yield list
  } else if (isMap(value)) {
    for (const names of permutations([...value.keys()])) {
      const members = names.map((name) => value.get(name) ?? null)
      for (const list of combinations(members)) {
        yield new Map(names.map((name, index) => [name, list[index] ?? null]))
      }
    }
  } else yield value
}

function* combinations(values: readonly Json[]): IterableIterator<readonly Json[]> {
  const [first, ...rest] = values
  if (first === undefined) {
    yield []
    return
  }
  for (const one of orders(first)) for (const others of combinations(rest)) yield [one, ...others]
}

function* permutations(names: Names): IterableIterator<Names> {
  if (names.length < 2) {
    yield names
    return
  }
  for (const [index, name] of names.entries()) {
    for (const others of permutations(names.toSpliced(index, 1))) yield [name, ...others]
  }
}
