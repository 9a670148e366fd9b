import type { Context } from '../context.ts'
import type { AssetId, PlaceId } from '../ids.ts'
import type { Place } from '../records.ts'
import { demand } from '../rejection.ts'
import { acceptedAssets } from './asset.ts'

/**
 * Demands that no asset which a place accepts has this name: at a till two moneys are told apart by name.
 * Rejects with: name_taken.
 */
export function demandFreeName(
  ctx: Context,
  name: string,
  place: { readonly id: PlaceId; readonly record: Place },
  except?: AssetId,
): void {
  const isTaken = acceptedAssets(ctx.state, place).some(
    (id) => id !== except && ctx.state.get('asset', id)?.name === name,
  )
  demand(!isTaken, () => ({ code: 'name_taken', name }))
}
