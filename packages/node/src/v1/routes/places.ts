/** How a place comes to this node: Lespass opens it, then LaBoutik is linked to it by a temporary key. */
import { deriveId, type PlaceId, type TxId, toHex, toUtf8, type WalletId } from '@fedow/ledger'
import { placeIdsOf } from '../../gateway/registry-intents.ts'
import { Turns } from '../../gateway/turns.ts'
import { email, ip, nullable, optional, readFields, text, url } from '../codec/fields.ts'
import { printPython } from '../codec/json.ts'
import { encryptFor, isSignedBy, signedTextOf } from '../codec/signature.ts'
import type { V1Means } from '../means.ts'
import { inTurnOfPerson, notePerson, walletActions } from '../persons.ts'
import { refuseField, refuseRule, V1Refusal } from '../refusal.ts'
import {
  type PlaceCall,
  route,
  type V1Answer,
  type V1Call,
  type V1Route,
  type WalletCall,
} from '../route.ts'
import { joinTestFederation } from '../test-federation.ts'
import { headerOf, NOT_A_KEY, placeKey, publicPem } from './request-parts.ts'

const DAY_MS = 86_400_000
const NAME_TAKEN = 'Place name already exists'

interface NewPlace {
  readonly place_domain: string
  readonly place_name: string
  readonly admin_email: string
  readonly admin_pub_pem: string
}

/** Requests for one name take turns, so that one of them has it. */
const turns = new Turns()

function createPlace(call: V1Call): Promise<V1Answer> {
  const fields: NewPlace = readFields(call.body, {
    place_domain: text({ max: 100 }),
    place_name: text({ max: 100 }),
    admin_email: email(),
    admin_pub_pem: publicPem(500),
  })
  return turns.take(fields.place_name, () =>
    inTurnOfPerson(fields.admin_email, () => openPlace(call, fields)),
  )
}

async function openPlace(call: V1Call, fields: NewPlace): Promise<V1Answer> {
  const { means } = call
  const { place_name: name, admin_email: address, admin_pub_pem: pem } = fields
  // What is asked is the id: after a lost answer Lespass signs afresh, and must find the place that it made.
  const facts = printPython([name, fields.place_domain, address.toLowerCase(), pem])
  const id = deriveId<TxId>(means.hash, 'v1-place', means.hash(toUtf8(facts)))
  const { place, wallet } = placeIdsOf(means, id)
  if (means.book.state.get('place', place) === undefined) demandFreeName(means, name)
  else demandUnusedKeys(means, place)
  demandOwnPem(means, address, pem)
  const admin = notePerson(means, { email: address, pem, id })
  const { node } = means
  await call.order(
    () => [
      { kind: 'place-open', place, wallet, name, node },
      ...walletActions(means, admin.wallet),
    ],
    { id },
  )
  if (admin.pem === null) means.store.people.setPem(admin.wallet, pem)
  means.store.places.put(place, { lespassDomain: fields.place_domain })
  means.store.places.addAdmin(place, admin.wallet)
  const text = giveKey(means, { place, person: admin.wallet, name: `lespass_${name}:${address}` })
  const { dokosId: dokos_id, lespassDomain: lespass_domain } = means.store.places.get(place)
  const known = { uuid: place, name, dokos_id, wallet, lespass_domain }
  return { status: 201, body: { ...known, key: text } }
}

function demandFreeName({ book, hash }: V1Means, name: string): void {
  const taken = book.state.get('place-name', toHex(hash(toUtf8(name))))
  if (taken !== undefined) refuseField('place_name', NAME_TAKEN)
}

/** Somebody who has used a key of the place has had its answer: what comes now is another place of that name. */
function demandUnusedKeys({ store }: V1Means, place: PlaceId): void {
  const isUsed = store.keys.ofPlace(place).some(({ prefix }) => !store.keys.isUnused(prefix))
  if (isUsed) refuseField('place_name', NAME_TAKEN)
}

function demandOwnPem({ store }: V1Means, address: string, pem: string): void {
  const known = store.people.byEmail(address)
  if (known === undefined || known.pem === null || known.pem === pem) return
  throw new V1Refusal(400, ['Error get or create user : Public pem not match'])
}

interface KeyOrder {
  readonly place: PlaceId
  readonly person: WalletId
  readonly name: string
}

/** A new key of Lespass. Those of answers that were lost are revoked. */
function giveKey({ store, now, random }: V1Means, order: KeyOrder): string {
  for (const { prefix } of store.keys.ofPlace(order.place)) store.keys.revoke(prefix, now())
  return store.keys.issue({ ...order, kind: 'organisation', nowMs: now() }, random)
}

/** LaBoutik brings its own public key. The signature over its form proves that it holds the private one. */
async function handshake(call: V1Call): Promise<V1Answer> {
  const { means } = call
  const fields = readFields(call.body, {
    fedow_place_uuid: placeKey(means.book),
    cashless_rsa_pub_key: publicPem(512),
    cashless_ip: ip(),
    cashless_url: url(),
    cashless_admin_apikey: text({ min: 41, max: 41 }),
    dokos_id: optional(nullable(text({ max: 100, blank: true }))),
  })
  const { cashless_rsa_pub_key: pem } = fields
  const { fedow_place_uuid: place } = fields
  if (!isSignedBy(pem, signedTextOf(call.body), headerOf(call, 'signature')))
    refuseRule('Invalid signature')
  if (call.key?.kind !== 'handshake' || call.key.place !== place) refuseRule('Unauthorized')
  const { person } = call.key
  const { store, book, now, random } = means
  const name = book.state.get('place', place)?.name ?? ''
  const address = person === null ? '' : (store.people.byWallet(person)?.email ?? '')
  const own = { kind: 'organisation', name: `${name}:${address}`, place, person } as const
  const made = store.keys.issue({ ...own, nowMs: now() }, random)
  store.places.put(place, {
    laboutikPem: pem,
    laboutikUrl: fields.cashless_url,
    laboutikIp: fields.cashless_ip,
    // A form has no null: what is empty there is none.
    dokosId: fields.dokos_id || null,
  })
  store.keys.revokeHandshake(place, now())
  if (means.settings.isDebug) await joinTestFederation(means, place)
  const wallet = book.state.get('place', place)?.wallet ?? ''
  const said = printPython({ place_admin_apikey: made, place_wallet_uuid: wallet })
  return { status: 202, body: Buffer.from(said).toBase64({ alphabet: 'base64url' }) }
}

/** Gives an administrator of the place a key for its till, which only their own key opens. */
async function linkCashless(call: PlaceCall & WalletCall): Promise<V1Answer> {
  const { means, place, wallet } = call
  const { store, settings, now, random, book } = means
  const known = store.places.get(place)
  const person = store.people.byWallet(wallet)
  if (person === undefined || !known.admins.includes(wallet)) {
    throw new V1Refusal(403, 'not an admin email')
  }
  if (known.laboutikUrl !== null && !settings.isDebug) {
    throw new V1Refusal(405, 'Laboutik place already conf')
  }
  const pem = person.pem ?? refuseRule(NOT_A_KEY)
  const name = `temp_${book.state.get('place', place)?.name ?? ''}:${person.email}`
  const of = { kind: 'handshake', name, place, person: wallet } as const
  const made = store.keys.issue({ ...of, nowMs: now(), expiresMs: now() + DAY_MS }, random)
  return { status: 201, body: { rsa_cypher_message: encryptFor(pem, made) } }
}

export const placeRoutes: readonly V1Route[] = [
  route({ method: 'POST', path: '/place/', access: 'creation-key', answer: createPlace }),
  route({ method: 'POST', path: '/place/handshake/', access: 'key', answer: handshake }),
  route({
    method: 'GET',
    path: '/place/link_cashless_to_place/',
    access: 'place-and-wallet',
    hasEffect: true,
    answer: linkCashless,
  }),
]
