import { authorise, placeSubject } from '../authority.ts'
import { toHex, toUtf8 } from '../bytes.ts'
import type { Change, Context, Effects } from '../context.ts'
import { nodeId, placeId, walletId } from '../ids.ts'
import { placeName } from '../records.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { firstGrant, PLACE_GRANT } from './grant.ts'
import { findNode } from './node.ts'
import { findPlace } from './place.ts'

/** A node with the role `host` opens a place, which trades at once. Source: docs/spec/places.md. */
export const placeOpenAction = object({
  kind: literal('place-open'),
  place: placeId,
  wallet: walletId,
  name: placeName,
  /** Its home node, which gets a grant on it. */
  node: nodeId,
})
export type PlaceOpen = Of<typeof placeOpenAction>

/** Gives a place another name. */
export const placeUpdateAction = object({
  kind: literal('place-update'),
  place: placeId,
  name: placeName,
})
export type PlaceUpdate = Of<typeof placeUpdateAction>

/** Rejects with, in this order: not_authorised, node_not_found, id_taken, name_taken. */
export function placeOpen(ctx: Context, action: PlaceOpen): Effects {
  const { place: id, wallet, name, node } = action
  const counters = authorise(ctx, { can: 'host', on: 'network' })
  findNode(ctx, node)
  demand(ctx.state.get('place', id) === undefined, () => ({ code: 'id_taken', id }))
  demand(ctx.state.get('wallet', wallet) === undefined, () => ({ code: 'id_taken', id: wallet }))
  return {
    changes: [
      ...counters,
      takeName(ctx, action),
      {
        kind: 'place',
        id,
        record: {
          name,
          wallet,
          node,
          keys: [],
          federations: [],
          suspended: false,
          openedMs: ctx.timeMs,
        },
      },
      { kind: 'wallet', id: wallet, record: { kind: 'place', place: id, assets: [] } },
      firstGrant(node, placeSubject(id), PLACE_GRANT),
    ],
  }
}

/** Rejects with, in this order: place_not_found, not_authorised, name_taken. */
export function placeUpdate(ctx: Context, action: PlaceUpdate): Effects {
  const place = findPlace(ctx, action.place)
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(action.place) })
  if (action.name === place.name) return { changes: counters }
  return {
    changes: [
      ...counters,
      { kind: 'place-name', id: placeNameId(ctx, place.name), record: undefined },
      takeName(ctx, action),
      { kind: 'place', id: action.place, record: { ...place, name: action.name } },
    ],
  }
}

function takeName(ctx: Context, { name, place }: PlaceUpdate | PlaceOpen): Change {
  const id = placeNameId(ctx, name)
  demand(ctx.state.get('place-name', id) === undefined, () => ({ code: 'name_taken', name }))
  return { kind: 'place-name', id, record: { place } }
}

/** The id of the record that keeps a place's name its own. */
export function placeNameId(ctx: Context, name: string): string {
  return toHex(ctx.hash(toUtf8(name)))
}
