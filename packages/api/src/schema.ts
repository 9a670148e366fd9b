/** The pieces that every schema of the contract is made of. */
import type { Id } from '@fedow/ledger'
import Type, { type Static, type TSchema } from 'typebox'

export type { Static, TSchema }

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'

/** The largest amount that JSON keeps exact, in minor units: 2^53 - 1. */
export const AMOUNT_JSON_MAX = Number.MAX_SAFE_INTEGER

/** An id of the book: a UUID in lower case. The pattern is the parser, so nobody casts. */
export function idText<T extends Id<string>>(description: string) {
  return Type.Unsafe<T>(Type.String({ format: 'uuid', pattern: UUID, description }))
}

/** An object with these members and no other. */
export function closed<const P extends Record<string, TSchema>>(members: P, options: object = {}) {
  return Type.Object(members, { additionalProperties: false, ...options })
}

/** One of these texts. */
export function oneOf<const T extends string>(values: readonly T[], description?: string) {
  return Type.Unsafe<T>({ type: 'string', enum: values, ...(description && { description }) })
}

/** A schema by its name in the OpenAPI document, so that it is written there once. */
export function ref<S extends TSchema & { readonly $id: string }>(schema: S) {
  return Type.Unsafe<Static<S>>({ $ref: `${schema.$id}#` })
}

/** The text of a file of this schema: its checks and signatures cover bytes, so nobody writes it anew. */
export function fileOf(schema: TSchema) {
  return Type.Unsafe<string>(schema)
}

/** Gives a schema its name in the OpenAPI document. */
export function named<S extends TSchema, const N extends string>(name: N, schema: S) {
  return { ...schema, $id: name } as S & { readonly $id: N }
}

/** Whole minor units from 1: what a payment asks for. */
export const PositiveAmount = Type.Integer({
  minimum: 1,
  maximum: AMOUNT_JSON_MAX,
  description: 'Whole minor units (cents, hundredths of an hour), at least 1.',
})

/** Whole minor units from 0. */
export const AmountText = Type.Integer({
  minimum: 0,
  maximum: AMOUNT_JSON_MAX,
  description: 'Whole minor units (cents, hundredths of an hour).',
})

/** Minor units of either sign, as totals have them. */
export const SignedAmount = Type.Integer({
  minimum: -AMOUNT_JSON_MAX,
  maximum: AMOUNT_JSON_MAX,
  description: 'Whole minor units.',
})

/** A number of things or a position, from 0. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** A moment for people: ISO 8601. */
export const Time = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'ISO 8601, such as 2026-11-22T21:04:05Z.',
})

/** SHA-256 in lower-case hexadecimal. */
export const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256, lower-case hex.',
})

/** SHA-256 as proofs write it. */
export const Hash64 = Type.String({
  pattern: '^[A-Za-z0-9+/]{43}=$',
  description: 'Base64 of 32 bytes.',
})

/** The checkpoint that a proof ends in. */
export const NoteText = Type.String({
  description: 'The signed note of a sealed block, with the co-signatures of witnesses.',
})

/** What shows damage of a proof where no signature would. */
export const FileCheck = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: 'First 8 bytes of the hash of the file without this member.',
})

/** An e-mail address, as far as its form tells. */
export const EmailText = Type.String({
  maxLength: 254,
  pattern: '^[^@\\s\\p{Cc}\\p{Cs}]{1,64}@[^@\\s\\p{Cc}\\p{Cs}]+\\.[^@\\s.\\p{Cc}\\p{Cs}]+$',
  description: 'An e-mail address.',
})

/** A name as people write it: no control character, no space at either end. */
export function nameText(maxLength: number) {
  const pattern = '^(?! )[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]+(?<! )$'
  return Type.String({ minLength: 1, maxLength, pattern })
}

/** Most rows of one page. */
export const PAGE_MAX = 200
/** Rows of a page when nobody says how many. */
export const PAGE_USUAL = 50

const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: PAGE_MAX, description: `Rows, ${PAGE_USUAL} when absent.` }),
)

/** A page of things by id, in the order of their ids. */
export const IdPageQuery = closed({
  after: Type.Optional(
    Type.String({ maxLength: 36, description: 'The `next` of the page before.' }),
  ),
  limit,
})

/** A page of lines, from the newest to the oldest. */
export const LinePageQuery = {
  cursor: Type.Optional(
    Type.String({ maxLength: 12_000, description: 'The `next` of the page before.' }),
  ),
  limit,
}

/** A page of blocks, from the newest to the oldest. */
export const SeqPageQuery = {
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The `next` of the page before: rows below this number.',
    }),
  ),
  limit,
}
