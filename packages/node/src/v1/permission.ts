/**
 * Who may call a route, by its class (WIRE.md 2.7). Stricter than v1 where its clients cannot tell: every class but
 * `open` needs a live key, and a key of the handshake opens nothing else.
 */
import { deriveId, type Hash, type PlaceId, type TxId, type WalletId } from '@fedow/ledger'
import type { Json } from './codec/json.ts'
import { NOT_AUTHENTICATED } from './codec/messages.ts'
import { parseDatetime, parseUuid } from './codec/scalars.ts'
import { decodeSignature, signedTextOf } from './codec/signature.ts'
import { isFresh, toSignedDate } from './freshness.ts'
import type { V1Means } from './means.ts'
import { refuseWithDetail } from './refusal.ts'
import type { Access } from './route.ts'
import type { V1Key, V1KeyKind } from './store/keys.ts'
import type { V1Request } from './store/requests.ts'

/** A request before it is known whose it is. */
export interface Incoming {
  readonly access: Access
  readonly method: 'GET' | 'POST'
  /** True when it is kept for ever: its signature does one thing, once. */
  readonly hasEffect: boolean
  /** Path and query, as sent. */
  readonly url: string
  readonly headers: RequestHeaders
  /** From its signature, as `idOf` reads it. */
  readonly id: TxId | undefined
  /** As received. */
  readonly bodyText: string
  /** Reads the body. Throws V1Refusal when it cannot be read. */
  readonly body: () => Json
}

type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** Whose a request is. */
export interface Admitted {
  readonly key: V1Key | undefined
  readonly place: PlaceId | undefined
  readonly wallet: WalletId | undefined
  /** What its signature was noted for. Absent when nothing was signed. */
  readonly noted: NotedRequest | undefined
}

/** A request that is noted under its signature. */
export interface NotedRequest {
  /** Of the tx that it may make. */
  readonly id: TxId
  /** Method, path, and who signed: the same signature of another key is another one. */
  readonly route: string
  readonly timeMs: number
  /** The request of this signature that was there before, which stands. */
  readonly before: V1Request | undefined
}

type Permitting = Pick<V1Means, 'store' | 'book' | 'now' | 'intake'>

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
    return { key: undefined, place: undefined, wallet: undefined, noted: undefined }
  }
  const { key, text } = keyOf(means, request)
  const place = key.place ?? undefined
  if (access === 'place-signature') {
    const noted = await placeSignature(means, request, { place: demandPlace(means, place), text })
    return { key, place, wallet: undefined, noted }
  }
  if (access === 'place' || access === 'place-and-wallet') demandPlace(means, place)
  if (access === 'wallet' || access === 'place-and-wallet') {
    const { wallet, noted } = await walletSignature(means, request)
    return { key, place: access === 'wallet' ? undefined : place, wallet, noted }
  }
  return { key, place, wallet: undefined, noted: undefined }
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
): Promise<NotedRequest | undefined> {
  const { lespassDomain, laboutikPem: pem } = means.store.places.get(place)
  if (pem === null) return lespassDomain === null ? refuse() : undefined
  const texts = request.method === 'POST' ? bodyTexts(request) : [text]
  return (await take(means, request, { pem, signer: place, texts })) ?? refuse()
}

/**
 * What the signature of a body may cover: the body as it came, which is how Python printed it in every client; only when
 * that is not what was signed is it printed so here.
 */
function* bodyTexts({ body }: Incoming): Generator<string | undefined> {
  const read = body()
  yield undefined
  yield signedTextOf(read)
}

async function walletSignature(
  means: Permitting,
  request: Incoming,
): Promise<{ readonly wallet: WalletId; readonly noted: NotedRequest }> {
  const { store, now } = means
  const { headers, method } = request
  const id = parseUuid(header(headers, 'wallet'))
  const date = header(headers, 'date')
  const moment = parseDatetime(date)
  const person = id === undefined ? undefined : store.people.byWallet(id as WalletId)
  if (person === undefined || moment === undefined) return refuse('Missing date or wallet')
  if (header(headers, 'signature') === '') refuse('Missing signature')
  const texts =
    method === 'POST'
      ? bodyTexts(request)
      : [date, toSignedDate(date)].map((text) => `${person.wallet}:${text}`)
  const { pem, wallet } = person
  const isLate = method === 'GET' && !isFresh(moment, now())
  const signed = pem === null ? undefined : { pem, signer: wallet, texts, isLate }
  const noted = signed && (await take(means, request, signed))
  if (noted === undefined) return refuse('Invalid signature')
  if (isLate) refuse('Invalid date')
  return { wallet, noted }
}

interface Signing {
  readonly pem: string
  readonly signer: PlaceId | WalletId
  /** What the signature may cover; undefined: the body as it came. */
  readonly texts: Iterable<string | undefined>
  /** True when it is refused anyway: it is checked, and not noted. */
  readonly isLate?: boolean
}

/** Notes a request when its key has signed one of the texts; undefined when it has not. Refuses one of elsewhere. */
async function take(
  { intake, now }: Permitting,
  request: Incoming,
  { pem, signer, texts, isLate = false }: Signing,
): Promise<NotedRequest | undefined> {
  const { id, method, url, headers, bodyText: body } = request
  if (id === undefined) return undefined
  const signature = header(headers, 'signature')
  const route = `${method} ${url} ${signer}`
  const timeMs = now()
  const isRead = method === 'GET' && !isLate
  const note = { id, route, body, timeMs, isRead, hasEffect: request.hasEffect && !isLate }
  let tried: string | undefined
  for (const text of texts) {
    if (text !== undefined && text === tried) continue
    tried = text
    const taken = await intake.take({ pem, signature, text, note })
    if (taken === 'elsewhere') return refuse()
    if (taken !== 'unsigned')
      return { id, route, timeMs, before: taken === 'new' ? undefined : taken }
  }
  return undefined
}

/** The id of what a request may make. The signature covers the body, so nobody has another body under the same id. */
export function idOf(hash: Hash, headers: RequestHeaders): TxId | undefined {
  const bytes = decodeSignature(header(headers, 'signature'))
  return bytes === undefined || bytes.length === 0 ? undefined : deriveId<TxId>(hash, bytes)
}

function header(headers: RequestHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function refuse(detail = NOT_AUTHENTICATED): never {
  return refuseWithDetail(403, detail)
}
