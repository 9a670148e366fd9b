/** How clients find this node, and how Lespass gets the key that opens places. */
import { randomUUID } from 'node:crypto'
import type { TxId } from '@fedow/ledger'
import { isMap, JsonError, parseJson, printSpaced, RawJson } from '../codec/json.ts'
import { prefixOf } from '../codec/key-text.ts'
import { NOT_AUTHENTICATED } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { openPlaceForV1 } from '../place-opening.ts'
import { refuseWithDetail } from '../refusal.ts'
import { route, type V1Answer, type V1Call, type V1Route } from '../route.ts'

/** The mark that holds the prefix of the key that opens places. */
export const CREATION_KEY = 'creation-key'
const CLOSED =
  'This Fedow gives no key to who asks first. Its operator opens the door for a while with FEDOW_V1_HANDSHAKE=10m, and then Lespass asks again.'

function said(members: Readonly<Record<string, string | boolean>>): RawJson {
  return new RawJson(printSpaced(members))
}

function helloWithKey({ key }: V1Call): V1Answer {
  // The key of a connection string opens the handshake, and nothing else.
  if (key?.kind !== 'organisation') return refuseWithDetail(403, NOT_AUTHENTICATED)
  return { status: 200, body: { message: 'Hello world ApiKey!' } }
}

/** Gives the key that opens places to the first who asks while the door is open. */
async function rootHandshake({ means, ip }: V1Call): Promise<V1Answer> {
  const { settings, store, now, random, publicPem } = means
  if (isGiven(means)) return { status: 208, body: said({ 'already done': true }) }
  const { handshakeUntilMs } = settings
  if (handshakeUntilMs === undefined || now() >= handshakeUntilMs) refuseWithDetail(403, CLOSED)
  const pem = await publicPem()
  if (isGiven(means)) return { status: 208, body: said({ 'already done': true }) }
  const before = store.marks.get(CREATION_KEY)
  if (before !== undefined && !settings.isDebug) store.keys.revoke(before, now())
  const of = {
    kind: 'creation',
    name: `billetterie_root_${ip}`,
    place: null,
    person: null,
  } as const
  const text = store.keys.issue({ ...of, nowMs: now() }, random)
  store.marks.set(CREATION_KEY, prefixOf(text) ?? '')
  return { status: 201, body: said({ api_key: text, fedow_pub_pem: pem }) }
}

/** A key that was never used may have been in an answer that was lost: while the door is open, another one is given. */
function isGiven({ settings, store, now }: V1Means): boolean {
  const before = store.marks.get(CREATION_KEY)
  if (before === undefined || settings.isDebug) return false
  const isOpen = settings.handshakeUntilMs !== undefined && now() < settings.handshakeUntilMs
  return !isOpen || !store.keys.isUnused(before)
}

/** Opens a place for the test suite of LaBoutik. */
async function testPlace({ means, params }: V1Call): Promise<V1Answer> {
  if (!means.settings.isDebug) return refuseWithDetail(404, 'Not found.')
  const name = nameIn(params['name'] ?? '')
  if (name === undefined) return refuseWithDetail(400, 'This is not base64 of {"name": "..."}.')
  const id = randomUUID() as string as TxId
  const email = `${id.slice(0, 8)}@example.org`
  const text = await openPlaceForV1(means, { name, email, id })
  return { status: 200, body: said({ encoded_data: text }) }
}

function nameIn(text: string): string | undefined {
  try {
    const read = parseJson(Buffer.from(text, 'base64url'))
    const name = isMap(read) ? read.get('name') : undefined
    return typeof name === 'string' ? name : undefined
  } catch (cause) {
    if (cause instanceof JsonError) return undefined
    throw cause
  }
}

export const serviceRoutes: readonly V1Route[] = [
  route({
    method: 'GET',
    path: '/helloworld/',
    access: 'open',
    answer: () => ({ status: 200, body: { message: 'Hello world!' } }),
  }),
  route({ method: 'GET', path: '/helloworld_apikey/', access: 'key', answer: helloWithKey }),
  route({
    method: 'POST',
    path: '/helloworld_apikey/',
    access: 'place-signature',
    answer: () => ({ status: 200, body: { message: 'Hello world Signature!' } }),
  }),
  route({
    method: 'GET',
    path: '/root_tibillet_handshake/',
    access: 'open',
    answer: rootHandshake,
  }),
  route({
    method: 'GET',
    path: '/get_new_place_token_for_test/:name/',
    access: 'open',
    answer: testPlace,
  }),
]
