/**
 * Members of free money: who makes it, a dividend at a time.
 *
 *   member-admit ----> member ----> dividend (as often as one likes: everything due since the last one)
 *                         `-------> member-leave (what is due is paid; may be admitted again)
 */
import { assert } from '../assert.ts'
import { authorise, isAuthorised, placeSubject } from '../authority.ts'
import { findBearer } from '../bearer.ts'
import type { Change, Context, Effects } from '../context.ts'
import { type AssetId, assetId, type PlaceId, placeId, type WalletId, walletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import type { Member } from '../records.ts'
import {
  demandAccepted,
  demandKind,
  findAsset,
  type KindAction,
  liveAsset,
} from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { advance, type Dividend, newDividend } from './dividend.ts'
import { type AskedDividend, toDividendStart } from './dividend-terms.ts'

/** A place vouches that a person is one, and once. Source: docs/spec/dividend.md. */
export const memberAdmitAction = object({
  kind: literal('member-admit'),
  asset: assetId,
  place: placeId,
  wallet: walletId,
})
export type MemberAdmit = Of<typeof memberAdmitAction>

/** A person ends their membership, or the place that admitted them does. */
export const memberLeaveAction = object({
  kind: literal('member-leave'),
  asset: assetId,
  wallet: walletId,
})
export type MemberLeave = Of<typeof memberLeaveAction>

/** A member takes the dividends that are due. */
export const dividendAction = object({
  kind: literal('dividend'),
  asset: assetId,
  wallet: walletId,
})
export type DividendClaim = Of<typeof dividendAction>

/**
 * No line: from the next dividend on the wallet is one of those who make it.
 *
 * Rejects with, in this order: asset_not_found, asset_archived, kind_refuses_action, place_not_found, place_suspended,
 * not_authorised, asset_not_accepted, wallet_not_found, wallet_kind_refused, already_admitted.
 */
export function memberAdmit(ctx: Context, action: MemberAdmit): Effects {
  const { asset: id, place: placeId, wallet } = action
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, 'member-admit')
  const place = openPlace(ctx, placeId)
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(placeId) })
  demandAccepted({ id, asset }, { id: placeId, record: place })
  findBearer(ctx, { wallet })
  const isMember = ctx.state.get('member', memberId(action)) !== undefined
  demand(!isMember, () => ({ code: 'already_admitted', asset: id, wallet }))
  const now = dividendNow(ctx, id)
  const record: Member = { place: placeId, sinceMs: ctx.timeMs, sum: now.sum }
  return {
    changes: [
      ...counters,
      { kind: 'dividend', id, record: { ...now, members: now.members + 1 } },
      { kind: 'member', id: memberId(action), record },
    ],
  }
}

/**
 * One DVD line of all that is due, or none when nothing is.
 *
 * Rejects with, in this order: asset_not_found, kind_refuses_action, not_admitted, then, unless the key may spend from
 * the wallet: place_not_found, place_suspended, not_authorised (of the place that admitted it).
 */
export function memberLeave(ctx: Context, action: MemberLeave): Effects {
  const { asset: id, wallet } = action
  const member = findMember(ctx, action, 'member-leave')
  const isOwn = isAuthorised(ctx, { can: 'spend', on: `wallet/${wallet}` })
  const counters = isOwn ? [] : authoriseOfPlace(ctx, member.place)
  const now = dividendNow(ctx, id)
  return {
    changes: [
      ...counters,
      { kind: 'dividend', id, record: { ...now, members: now.members - 1 } },
      { kind: 'member', id: memberId(action), record: undefined },
    ],
    lines: payment(action, now.sum - member.sum),
    ...(isOwn && { active: [wallet] }),
  }
}

/**
 * One DVD line: every dividend since the last claim, each at its own value.
 *
 * Rejects with, in this order: asset_not_found, kind_refuses_action, not_admitted, not_authorised, nothing_due.
 */
export function claimDividend(ctx: Context, action: DividendClaim): Effects {
  const { asset: id, wallet } = action
  const member = findMember(ctx, action, 'dividend')
  const counters = authorise(ctx, { can: 'spend', on: `wallet/${wallet}` })
  const now = dividendNow(ctx, id)
  const lines = payment(action, now.sum - member.sum)
  demand(lines.length > 0, () => {
    const { nextMs, endedMs } = now
    return { code: 'nothing_due', asset: id, wallet, ...(endedMs === undefined && { nextMs }) }
  })
  return {
    changes: [
      ...counters,
      ...(now === storedDividend(ctx, id) ? [] : [dividendChange(id, now)]),
      { kind: 'member', id: memberId(action), record: { ...member, sum: now.sum } },
    ],
    lines,
    active: [wallet],
  }
}

/** The series of a new asset. Rejects with: dividend_refused (`dividend`: free money has terms, no other kind has). */
export function startDividend(
  ctx: Context,
  { id, kind, asked }: { id: AssetId; kind: string; asked: AskedDividend | undefined },
): readonly Change[] {
  demand((kind === 'LIB') === (asked !== undefined), () => ({
    code: 'dividend_refused',
    member: 'dividend',
  }))
  if (asked === undefined) return []
  return [dividendChange(id, newDividend(toDividendStart(asked, ctx.timeMs)))]
}

/** The end of the series of an asset that is archived: what is due until now can still be claimed. */
export function endDividend(ctx: Context, id: AssetId): readonly Change[] {
  const before = storedDividend(ctx, id)
  if (before === undefined || before.endedMs !== undefined) return []
  return [dividendChange(id, { ...advance(before, ctx.timeMs), endedMs: ctx.timeMs })]
}

/** The id of the record of a membership. */
export function memberId({ asset, wallet }: { asset: AssetId; wallet: WalletId }): string {
  return `${wallet}/${asset}`
}

function storedDividend({ state }: Context, id: AssetId): Dividend | undefined {
  return state.get('dividend', id)
}

/** The series as of block time. */
function dividendNow(ctx: Context, id: AssetId): Dividend {
  const stored = storedDividend(ctx, id)
  assert(stored !== undefined, 'free money has a dividend')
  return advance(stored, ctx.timeMs)
}

function dividendChange(id: AssetId, record: Dividend): Change {
  return { kind: 'dividend', id, record }
}

/** Rejects with: asset_not_found, kind_refuses_action, not_admitted. */
function findMember(
  ctx: Context,
  { asset: id, wallet }: { asset: AssetId; wallet: WalletId },
  action: KindAction,
): Member {
  demandKind(id, findAsset(ctx, id), action)
  const member = ctx.state.get('member', memberId({ asset: id, wallet }))
  return member ?? refuse({ code: 'not_admitted', asset: id, wallet })
}

function authoriseOfPlace(ctx: Context, place: PlaceId): readonly Change[] {
  openPlace(ctx, place)
  return authorise(ctx, { can: 'assets', on: placeSubject(place) })
}

/** Members make their money themselves: sender and receiver are the same. */
function payment(
  { asset, wallet }: { asset: AssetId; wallet: WalletId },
  due: bigint,
): readonly LineDraft[] {
  if (due === 0n) return []
  return [{ action: 'DVD', asset, from: wallet, to: wallet, amount: due as LineDraft['amount'] }]
}
