/**
 * The three ids of a card: QR code, printed number, NFC tag id. A text is accepted when it breaks no rule:
 * the same rules name the faults of a card file and normalise what people and tills ask for.
 *
 * @module
 */
import type { CardColumn, CardFaultCode, CardNoteCode } from './card-fault.ts'

/** What may be wrong with a text. */
export type Rule = { readonly code: CardFaultCode; readonly isBroken: (text: string) => boolean }
/** What no two cards of a file may share. */
export type Unique = { readonly code: CardFaultCode; readonly key: (value: string) => string }
/** What is unusual in a text that is accepted. */
type Remark = {
  readonly code: CardNoteCode
  readonly isTrue: (text: string, value: string) => boolean
}
/** How one column of a card file is read. */
export type Column = {
  readonly name: CardColumn
  readonly rules: readonly Rule[]
  readonly canonical: (text: string) => string
  readonly remarks: readonly Remark[]
  readonly uniques: readonly Unique[]
}

/** With a path: a UUID that is the host names no card. */
const HTTP_ADDRESS = /^https?:\/\/[^/?#]+\/+[^/?#]/i
const ASCII_PRINTED = /^[!-~]*$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const QR_RULES: readonly Rule[] = [
  {
    code: 'address_not_http',
    isBroken: (text) => !isBare(text) && !HTTP_ADDRESS.test(text),
  },
  {
    code: 'address_not_plain',
    isBroken: (text) => !ASCII_PRINTED.test(text) && /\s|\p{C}/u.test(text),
  },
  { code: 'not_a_uuid', isBroken: (text) => !UUID.test(lastSegment(text)) },
]
const NOT_HEX: Rule = { code: 'not_hex', isBroken: (text) => !/^[0-9a-f]*$/i.test(digits(text)) }
const NUMBER_RULES: readonly Rule[] = [
  NOT_HEX,
  { code: 'wrong_number_length', isBroken: (text) => digits(text).length !== 8 },
]
const TAG_RULES: readonly Rule[] = [
  NOT_HEX,
  { code: 'wrong_tag_length', isBroken: (text) => ![8, 14, 20].includes(digits(text).length) },
]
export const EMPTY: Rule = { code: 'empty_column', isBroken: (text) => text === '' }
const BLANK = /^(?:0+|f+)$/i
const BLANK_QR: Rule = {
  code: 'blank_id',
  isBroken: (text) => BLANK.test(digits(lastSegment(text))),
}
const BLANK_TAG: Rule = { code: 'blank_id', isBroken: (text) => BLANK.test(digits(text)) }

const HEX_REMARKS: readonly Remark[] = [
  { code: 'lower_case', isTrue: (text) => /[a-f]/.test(text) },
  { code: 'digit_separators', isTrue: (text, value) => text.length !== value.length },
]

export const QR: Column = {
  name: 'qr',
  rules: [...QR_RULES, BLANK_QR],
  canonical: toQr,
  remarks: [
    { code: 'upper_case_uuid', isTrue: (text, value) => !text.includes(value) },
    { code: 'bare_uuid', isTrue: isBare },
  ],
  uniques: [{ code: 'duplicate', key: (qr) => qr }],
}
export const NUMBER: Column = {
  name: 'number',
  rules: NUMBER_RULES,
  canonical: toHex,
  remarks: HEX_REMARKS,
  uniques: [{ code: 'duplicate', key: (number) => number }],
}
export const TAG: Column = {
  name: 'tag',
  rules: [...TAG_RULES, BLANK_TAG],
  canonical: toHex,
  remarks: HEX_REMARKS,
  uniques: [
    { code: 'duplicate', key: (tag) => tag },
    { code: 'same_first_digits', key: v1Tag },
  ],
}

/** A tag id in upper case, from digits of any case with spaces, colons, hyphens or nothing between them. */
export function normaliseTag(text: string): string | undefined {
  return normalise(TAG_RULES, toHex, text)
}

/** A printed number in upper case, from the same forms. */
export function normaliseNumber(text: string): string | undefined {
  return normalise(NUMBER_RULES, toHex, text)
}

/** The lower case UUID of a QR code, from an http address that ends in it, or from the UUID alone. */
export function normaliseQr(text: string): string | undefined {
  return normalise(QR_RULES, toQr, text)
}

/** What v1 knows of a tag id: its first 8 digits. */
export function v1Tag(tag: string): string {
  return tag.slice(0, 8)
}

function normalise(
  rules: readonly Rule[],
  canonical: (text: string) => string,
  text: string,
): string | undefined {
  const bare = text.trim()
  return rules.some((rule) => rule.isBroken(bare)) ? undefined : canonical(bare)
}

function toHex(text: string): string {
  return digits(text).toUpperCase()
}

function digits(text: string): string {
  return text.replace(/[\s:-]/g, '')
}

function toQr(text: string): string {
  return lastSegment(text).toLowerCase()
}

/** A UUID without an address around it. */
export function isBare(text: string): boolean {
  return !text.includes('/')
}

/** What stands after the last slash, a slash at the end and what follows the path not counted. */
function lastSegment(text: string): string {
  const path = text.slice(0, text.search(/\/?(?:[?#]|$)/))
  return path.slice(path.lastIndexOf('/') + 1)
}
