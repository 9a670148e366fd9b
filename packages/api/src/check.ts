/** Schemas at work: whether a value fits, and where it does not. */
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import Value from 'typebox/value'

/** Where a value differs from its schema, and what was expected there. */
export interface Mismatch {
  readonly where: string
  readonly expected: string
}

/** Checks values against one schema; `undefined` when they fit. */
export type Check = (value: unknown) => Mismatch | undefined

/** Compiles a schema once, for many checks. */
export function compileCheck(schema: TSchema): Check {
  const compiled = Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return undefined
    return firstMismatch(compiled.Errors(value))
  }
}

/** The texts of an address or its query as the numbers and truth values that the schema wants, where they are such. */
export function fromTexts(schema: TSchema, value: unknown): unknown {
  return Value.Convert(schema, value)
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID in lower case',
  'date-time': 'a moment in ISO 8601, such as 2026-11-22T21:04:05Z',
}

interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function firstMismatch(faults: readonly object[]): Mismatch {
  const found = faults as readonly Fault[]
  // A member too many is told by its name, not by the schema `false` that it met.
  const fault = found.find(({ keyword }) => keyword !== 'boolean') ?? found[0]
  if (fault === undefined) return { where: '/', expected: 'a value that fits the schema' }
  return { where: fault.instancePath || '/', expected: toSentence(fault) }
}

function toSentence({ keyword, message, params }: Fault): string {
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    return `no member ${String(params.additionalProperties)}`
  }
  if (keyword === 'enum' && 'allowedValues' in params) {
    return `one of ${(params.allowedValues as readonly unknown[]).join(', ')}`
  }
  if (keyword === 'format' && 'format' in params) {
    return FORMATS[String(params.format)] ?? message
  }
  return message
}
