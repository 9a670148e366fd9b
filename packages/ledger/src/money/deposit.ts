import { authorise, isAuthorised, placeSubject } from '../authority.ts'
import { demandAvailable } from '../bearer.ts'
import { type Context, type Effects, params } from '../context.ts'
import { assetId, placeId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { demandKind, findAsset } from '../registry/asset.ts'
import { findPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'
import { evidence, payOut } from './evidence.ts'

/** A place hands money in: local money leaves circulation, FED too once its euros were paid. Source: docs/spec/deposit.md. */
export const depositAction = object({
  kind: literal('deposit'),
  place: placeId,
  asset: assetId,
  amount,
  /** The payment to the place, for FED only. */
  evidence: optional(evidence),
})
export type Deposit = Of<typeof depositAction>

/**
 * One BNK line from the place to the keeper, which burns; with FED also one in EUR from the reserve account.
 * Archived assets and suspended places too.
 *
 * Rejects with, in this order: place_not_found, asset_not_found, kind_refuses_action, amount_must_be_positive,
 * not_authorised, limit_exceeded, insufficient_balance, then for FED those of the evidence.
 */
export function deposit(ctx: Context, action: Deposit): Effects {
  const { asset: id, amount } = action
  const place = findPlace(ctx, action.place)
  const asset = findAsset(ctx, id)
  demandKind(id, asset, 'deposit')
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  const { keeper } = params(ctx.state)
  const line: LineDraft = { action: 'BNK', asset: id, from: place.wallet, to: keeper, amount }
  if (asset.kind === 'FED') {
    const counters = authorise(ctx, { can: 'issue', on: 'network', amount })
    demandAvailable(ctx, { wallet: place.wallet, asset: id, amount })
    const paid = payOut(ctx, action)
    return { changes: [...counters, ...paid.changes], lines: [line, ...paid.lines] }
  }
  const counters = authoriseLocal(ctx, action, asset.issuer)
  demandAvailable(ctx, { wallet: place.wallet, asset: id, amount })
  return { changes: counters, lines: [line] }
}

/** The holder may hand in its own balance, and the issuer what others hold of its asset. */
function authoriseLocal(
  ctx: Context,
  { place, amount }: Deposit,
  issuer: Deposit['place'] | undefined,
) {
  const asHolder = { can: 'spend', on: placeSubject(place), amount } as const
  if (issuer === undefined || isAuthorised(ctx, asHolder)) return authorise(ctx, asHolder)
  return authorise(ctx, { can: 'issue', on: placeSubject(issuer), amount })
}
