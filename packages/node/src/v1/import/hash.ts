/** The hash that v1 gave a line, computed again. It covers neither the id of the line nor the address it came from. */
import { hash } from 'node:crypto'
import { isList, isMap, type Json, PythonFloat, parseJson, printPython } from '../codec/json.ts'
import { toUuid, type V1Line } from './rows.ts'

/** What the hash covers beside the line itself. */
export interface HashedBeside {
  /** The hash of the line before it, as stored. */
  readonly previousHash: string
  /** What Stripe calls the checkout of the line. */
  readonly stripeId: string | undefined
}

/** 64 hex digits. Throws JsonError when the metadata is not JSON. */
export function v1Hash(line: V1Line, beside: HashedBeside): string {
  return hash('sha256', v1HashedText(line, beside))
}

/** What is hashed: Python's JSON text with its keys sorted, as they stand here. */
export function v1HashedText(line: V1Line, { previousHash, stripeId }: HashedBeside): string {
  return printPython({
    action: line.action,
    amount: String(line.amount),
    asset: toUuid(line.asset),
    card: orNull(line.card, toUuid),
    checkoupt_stripe: stripeId ?? 'None',
    comment: line.comment ?? 'None',
    datetime: toIso(line.at),
    last_check: orNull(line.checkedAt, toIso),
    metadata: line.metadata === undefined ? 'None' : toPythonText(parseJson(line.metadata)),
    previous_asset_transaction_hash: previousHash,
    previous_asset_transaction_uuid: toUuid(line.previous),
    primary_card: orNull(line.primary, toUuid),
    receiver: toUuid(line.to),
    sender: toUuid(line.from),
    subscription_first_datetime: orNull(line.subscriptionFirst, toIso),
    subscription_start_datetime: orNull(line.subscriptionStart, toIso),
    subscription_type: line.subscriptionType,
  })
}

function orNull(value: string | undefined, print: (value: string) => string): string | null {
  return value === undefined ? null : print(value)
}

/** Python's ISO form of a moment that is stored as UTC text. */
function toIso(moment: string): string {
  const [time = '', fraction = ''] = moment.replace(' ', 'T').split('.')
  const digits = fraction.padEnd(6, '0')
  return `${time}${digits === '000000' ? '' : `.${digits}`}+00:00`
}

/** As Python's `str` shows a value: a text is itself, the rest is written as in a program. */
export function toPythonText(value: Json): string {
  return typeof value === 'string' ? value : toLiteral(value)
}

function toLiteral(value: Json): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quote(value)
  if (value instanceof PythonFloat) return printPython(value)
  if (isList(value)) return `[${value.map(toLiteral).join(', ')}]`
  if (isMap(value)) {
    const members = [...value].map(([name, member]) => `${quote(name)}: ${toLiteral(member)}`)
    return `{${members.join(', ')}}`
  }
  return String(value)
}

const NOT_PRINTABLE = /\\|(?! )[\p{C}\p{Z}]/gu
const SHORT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const shown = text.replace(NOT_PRINTABLE, (character) => SHORT[character] ?? toEscape(character))
  return `${mark}${mark === "'" ? shown.replaceAll("'", "\\'") : shown}${mark}`
}

function toEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const digits = code.toString(16)
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}
