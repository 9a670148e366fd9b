/**
 * Places that accept each other's assets.
 *
 *   create (first member) -> invite (by a member) -> accept (by the invited) -> share (by an issuer)
 *                                                    leave                      unshare
 */
import { authorise, placeSubject } from '../authority.ts'
import type { Change, Context, Effects } from '../context.ts'
import {
  type AssetId,
  assetId,
  type FederationId,
  federationId,
  type PlaceId,
  placeId,
} from '../ids.ts'
import {
  ASSETS_PER_FEDERATION_MAX,
  FEDERATIONS_PER_ASSET_MAX,
  FEDERATIONS_PER_PLACE_MAX,
  type Federation,
  PLACES_PER_FEDERATION_MAX,
  type Place,
} from '../records.ts'
import { demand, refuse } from '../rejection.ts'
import { literal, name, type Of, object } from '../shape.ts'
import { findAsset, liveAsset } from './asset.ts'
import { demandFreeName } from './asset-name.ts'
import { findPlace, openPlace } from './place.ts'

const federation = federationId
const place = placeId
const asset = assetId

/** Source, for all six: docs/spec/federations.md. */
export const federationCreateAction = object({
  kind: literal('federation-create'),
  federation,
  name: name(100),
  place,
})
export type FederationCreate = Of<typeof federationCreateAction>

export const federationInviteAction = object({
  kind: literal('federation-invite'),
  federation,
  /** The member that invites. */
  place,
  invited: placeId,
})
export type FederationInvite = Of<typeof federationInviteAction>

export const federationAcceptAction = object({
  kind: literal('federation-accept'),
  federation,
  place,
})
export type FederationAccept = Of<typeof federationAcceptAction>

export const federationLeaveAction = object({
  kind: literal('federation-leave'),
  federation,
  place,
})
export type FederationLeave = Of<typeof federationLeaveAction>

export const federationShareAction = object({
  kind: literal('federation-share'),
  federation,
  asset,
})
export type FederationShare = Of<typeof federationShareAction>

export const federationUnshareAction = object({
  kind: literal('federation-unshare'),
  federation,
  asset,
})
export type FederationUnshare = Of<typeof federationUnshareAction>

/** Rejects with, in this order: place_not_found, place_suspended, not_authorised, id_taken, too_many. */
export function federationCreate(ctx: Context, action: FederationCreate): Effects {
  const member = openPlace(ctx, action.place)
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(action.place) })
  const id = action.federation
  demand(ctx.state.get('federation', id) === undefined, () => ({ code: 'id_taken', id }))
  const record = { name: action.name, places: [action.place], invited: [], assets: [] }
  return {
    changes: [...counters, { kind: 'federation', id, record }, join(action.place, member, id)],
  }
}

/** Rejects with, in this order: federation_not_found, not_a_member, not_authorised, place_not_found, already_a_member, too_many. Inviting twice changes nothing. */
export function federationInvite(ctx: Context, action: FederationInvite): Effects {
  const { federation: id, place, invited } = action
  const record = memberOf(ctx, id, place)
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(place) })
  findPlace(ctx, invited)
  demand(!record.places.includes(invited), () => ({
    code: 'already_a_member',
    federation: id,
    place: invited,
  }))
  if (record.invited.includes(invited)) return { changes: counters }
  const next = [...record.invited, invited]
  demandAtMost('invited places', PLACES_PER_FEDERATION_MAX, next.length)
  return {
    changes: [...counters, { kind: 'federation', id, record: { ...record, invited: next } }],
  }
}

/** Rejects with, in this order: federation_not_found, place_not_found, place_suspended, not_authorised, not_invited, too_many, name_taken. */
export function federationAccept(
  ctx: Context,
  { federation: id, place }: FederationAccept,
): Effects {
  const record = findFederation(ctx, id)
  const member = openPlace(ctx, place)
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(place) })
  demand(record.invited.includes(place), () => ({ code: 'not_invited', federation: id, place }))
  const places = [...record.places, place]
  demandAtMost('places of a federation', PLACES_PER_FEDERATION_MAX, places.length)
  for (const shared of record.assets) {
    const asset = findAsset(ctx, shared)
    if (!asset.archived) demandFreeName(ctx, asset.name, [{ id: place, record: member }], shared)
  }
  const invited = record.invited.filter((one) => one !== place)
  return {
    changes: [
      ...counters,
      { kind: 'federation', id, record: { ...record, places, invited } },
      join(place, member, id),
    ],
  }
}

/**
 * New sales stop at once; balances stay spendable at the issuer. The assets of the leaving place leave with it.
 *
 * Rejects with, in this order: federation_not_found, not_a_member, not_authorised.
 */
export function federationLeave(ctx: Context, { federation: id, place }: FederationLeave): Effects {
  const record = memberOf(ctx, id, place)
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(place) })
  const member = findPlace(ctx, place)
  const own = record.assets.filter((one) => findAsset(ctx, one).issuer === place)
  const federations = member.federations.filter((one) => one !== id)
  const places = record.places.filter((one) => one !== place)
  const assets = record.assets.filter((one) => !own.includes(one))
  return {
    changes: [
      ...counters,
      { kind: 'federation', id, record: { ...record, places, assets } },
      { kind: 'place', id: place, record: { ...member, federations } },
      ...own.map((one) => unshared(ctx, one, id)),
    ],
  }
}

/** Rejects with, in this order: federation_not_found, asset_not_found, asset_archived, kind_refuses_action (FED), not_a_member, not_authorised, already_shared, too_many, name_taken. */
export function federationShare(ctx: Context, { federation: id, asset }: FederationShare): Effects {
  const record = findFederation(ctx, id)
  const shared = liveAsset(ctx, asset)
  const issuer = issuerOf(asset, shared, 'federation-share')
  memberOf(ctx, id, issuer)
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(issuer) })
  demand(!record.assets.includes(asset), () => ({ code: 'already_shared', federation: id, asset }))
  const assets = [...record.assets, asset]
  const sharedIn = [...shared.sharedIn, id]
  demandAtMost('assets of a federation', ASSETS_PER_FEDERATION_MAX, assets.length)
  demandAtMost('federations of an asset', FEDERATIONS_PER_ASSET_MAX, sharedIn.length)
  const members = record.places.map((id) => ({ id, record: findPlace(ctx, id) }))
  demandFreeName(ctx, shared.name, members, asset)
  return {
    changes: [
      ...counters,
      { kind: 'federation', id, record: { ...record, assets } },
      { kind: 'asset', id: asset, record: { ...shared, sharedIn } },
    ],
  }
}

/** Rejects with, in this order: federation_not_found, asset_not_found, kind_refuses_action, not_authorised, not_shared. */
export function federationUnshare(
  ctx: Context,
  { federation: id, asset }: FederationUnshare,
): Effects {
  const record = findFederation(ctx, id)
  const issuer = issuerOf(asset, findAsset(ctx, asset), 'federation-unshare')
  const counters = authorise(ctx, { can: 'federate', on: placeSubject(issuer) })
  demand(record.assets.includes(asset), () => ({ code: 'not_shared', federation: id, asset }))
  const assets = record.assets.filter((one) => one !== asset)
  return {
    changes: [
      ...counters,
      { kind: 'federation', id, record: { ...record, assets } },
      unshared(ctx, asset, id),
    ],
  }
}

function findFederation(ctx: Context, id: FederationId): Federation {
  return ctx.state.get('federation', id) ?? refuse({ code: 'federation_not_found', federation: id })
}

function memberOf(ctx: Context, id: FederationId, place: PlaceId): Federation {
  const record = findFederation(ctx, id)
  demand(record.places.includes(place), () => ({ code: 'not_a_member', federation: id, place }))
  return record
}

function join(id: PlaceId, place: Place, federation: FederationId): Change {
  const federations = [...place.federations, federation]
  demandAtMost('federations of a place', FEDERATIONS_PER_PLACE_MAX, federations.length)
  return { kind: 'place', id, record: { ...place, federations } }
}

function unshared(ctx: Context, id: AssetId, federation: FederationId): Change {
  const asset = findAsset(ctx, id)
  const sharedIn = asset.sharedIn.filter((one) => one !== federation)
  return { kind: 'asset', id, record: { ...asset, sharedIn } }
}

function issuerOf(
  id: AssetId,
  { issuer, kind }: { readonly issuer?: PlaceId; readonly kind: string },
  action: string,
): PlaceId {
  return issuer ?? refuse({ code: 'kind_refuses_action', asset: id, kind, action })
}

function demandAtMost(what: string, max: number, count: number): void {
  demand(count <= max, () => ({ code: 'too_many', what, max }))
}
