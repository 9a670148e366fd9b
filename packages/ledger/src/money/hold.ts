/**
 * Money reserved for a place and not yet paid.
 *
 *   hold ----> open ----> capture (whole or part; the rest is released)
 *                |------> release (by the place)
 *                `------> expiry  (at the opening of a block)
 */

import { assert } from '../assert.ts'
import { authorise, placeSubject } from '../authority.ts'
import { bearer, countCardUse, findBearer } from '../bearer.ts'
import type { Change, Context, Effects } from '../context.ts'
import { assetId, type CardId, type HoldId, holdId, placeId, tillId } from '../ids.ts'
import { DAY_MS } from '../limits.ts'
import type { LineAction, LineDraft } from '../line.ts'
import type { Hold } from '../records.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object, optional, timeMs } from '../shape.ts'
import type { StateReader } from '../state/reader.ts'
import { countTakings, saleParts } from './sale.ts'
import { countSpending } from './spending.ts'

/** A hold lives at most a week. */
export const HOLD_MAX_MS = 7 * DAY_MS

/** Reserves money of a card or a person for a place. Source: docs/spec/hold.md. */
export const holdAction = object({
  kind: literal('hold'),
  hold: holdId,
  from: bearer,
  to: placeId,
  asset: assetId,
  amount,
  expiresMs: timeMs,
  till: optional(tillId),
})
export type HoldAction = Of<typeof holdAction>

/** Ends a hold by paying from it; absent amount: all of it. */
export const captureAction = object({
  kind: literal('capture'),
  hold: holdId,
  amount: optional(amount),
})
export type Capture = Of<typeof captureAction>

/** Ends a hold without payment. */
export const releaseAction = object({ kind: literal('release'), hold: holdId })
export type Release = Of<typeof releaseAction>

/**
 * One HLD line; limits count now, not at the capture.
 *
 * Rejects with, in this order: id_taken, place_not_found, place_suspended, amount_must_be_positive,
 * hold_too_long, the bearer's refusals, not_authorised, limit_exceeded (key), those of `saleParts`,
 * limit_exceeded (card, wallet, place).
 */
export function hold(ctx: Context, action: HoldAction): Effects {
  const { hold: id, asset, amount, expiresMs, till } = action
  demand(ctx.state.get('hold', id) === undefined, () => ({ code: 'id_taken', id }))
  const place = openPlace(ctx, action.to)
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(expiresMs > ctx.timeMs && expiresMs <= ctx.timeMs + HOLD_MAX_MS, () => ({
    code: 'hold_too_long',
    hold: id,
    maxMs: HOLD_MAX_MS,
  }))
  const payer = findBearer(ctx, action.from)
  const right = payer.card
    ? ({ can: 'sell', on: placeSubject(action.to), amount, till } as const)
    : ({ can: 'spend', on: `wallet/${payer.wallet}`, amount } as const)
  const counters = authorise(ctx, right)
  const parts = [{ asset, amount }]
  const held = saleParts(ctx, { payer, place, placeId: action.to, parts, kind: 'hold' })
  const used = [...countCardUse(ctx, payer, held), ...countSpending(ctx, payer.wallet, held)]
  const taken = countTakings(ctx, action.to, held)
  const card = payer.card?.id
  const from = payer.wallet
  const record: Hold = { from, place: action.to, asset, amount, expiresMs, ...(card && { card }) }
  const opened: Change = { kind: 'hold', id, record }
  return {
    changes: [...counters, ...payer.changes, ...used, ...taken, opened],
    lines: [{ action: 'HLD', asset, from, to: place.wallet, amount, card }],
  }
}

/** REL of the whole, then SAL of what is captured. Rejects with: hold_not_found, not_authorised, hold_expired, capture_too_large, amount_must_be_positive. */
export function capture(ctx: Context, action: Capture): Effects {
  const open = findHold(ctx, action.hold)
  const changes = authorise(ctx, { can: 'sell', on: placeSubject(open.place) })
  demand(ctx.timeMs < open.expiresMs, () => ({
    code: 'hold_expired',
    hold: action.hold,
    expiredMs: open.expiresMs,
  }))
  const amount = action.amount ?? open.amount
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(amount <= open.amount, () => ({
    code: 'capture_too_large',
    hold: action.hold,
    left: open.amount,
  }))
  const ended = end(ctx.state, { id: action.hold, open, action: 'REL' })
  const [released] = ended.lines
  return {
    changes: [...changes, ended.change],
    lines: [...ended.lines, { ...released, action: 'SAL', amount }],
  }
}

/** One REL line. Rejects with: hold_not_found, not_authorised. */
export function release(ctx: Context, action: Release): Effects {
  const open = findHold(ctx, action.hold)
  const changes = authorise(ctx, { can: 'sell', on: placeSubject(open.place) })
  const ended = end(ctx.state, { id: action.hold, open, action: 'REL' })
  return { changes: [...changes, ended.change], lines: ended.lines }
}

/** The system entry of a hold whose time is over: one EXP line. */
export function holdExpiry(state: StateReader, id: HoldId): Effects {
  const open = state.get('hold', id)
  assert(open !== undefined, 'a due hold is open')
  const ended = end(state, { id, open, action: 'EXP' })
  return { changes: [ended.change], lines: ended.lines }
}

function findHold(ctx: Context, id: HoldId): Hold {
  return ctx.state.get('hold', id) ?? refuse({ code: 'hold_not_found', hold: id })
}

interface Ended {
  readonly change: Change
  readonly lines: readonly [LineDraft]
}

function end(
  state: StateReader,
  { id, open, action }: { id: HoldId; open: Hold; action: LineAction },
): Ended {
  const place = state.get('place', open.place)
  assert(place !== undefined, 'a hold has a place')
  const { from, asset, amount } = open
  const card = open.card as CardId | undefined
  return {
    change: { kind: 'hold', id, record: undefined },
    lines: [{ action, asset, from, to: place.wallet, amount, card }],
  }
}
