/** Assets, and the federations that share them. */
import { type Change, type Context, type Effects, params } from '../context.ts'
import {
  type AssetId,
  assetId,
  federationId,
  issuanceWalletId,
  type PlaceId,
  placeId,
} from '../ids.ts'
import {
  ASSETS_PER_FEDERATION_MAX,
  type Asset,
  assetCode,
  assetName,
  FEDERATIONS_PER_ASSET_MAX,
  FEDERATIONS_PER_PLACE_MAX,
  PLACES_PER_FEDERATION_MAX,
  type Place,
  V1_KINDS,
} from '../records.ts'
import { findAsset } from '../registry/asset.ts'
import { usualTerms } from '../registry/asset-create.ts'
import { findPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { array, boolean, name, type Of, object, oneOf, optional, timeUs } from '../shape.ts'
import { Fresh } from './fresh.ts'
import { ROWS } from './wallets.ts'

const assetRow = object({
  asset: assetId,
  assetKind: oneOf(V1_KINDS),
  name: assetName,
  code: assetCode,
  /** Absent for FED, which the genesis made: it keeps its name, and gets its date. */
  issuer: optional(placeId),
  archived: boolean,
  createdUs: timeUs,
})
type AssetRow = Of<typeof assetRow>

export const assetRows = { rows: array(assetRow, ROWS) } as const
const assets = object(assetRows)

const federationRow = object({
  federation: federationId,
  name: name(100),
  places: array(placeId, { min: 0, max: PLACES_PER_FEDERATION_MAX }),
  assets: array(assetId, { min: 0, max: ASSETS_PER_FEDERATION_MAX }),
})

export const federationRows = { rows: array(federationRow, ROWS) } as const
const federations = object(federationRows)

/**
 * Names that meet at a place stay as they are: the tills have known them so.
 *
 * Rejects with, in this order: kind_refuses_action (FED of another network, or any other without issuer), id_taken,
 * place_not_found.
 */
export function importAssets(ctx: Context, { rows }: Of<typeof assets>): Effects {
  const fresh = new Fresh(ctx)
  return { changes: rows.flatMap((row) => assetOf(ctx, row, fresh)) }
}

function assetOf(ctx: Context, row: AssetRow, fresh: Fresh): Change[] {
  const { asset: id, assetKind: kind, issuer, archived } = row
  const nowUs = ctx.timeMs * 1_000
  const createdUs = row.createdUs < nowUs ? row.createdUs : nowUs
  const isFed = kind === 'FED'
  demand(isFed ? id === params(ctx.state).fed : issuer !== undefined, () => ({
    code: 'kind_refuses_action',
    asset: id,
    kind,
    action: 'import',
  }))
  if (isFed) return [{ kind: 'asset', id, record: { ...findAsset(ctx, id), createdUs } }]
  const issuance = issuanceWalletId(ctx.hash, id)
  fresh.demand('asset', id)
  fresh.demand('wallet', issuance)
  if (issuer !== undefined) findPlace(ctx, issuer)
  const record: Asset = {
    ...{ kind, name: row.name, code: row.code, minorPerUnit: 100, archived, sharedIn: [] },
    ...(issuer && { issuer }),
    policies: [
      { version: 1, fromMs: (createdUs - (createdUs % 1_000)) / 1_000, ...usualTerms(kind) },
    ],
    createdUs,
  }
  return [
    { kind: 'asset', id, record },
    { kind: 'wallet', id: issuance, record: { kind: 'issuance', assets: [] } },
  ]
}

/** Rejects with, in this order: id_taken, place_not_found, asset_not_found, kind_refuses_action (FED), too_many. */
export function importFederations(ctx: Context, { rows }: Of<typeof federations>): Effects {
  const fresh = new Fresh(ctx)
  const places = new Map<PlaceId, Place>()
  const shared = new Map<AssetId, Asset>()
  const changes = rows.map(({ federation: id, name, ...of }): Change => {
    fresh.demand('federation', id)
    for (const place of new Set(of.places)) {
      const before = places.get(place) ?? findPlace(ctx, place)
      places.set(place, { ...before, federations: [...before.federations, id] })
    }
    for (const asset of new Set(of.assets)) {
      const before = shared.get(asset) ?? findAsset(ctx, asset)
      const { kind } = before
      demand(kind !== 'FED', () => ({ code: 'kind_refuses_action', asset, kind, action: 'import' }))
      shared.set(asset, { ...before, sharedIn: [...before.sharedIn, id] })
    }
    const record = { name, places: [...new Set(of.places)], assets: [...new Set(of.assets)] }
    return { kind: 'federation', id, record: { ...record, invited: [] } }
  })
  for (const [id, record] of places) {
    changes.push({ kind: 'place', id, record })
    demandAtMost('federations of a place', record.federations.length, FEDERATIONS_PER_PLACE_MAX)
  }
  for (const [id, record] of shared) {
    changes.push({ kind: 'asset', id, record })
    demandAtMost('federations of an asset', record.sharedIn.length, FEDERATIONS_PER_ASSET_MAX)
  }
  return { changes }
}

function demandAtMost(what: string, count: number, max: number): void {
  demand(count <= max, () => ({ code: 'too_many', what, max }))
}
