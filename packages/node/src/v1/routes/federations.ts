/** Federations: who is in one, and how a place comes to share the money of another. */
import {
  type Action,
  type AssetId,
  deriveId,
  type Federation,
  type FederationId,
  type PlaceId,
} from '@fedow/ledger'
import { Turns } from '../../gateway/turns.ts'
import type { BookReader } from '../../store/book-reader.ts'
import { readFields, text } from '../codec/fields.ts'
import type { V1Means } from '../means.ts'
import { refuseRule } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { assetKey, placeKey } from './request-parts.ts'

function listFederations({ means, place }: PlaceCall): V1Answer {
  const federations = means.book.state.get('place', place)?.federations ?? []
  return { status: 200, body: federations.map((id) => means.objects.federation(id)) }
}

interface Sharing {
  readonly origin: PlaceId
  readonly added: PlaceId
  readonly asset: AssetId
  readonly name: string
}

/** Two places that join at once find the same federation. */
const turns = new Turns()

/** A place joins those that accept an asset: its issuer asks, all in one tx. Joining twice changes nothing. */
function shareAsset(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, place } = call
  const fields = readFields(call.body, {
    place_origin: placeKey(means.book),
    place_added: placeKey(means.book),
    asset: assetKey(means.book),
    name: text({ max: 100 }),
  })
  const { place_origin: origin, place_added: added, asset, name } = fields
  const issuer = means.book.state.get('asset', asset)?.issuer
  if (issuer !== origin || place !== origin) refuseRule('Not the place origin')
  return turns.take(asset, async () => {
    const sharing = { origin, added, asset, name }
    const federation = federationOf(means, sharing)
    const actions = sharingActions(means, sharing, federation)
    const isNew = call.id !== undefined && means.book.tx(call.id) === undefined
    // Nothing to change makes no tx.
    if (actions.length > 0 || !isNew) await call.order(() => actions)
    return { status: 200, body: means.objects.federation(federation) }
  })
}

/**
 * The federation of an asset and its issuer: the one of that name, else the one that is made for the pair. Never just
 * any that holds the asset, since whoever joins it accepts everything that is shared there.
 */
function federationOf({ book, hash }: V1Means, sharing: Sharing): FederationId {
  const { asset, origin, name } = sharing
  const { state } = book
  const named = state.get('asset', asset)?.sharedIn.find((id) => {
    const federation = state.get('federation', id)
    return federation?.name === name && federation.places.includes(origin)
  })
  return named ?? deriveId<FederationId>(hash, 'v1-federation', origin, asset)
}

function sharingActions(
  { book }: V1Means,
  sharing: Sharing,
  federation: FederationId,
): readonly Action[] {
  const { origin, added, asset } = sharing
  const record = book.state.get('federation', federation)
  const actions: Action[] = []
  if (record === undefined) {
    const name = freeName(book, sharing.name)
    actions.push({ kind: 'federation-create', federation, place: origin, name })
  }
  if (record?.assets.includes(asset) !== true) {
    actions.push({ kind: 'federation-share', federation, asset })
  }
  if (added !== origin && record?.places.includes(added) !== true) {
    actions.push({ kind: 'federation-invite', federation, place: origin, invited: added })
    actions.push({ kind: 'federation-accept', federation, place: added })
  }
  return actions
}

const NAME_MAX = 100
const PAGE = 500

/** v1's clients expect that no two federations have one name: the second gets a number. */
function freeName(book: BookReader, name: string): string {
  const taken = new Set(allFederations(book).map((federation) => federation.name))
  let free = name
  for (let number = 2; taken.has(free); number += 1) {
    const end = ` (${number})`
    free = `${[...name].slice(0, NAME_MAX - end.length).join('')}${end}`
  }
  return free
}

function allFederations(book: BookReader): readonly Federation[] {
  const found: Federation[] = []
  let after: string | undefined
  for (;;) {
    const page = book.records('federation', { after, limit: PAGE })
    found.push(...page.map(({ record }) => record))
    after = page.at(-1)?.id
    if (page.length < PAGE) return found
  }
}

export const federationRoutes: readonly V1Route[] = [
  route({
    method: 'GET',
    path: '/federation/',
    access: 'place-signature',
    answer: listFederations,
  }),
  route({
    method: 'POST',
    path: '/federation/',
    access: 'place-and-wallet',
    keepsAnswer: true,
    answer: shareAsset,
  }),
]
