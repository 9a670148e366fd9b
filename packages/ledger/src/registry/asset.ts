import { params, type SystemContext } from '../context.ts'
import type { AssetId, PlaceId } from '../ids.ts'
import { type Asset, type AssetKind, ONLY, type Place } from '../records.ts'
import { demand, refuse } from '../rejection.ts'
import type { StateReader } from '../state/reader.ts'
import type { Policy } from './policy.ts'

/** Actions whose permission depends on the kind of asset. */
export type KindAction =
  | 'issue'
  | 'refill'
  | 'sale'
  | 'qr-sale'
  | 'transfer'
  | 'refund'
  | 'deposit'
  | 'hold'
  | 'subscribe'
  | 'badge'
  | 'member-admit'
  | 'member-leave'
  | 'dividend'
  | 'credit-limit'
  | 'exchange'

/** Which actions each kind of asset allows: the table of docs/spec/assets.md. */
export const KIND_ALLOWS: Readonly<Record<AssetKind | 'EUR', readonly KindAction[]>> = {
  FED: ['issue', 'sale', 'qr-sale', 'transfer', 'refund', 'deposit', 'hold', 'exchange'],
  TLF: ['refill', 'sale', 'qr-sale', 'transfer', 'refund', 'deposit', 'hold', 'exchange'],
  TNF: ['refill', 'sale', 'qr-sale', 'refund', 'deposit', 'hold', 'exchange'],
  TIM: ['refill', 'sale', 'qr-sale', 'transfer', 'deposit', 'hold', 'exchange'],
  FID: ['refill', 'sale', 'qr-sale', 'deposit', 'hold', 'exchange'],
  BDG: ['badge'],
  SUB: ['subscribe'],
  MVO: ['refill', 'sale', 'qr-sale', 'deposit', 'hold', 'exchange'],
  LIB: [
    ...(['sale', 'qr-sale', 'transfer', 'hold', 'exchange'] as const),
    ...(['member-admit', 'member-leave', 'dividend'] as const),
  ],
  MUT: ['sale', 'qr-sale', 'transfer', 'credit-limit', 'exchange'],
  EUR: [],
}

/** The asset of this id. The reserve's EUR is not one that an action can name. Rejects with: asset_not_found. */
export function findAsset(ctx: SystemContext, id: AssetId): Asset {
  const asset = ctx.state.get('asset', id)
  if (asset === undefined || asset.kind === 'EUR') refuse({ code: 'asset_not_found', asset: id })
  return asset
}

/** An asset that is not archived. Rejects with: asset_not_found, asset_archived. */
export function liveAsset(ctx: SystemContext, id: AssetId): Asset {
  const asset = findAsset(ctx, id)
  demand(!asset.archived, () => ({ code: 'asset_archived', asset: id }))
  return asset
}

/** Rejects with: kind_refuses_action. */
export function demandKind(id: AssetId, { kind }: Asset, action: KindAction): void {
  demand(KIND_ALLOWS[kind].includes(action), () => ({
    code: 'kind_refuses_action',
    asset: id,
    kind,
    action,
  }))
}

/**
 * Accepted by a place: its own assets, FED, and live assets shared in any federation it belongs to.
 *
 * Source: docs/spec/federations.md.
 */
export function isAccepted(
  asset: Asset,
  place: { readonly id: PlaceId; readonly record: Place },
): boolean {
  if (asset.archived) return false
  if (asset.kind === 'FED' || asset.issuer === place.id) return true
  return asset.sharedIn.some((federation) => place.record.federations.includes(federation))
}

/** Rejects with: asset_not_accepted. */
export function demandAccepted(
  { id, asset }: { readonly id: AssetId; readonly asset: Asset },
  place: { readonly id: PlaceId; readonly record: Place },
): void {
  demand(isAccepted(asset, place), () => ({
    code: 'asset_not_accepted',
    asset: id,
    place: place.id,
  }))
}

/** Every asset that a place accepts, own ones first. */
export function acceptedAssets(
  state: StateReader,
  place: { readonly id: PlaceId; readonly record: Place },
): readonly AssetId[] {
  const own = state.get('wallet', place.record.wallet)?.assets ?? []
  const shared = place.record.federations.flatMap(
    (federation) => state.get('federation', federation)?.assets ?? [],
  )
  const fed = state.get('params', ONLY)?.fed
  const candidates = new Set([...own, ...shared, ...(fed === undefined ? [] : [fed])])
  return [...candidates].filter((id) => {
    const asset = state.get('asset', id)
    return asset !== undefined && isAccepted(asset, place)
  })
}

/** The version of an asset's policy that rules at a time: the last one that has begun. */
export function policyAt(asset: Asset, timeMs: number): Policy {
  const begun = asset.policies.findLast((policy) => policy.fromMs <= timeMs)
  return begun ?? (asset.policies[0] as Policy)
}

/** Rejects with: asset_not_spendable_here, when the policy names other places. */
export function demandSpendableAt(
  ctx: SystemContext,
  { id, asset }: { readonly id: AssetId; readonly asset: Asset },
  place: PlaceId,
): void {
  const { spendAt } = policyAt(asset, ctx.timeMs)
  demand('accepted' in spendAt || spendAt.only.includes(place), () => ({
    code: 'asset_not_spendable_here',
    asset: id,
    place,
  }))
}

/** True for the network's euro. */
export function isFed(ctx: SystemContext, id: AssetId): boolean {
  return params(ctx.state).fed === id
}
