/** Who votes: one place, one vote. Source: docs/spec/governance.md, "Who votes". */
import { authorise } from '../authority.ts'
import type { Change, Context, Effects, SystemContext } from '../context.ts'
import { type PlaceId, placeId } from '../ids.ts'
import { ONLY, type Place } from '../records.ts'
import { findAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { ELECTORATE_MAX } from './voting-records.ts'
import type { What } from './what.ts'

/** From so many admitted places on, only a vote admits another. */
export const ELECTORATE_FOUNDED = 4

/** The operator admits one of the first places. Source: docs/spec/governance.md, "place-admit". */
export const placeAdmitAction = object({ kind: literal('place-admit'), place: placeId })
export type PlaceAdmit = Of<typeof placeAdmitAction>

/** Rejects with, in this order: not_authorised, electorate_founded, place_not_found, place_suspended, place_already_admitted. */
export function placeAdmit(ctx: Context, { place }: PlaceAdmit): Effects {
  const counters = authorise(ctx, { can: 'admin', on: 'network' })
  const places = admitted(ctx).length
  demand(places < ELECTORATE_FOUNDED, () => ({ code: 'electorate_founded', places }))
  return { changes: [...counters, ...joinElectorate(ctx, place)] }
}

/** A place joins the electorate. Rejects with, in this order: place_not_found, place_suspended, place_already_admitted, too_many. */
export function joinElectorate(ctx: SystemContext, id: PlaceId): readonly Change[] {
  const place = openPlace(ctx, id)
  demand(place.admittedMs === undefined, () => ({ code: 'place_already_admitted', place: id }))
  const before = admitted(ctx)
  demandRoom(before.length + 1)
  return [
    { kind: 'place', id, record: { ...place, admittedMs: ctx.timeMs } satisfies Place },
    { kind: 'electorate', id: ONLY, record: { places: [...before, id] } },
  ]
}

/** Rejects with: too_many. */
function demandRoom(places: number): void {
  demand(places <= ELECTORATE_MAX, () => ({
    code: 'too_many',
    what: 'places of an electorate',
    max: ELECTORATE_MAX,
  }))
}

/** Every place that was admitted, suspended ones too, in the order of their admission. */
export function admitted({ state }: Pick<SystemContext, 'state'>): readonly PlaceId[] {
  return state.get('electorate', ONLY)?.places ?? []
}

/**
 * Who would vote on this now: all admitted places; on the policy of a shared asset the members of the federations that
 * share it. Suspended places do not vote.
 *
 * Rejects with, in this order: asset_not_found, asset_not_shared, too_many.
 */
export function electorateOf(ctx: SystemContext, what: What): readonly PlaceId[] {
  const places = new Set(candidates(ctx, what))
  const voters = [...places].filter((id) => ctx.state.get('place', id)?.suspended === false)
  demandRoom(voters.length)
  return voters
}

function candidates(ctx: SystemContext, what: What): readonly PlaceId[] {
  if (what.kind !== 'policy') return admitted(ctx)
  const { sharedIn, issuer } = findAsset(ctx, what.asset)
  if (issuer === undefined) return admitted(ctx)
  demand(sharedIn.length > 0, () => ({ code: 'asset_not_shared', asset: what.asset }))
  return sharedIn.flatMap((id) => ctx.state.get('federation', id)?.places ?? [])
}
