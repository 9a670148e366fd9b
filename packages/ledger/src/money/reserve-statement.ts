import { authorise } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { hex32 } from '../ids.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object, signedAmount, timeMs } from '../shape.ts'
import { euros, findReserve, reserveName } from './reserve.ts'

/** A second person says what an account of the reserve has. Source: docs/spec/reserve.md, "Attestation". */
export const reserveStatementAction = object({
  kind: literal('reserve-statement'),
  account: reserveName,
  /** Cents; a provider's account may be below zero. */
  balance: signedAmount,
  /** The moment of the balance. */
  atMs: timeMs,
  /** SHA-256 of the statement that shows it. */
  reference: hex32,
})
export type ReserveStatement = Of<typeof reserveStatementAction>

/**
 * A record without a line: beside the balance, what the book has there now.
 *
 * Rejects with, in this order: not_authorised, reserve_account_not_found, statement_time_refused.
 */
export function reserveStatement(ctx: Context, action: ReserveStatement): Effects {
  const { account, balance, atMs, reference } = action
  const counters = authorise(ctx, { can: 'attest', on: 'network' })
  const wallet = findReserve(ctx, account)
  const afterMs = ctx.state.get('statement', account)?.atMs ?? 0
  demand(atMs > afterMs && atMs <= ctx.timeMs, () => ({
    code: 'statement_time_refused',
    account,
    afterMs,
    untilMs: ctx.timeMs,
  }))
  const book = euros(ctx.state, wallet)
  const record = { balance, book, atMs, reference, postedMs: ctx.timeMs }
  return { changes: [...counters, { kind: 'statement', id: account, record }] }
}
