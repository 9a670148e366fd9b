/** How a place gets the text that connects its till: LaBoutik is given it, and does the handshake with it. */
import { deriveId, type PlaceId, type TxId, type WalletId } from '@fedow/ledger'
import { placeIdsOf } from '../gateway/registry-intents.ts'
import { printPython } from './codec/json.ts'
import { demandApplied } from './made-tx.ts'
import type { V1Means } from './means.ts'
import { inTurnOfPerson, walletActions } from './persons.ts'

const HANDSHAKE_MS = 24 * 3_600_000

export interface PlaceOrder {
  readonly name: string
  /** Of the person who administers it. */
  readonly email?: string | undefined
  /** Of the tx that opens the place: the same one again is a repeat. */
  readonly id: TxId
}

export interface ConnectOrder extends Pick<PlaceOrder, 'email' | 'id'> {
  readonly place: PlaceId
}

/** Opens a place on this node, and answers its connection string. */
export async function openPlaceForV1(means: V1Means, order: PlaceOrder): Promise<string> {
  const { gateway, node } = means
  const { name, id } = order
  const ids = placeIdsOf(means, id)
  demandApplied(await gateway.submitOwn([{ kind: 'place-open', ...ids, name, node }], id))
  return connectPlace(means, { ...order, place: ids.place })
}

/** The connection string of a place that is there: base64url of its domain, its id, and a key that lives for a day. */
export async function connectPlace(
  means: V1Means,
  { place, email, id }: ConnectOrder,
): Promise<string> {
  const { store, book, settings, now, random } = means
  const person = email === undefined ? null : await adminOf(means, { email, id })
  if (person !== null) store.places.addAdmin(place, person)
  // A text that was shown before is lost, or in other hands.
  store.keys.revokeHandshake(place, now())
  const name = `temp_${book.state.get('place', place)?.name ?? ''}:${email ?? ''}`
  const of = { kind: 'handshake', name, place, person } as const
  const times = { nowMs: now(), expiresMs: now() + HANDSHAKE_MS }
  const text = store.keys.issue({ ...of, ...times }, random)
  const said = printPython({ domain: settings.domain, uuid: place, temp_key: text })
  return Buffer.from(said).toBase64({ alphabet: 'base64url' })
}

/** The wallet of the person of an e-mail, opened when nobody has it; their public key comes with Lespass. */
function adminOf(
  means: V1Means,
  { email, id }: { readonly email: string; readonly id: TxId },
): Promise<WalletId> {
  return inTurnOfPerson(email, async () => {
    const { store, hash, gateway } = means
    const opening = deriveId<TxId>(hash, 'v1-admin', id)
    const known = store.people.byEmail(email)
    const wallet = known?.wallet ?? deriveId<WalletId>(hash, 'person', opening)
    if (known === undefined) store.people.add({ wallet, email, pem: null })
    const actions = walletActions(means, wallet)
    if (actions.length > 0) demandApplied(await gateway.submitOwn(actions, opening))
    return wallet
  })
}
