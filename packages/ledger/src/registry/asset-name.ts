import { type Context, params } from '../context.ts'
import type { AssetId, PlaceId } from '../ids.ts'
import type { Place } from '../records.ts'
import { demand } from '../rejection.ts'

/**
 * Demands that no asset which one of these places accepts has this name: at a till two moneys are told apart by name.
 * Rejects with: name_taken.
 */
export function demandFreeName(
  ctx: Context,
  name: string,
  places: readonly { readonly id: PlaceId; readonly record: Place }[],
  except?: AssetId,
): void {
  const federations = new Set(places.flatMap(({ record }) => record.federations))
  const seen = new Set<AssetId>([params(ctx.state).fed])
  for (const id of federations) {
    for (const asset of ctx.state.get('federation', id)?.assets ?? []) seen.add(asset)
  }
  for (const { id, record } of places) {
    for (const asset of ctx.state.get('wallet', record.wallet)?.assets ?? []) {
      if (ctx.state.get('asset', asset)?.issuer === id) seen.add(asset)
    }
  }
  for (const id of seen) {
    const asset = ctx.state.get('asset', id)
    const isRival = id !== except && asset?.archived === false
    demand(!isRival || asset.name !== name, () => ({ code: 'name_taken', name }))
  }
}
