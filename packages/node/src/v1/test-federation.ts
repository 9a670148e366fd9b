/**
 * What LaBoutik's own test suite finds at a node in debug mode, and at no other: a place whose till was just linked
 * shares the memberships and the badge of the place named `Lespass`, and it has a domain.
 */
import {
  type Action,
  type AssetId,
  deriveId,
  type FederationId,
  type PlaceId,
  type TxId,
  toHex,
  toUtf8,
} from '@fedow/ledger'
import { Turns } from '../gateway/turns.ts'
import type { V1Means } from './means.ts'

const NAME = 'TEST FED'
const LESPASS = 'Lespass'

const turns = new Turns()

/** Adds a place to the federation of the tests. What the book rejects, such as a homonym, is left out. */
export function joinTestFederation(means: V1Means, place: PlaceId): Promise<void> {
  return turns.take(NAME, async () => {
    const lespass = placeNamed(means, LESPASS)
    await joinAll(means, lespass === undefined ? [place] : [lespass, place])
    const { lespassDomain } = means.store.places.get(place)
    if (lespass === undefined || lespassDomain !== null) return
    means.store.places.put(place, {
      lespassDomain: means.store.places.get(lespass).lespassDomain,
    })
  })
}

async function joinAll(means: V1Means, places: readonly PlaceId[]): Promise<void> {
  const { hash, book } = means
  const federation = deriveId<FederationId>(hash, 'v1-test-federation')
  for (const place of places) {
    const [member] = book.state.get('federation', federation)?.places ?? []
    if (member === undefined) {
      await order(means, [{ kind: 'federation-create', federation, name: NAME, place }])
    } else if (member !== place) {
      await order(means, [
        { kind: 'federation-invite', federation, place: member, invited: place },
        { kind: 'federation-accept', federation, place },
      ])
    }
    for (const asset of sharedOf(means, place)) {
      await order(means, [{ kind: 'federation-share', federation, asset }])
    }
  }
}

/** Its memberships, and its badge when it has one alone. */
function sharedOf({ book }: V1Means, place: PlaceId): readonly AssetId[] {
  const { state } = book
  const wallet = state.get('place', place)?.wallet
  const assets = wallet === undefined ? [] : (state.get('wallet', wallet)?.assets ?? [])
  const own = (kind: 'SUB' | 'BDG') =>
    assets.filter((id) => {
      const asset = state.get('asset', id)
      return asset?.issuer === place && asset.kind === kind
    })
  const badges = own('BDG')
  return [...own('SUB'), ...(badges.length === 1 ? badges : [])]
}

async function order({ gateway, hash, random }: V1Means, actions: readonly Action[]) {
  await gateway.submitOwn(actions, deriveId<TxId>(hash, 'v1-test', random(16)))
}

function placeNamed({ book, hash }: V1Means, name: string): PlaceId | undefined {
  return book.state.get('place-name', toHex(hash(toUtf8(name))))?.place
}
