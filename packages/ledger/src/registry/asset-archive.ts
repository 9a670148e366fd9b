import { authorise, placeSubject } from '../authority.ts'
import { endDividend } from '../commons/membership.ts'
import type { Context, Effects } from '../context.ts'
import { assetId } from '../ids.ts'
import { refuse } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { findAsset } from './asset.ts'

/** No more sales, refills or sharing; what is held can still be refunded, deposited and fused. Source: docs/spec/assets.md. */
export const assetArchiveAction = object({ kind: literal('asset-archive'), asset: assetId })
export type AssetArchive = Of<typeof assetArchiveAction>

/**
 * Archiving twice changes nothing. FED is never archived.
 *
 * Rejects with, in this order: asset_not_found, kind_refuses_action, not_authorised.
 */
export function assetArchive(ctx: Context, { asset: id }: AssetArchive): Effects {
  const asset = findAsset(ctx, id)
  const { kind, issuer } = asset
  if (issuer === undefined) {
    return refuse({ code: 'kind_refuses_action', asset: id, kind, action: 'asset-archive' })
  }
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(issuer) })
  const archived = { kind: 'asset', id, record: { ...asset, archived: true } } as const
  return { changes: [...counters, ...endDividend(ctx, id), archived] }
}
