import type { SystemContext } from '../context.ts'
import type { PlaceId } from '../ids.ts'
import type { Place } from '../records.ts'
import { demand, refuse } from '../rejection.ts'

/** The place of this id. Rejects with: place_not_found. */
export function findPlace(ctx: SystemContext, id: PlaceId): Place {
  return ctx.state.get('place', id) ?? refuse({ code: 'place_not_found', place: id })
}

/** A place that may trade. Rejects with: place_not_found, place_suspended. */
export function openPlace(ctx: SystemContext, id: PlaceId): Place {
  const place = findPlace(ctx, id)
  demand(!place.suspended, () => ({ code: 'place_suspended', place: id }))
  return place
}
