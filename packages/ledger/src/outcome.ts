/** What became of a tx that reached the order. It exists at the fsync, so no root is in it. */
import { assert } from './assert.ts'
import { encode, type Json } from './codec.ts'
import type { Line } from './line.ts'
import { REJECTION_NUMBER, type Rejection, type RejectionCode } from './rejection.ts'

interface Position {
  readonly height: number
  /** Position in the block: system entries, txs and void bytes count alike. */
  readonly index: number
  /** Time of the block. */
  readonly timeUs: number
}

export interface Applied extends Position {
  readonly status: 'applied'
  readonly lines: readonly Line[]
}

export interface Rejected extends Position {
  readonly status: 'rejected'
  /** The action, from 0, that was refused; none of the others took effect. */
  readonly action: number
  readonly rejection: Rejection
}

/** Final: a tx is decided once. */
export type Outcome = Applied | Rejected

/**
 * The canonical JSON of an outcome: `{height, index, timeUs, code, lines:[hash…]}` when applied (code 0),
 * `{height, index, timeUs, code, action, with}` when rejected.
 *
 * Source: docs/spec/tx.md, "Outcome".
 */
export function encodeOutcome(outcome: Outcome): string {
  const { height, index, timeUs } = outcome
  const position = { height, index, timeUs }
  if (outcome.status === 'applied') {
    // Canonical JSON by hand, as for lines: each payment has one, and all in it is an integer or a hash.
    const hashes = outcome.lines.map((line) => `"${line.hash}"`).join(',')
    return `{"code":0,"height":${height},"index":${index},"lines":[${hashes}],"timeUs":${timeUs}}`
  }
  const { code, ...rest } = outcome.rejection
  const number = REJECTION_NUMBER[code]
  return encode({ ...position, code: number, action: outcome.action, with: rest as Json })
}

const CODE_OF_NUMBER = new Map(
  Object.entries(REJECTION_NUMBER).map(([code, number]) => [number, code as RejectionCode]),
)

/** The rejection of a number, or `undefined` when no rejection has it. */
export function rejectionOfNumber(number: number): RejectionCode | undefined {
  return CODE_OF_NUMBER.get(number)
}

/** Members of rejections that are amounts. */
const AMOUNTS: readonly string[] = ['missing', 'left', 'most', 'least']

/** Reads back the outcome of a rejected tx, which the book keeps as `encodeOutcome` wrote it. */
export function decodeRejected(json: string): Rejected {
  const { height, index, timeUs, code, action, with: detail } = JSON.parse(json)
  const members = Object.entries(detail as object).map(([name, value]) => [
    name,
    AMOUNTS.includes(name) ? BigInt(value) : value,
  ])
  const name = CODE_OF_NUMBER.get(code)
  assert(name !== undefined, `${code} is the number of a rejection`)
  const rejection = { code: name, ...Object.fromEntries(members) } as Rejection
  return { status: 'rejected', height, index, timeUs, action, rejection }
}

/** Why bytes in a block are void, or are refused before the order: no effect, no id used, no leaf. */
export type VoidCode =
  | 'malformed'
  | 'wrong_chain'
  | 'unknown_key'
  | 'bad_signature'
  | 'expired'
  | 'not_after_too_far'
  | 'id_used'

/** Numbers of void bytes in blocks, apart from those of rejections. Append only. */
export const VOID_NUMBER: Readonly<Record<VoidCode, number>> = {
  malformed: 1001,
  wrong_chain: 1002,
  unknown_key: 1003,
  bad_signature: 1004,
  expired: 1005,
  not_after_too_far: 1006,
  id_used: 1007,
}
