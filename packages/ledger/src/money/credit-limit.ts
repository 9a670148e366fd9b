import { ZERO } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { assetId, walletId } from '../ids.ts'
import { demandKind, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object } from '../shape.ts'

/** The place that looks after a mutual credit says how far below zero somebody may go. Source: docs/spec/mutual-credit.md. */
export const creditLimitAction = object({
  kind: literal('credit-limit'),
  asset: assetId,
  /** Of a person or a place. */
  wallet: walletId,
  limit: amount,
})
export type CreditLimit = Of<typeof creditLimitAction>

/**
 * Replaces the granted limit. One that is lower than a debt stops payments until the account is back within it, and
 * takes nothing.
 *
 * Rejects with, in this order: asset_not_found, asset_archived, kind_refuses_action, place_suspended (the issuer),
 * not_authorised, wallet_not_found, wallet_kind_refused.
 */
export function grantCredit(
  ctx: Context,
  { asset: id, wallet, limit }: Omit<CreditLimit, 'kind'>,
): Effects {
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, 'credit-limit')
  const issuer = asset.issuer ?? refuse({ code: 'asset_not_found', asset: id })
  openPlace(ctx, issuer)
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(issuer) })
  const { kind } = ctx.state.get('wallet', wallet) ?? refuse({ code: 'wallet_not_found', wallet })
  demand(kind === 'person' || kind === 'place', () => ({
    code: 'wallet_kind_refused',
    wallet,
    kind,
  }))
  const account = `${wallet}/${id}`
  const { earned } = ctx.state.get('credit', account) ?? { earned: ZERO }
  return { changes: [...counters, { kind: 'credit', id: account, record: { limit, earned } }] }
}
