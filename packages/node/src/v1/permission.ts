/**
 * Who may call a route, by its class (WIRE.md 2.7). Stricter than v1 where its clients cannot tell: every class but
 * `open` needs a live key, and a key of the handshake opens nothing else.
 */
import { deriveId, type PlaceId, type TxId, type WalletId } from '@fedow/ledger'
import type { Json } from './codec/json.ts'
import { NOT_AUTHENTICATED } from './codec/messages.ts'
import { parseDatetime, parseUuid } from './codec/scalars.ts'
import { decodeSignature, signedTextOf, signedTextOfBytes } from './codec/signature.ts'
import { isFresh, toSignedDate } from './freshness.ts'
import type { V1Means } from './means.ts'
import { refuseWithDetail } from './refusal.ts'
import type { Access } from './route.ts'
import type { V1Key, V1KeyKind } from './store/keys.ts'

/** A request before it is known whose it is. */
export interface Incoming {
  readonly access: Access
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As received. */
  readonly bytes: Uint8Array
  /** Reads the body. Throws V1Refusal when it cannot be read. */
  readonly body: () => Json
}

/** Whose a request is. */
export interface Admitted {
  readonly key: V1Key | undefined
  readonly place: PlaceId | undefined
  readonly wallet: WalletId | undefined
  /** Of the tx that its signature may make: from the hash of the signature. Absent when nothing was signed. */
  readonly id: TxId | undefined
}

type Permitting = Pick<V1Means, 'store' | 'book' | 'hash' | 'now' | 'signatures'>

const KINDS: Readonly<Record<Access, readonly V1KeyKind[]>> = {
  open: [],
  'creation-key': ['creation'],
  key: ['organisation', 'handshake'],
  place: ['organisation'],
  'place-signature': ['organisation'],
  wallet: ['organisation'],
  'place-and-wallet': ['organisation'],
}

/** Refuses with 403, and 400 or 415 when a signed body cannot be read. */
export async function admit(means: Permitting, request: Incoming): Promise<Admitted> {
  const { access } = request
  if (access === 'open') {
    return { key: undefined, place: undefined, wallet: undefined, id: undefined }
  }
  const { key, text } = keyOf(means, request)
  const place = key.place ?? undefined
  if (access === 'place-signature') {
    const id = await placeSignature(means, request, { place: demandPlace(means, place), text })
    return { key, place, wallet: undefined, id }
  }
  if (access === 'place' || access === 'place-and-wallet') demandPlace(means, place)
  if (access === 'wallet' || access === 'place-and-wallet') {
    const { wallet, id } = await walletSignature(means, request)
    return { key, place: access === 'wallet' ? undefined : place, wallet, id }
  }
  return { key, place, wallet: undefined, id: undefined }
}

function keyOf(
  { store, now }: Permitting,
  { access, headers }: Incoming,
): { readonly key: V1Key; readonly text: string } {
  const [, text = ''] = /^api-key (.+)$/i.exec(header(headers, 'authorization')) ?? []
  const nowMs = now()
  const key = store.keys.find(text, nowMs)
  if (key === undefined || !KINDS[access].includes(key.kind)) return refuse()
  store.keys.markUsed(key.prefix, nowMs)
  return { key, text }
}

function demandPlace({ book }: Permitting, place: PlaceId | undefined): PlaceId {
  if (place === undefined || book.state.get('place', place) === undefined) return refuse()
  return place
}

/** A place with Lespass and no till yet has nobody who could sign: its key is enough. */
async function placeSignature(
  means: Permitting,
  request: Incoming,
  { place, text }: { readonly place: PlaceId; readonly text: string },
): Promise<TxId | undefined> {
  const { lespassDomain, laboutikPem } = means.store.places.get(place)
  if (laboutikPem === null) return lespassDomain === null ? refuse() : undefined
  const signature = header(request.headers, 'signature')
  if (signature === '') return refuse()
  const texts = request.method === 'POST' ? bodyTexts(request) : [text]
  const isSigned = await signsOne(means, laboutikPem, { texts, signature })
  return (isSigned ? idOf(means, signature) : undefined) ?? refuse()
}

/**
 * What the signature of a body may cover: the body as Python prints it, which is what clients send. Only when it is not
 * signed as it came is it printed here.
 */
function* bodyTexts({ bytes, body }: Incoming): Generator<string> {
  const read = body()
  yield signedTextOfBytes(bytes)
  yield signedTextOf(read)
}

async function walletSignature(
  means: Permitting,
  request: Incoming,
): Promise<{ readonly wallet: WalletId; readonly id: TxId }> {
  const { store, now } = means
  const { headers, method } = request
  const id = parseUuid(header(headers, 'wallet'))
  const date = header(headers, 'date')
  const moment = parseDatetime(date)
  const person = id === undefined ? undefined : store.people.byWallet(id as WalletId)
  if (person === undefined || moment === undefined) return refuse('Missing date or wallet')
  const signature = header(headers, 'signature')
  if (signature === '') refuse('Missing signature')
  const texts =
    method === 'POST'
      ? bodyTexts(request)
      : [date, toSignedDate(date)].map((text) => `${person.wallet}:${text}`)
  const isSigned = person.pem !== null && (await signsOne(means, person.pem, { texts, signature }))
  const made = isSigned ? idOf(means, signature) : undefined
  if (made === undefined) return refuse('Invalid signature')
  if (method === 'GET' && !isFresh(moment, now())) refuse('Invalid date')
  return { wallet: person.wallet, id: made }
}

/** Whether a key has signed one of the texts. */
async function signsOne(
  { signatures }: Permitting,
  pem: string,
  { texts, signature }: { readonly texts: Iterable<string>; readonly signature: string },
): Promise<boolean> {
  let before: string | undefined
  for (const text of texts) {
    if (text !== before && (await signatures.isSignedBy(pem, text, signature))) return true
    before = text
  }
  return false
}

/** The signature covers the body, so nobody has another body under the same id. */
function idOf({ hash }: Permitting, signature: string): TxId | undefined {
  const bytes = decodeSignature(signature)
  return bytes && deriveId<TxId>(hash, bytes)
}

function header(headers: Incoming['headers'], name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function refuse(detail = NOT_AUTHENTICATED): never {
  return refuseWithDetail(403, detail)
}
