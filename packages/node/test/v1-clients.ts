/**
 * LaBoutik and Lespass as they speak to a node: what they sign and send, byte for byte. Nothing here is shared with the
 * code under test.
 *
 * @module
 */
import { constants, generateKeyPairSync, type KeyObject, privateDecrypt, sign } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import type { PlaceId, WalletId } from '@fedow/ledger'

/** What a body may be: texts, whole numbers, and what holds them. */
export type Body =
  | null
  | boolean
  | number
  | string
  | readonly Body[]
  | { readonly [key: string]: Body }

/** A request with its signature: sent again as it is, it is a replay. */
export interface V1Sendable {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface V1Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  /** The body as JSON; undefined when there is none. Numbers are doubles here. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of each answer.
  readonly json: any
}

const agent = new Agent({ keepAlive: true })

/** Sends a request as it stands. */
export function sendTo(
  origin: string,
  { method, path, headers, body }: V1Sendable,
): Promise<V1Response> {
  const { promise, resolve, reject } = Promise.withResolvers<V1Response>()
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { agent, method, path, headers: { ...headers, ...length } }
  const { hostname, port } = new URL(origin)
  const request = httpRequest({ ...options, hostname, port }, (response) => {
    const parts: Buffer[] = []
    response.on('data', (part: Buffer) => parts.push(part))
    response.on('error', reject)
    response.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const { statusCode: status = 0, headers: answered } = response
      resolve({ status, headers: answered, text, json: text === '' ? undefined : JSON.parse(text) })
    })
  })
  request.on('error', reject)
  request.end(body)
  return promise
}

/** A body as Python's encoder prints it. */
export function pythonText(value: Body): string {
  if (typeof value === 'string') return toAscii(JSON.stringify(value))
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`
  const members = Object.entries(value).map(([key, of]) => `${pythonText(key)}: ${pythonText(of)}`)
  return `{${members.join(', ')}}`
}

function toAscii(text: string): string {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** An RSA key of 2048 bits as both clients make them. */
export class RsaKey {
  readonly #key: KeyObject
  /** 451 characters with the final newline. */
  readonly pem: string

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    this.#key = privateKey
    this.pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  }

  /** URL-safe base64 with padding; another one each time. */
  sign(text: string): string {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const saltLength = constants.RSA_PSS_SALTLEN_MAX_SIGN
    const bytes = sign('sha256', Buffer.from(text), { key: this.#key, padding, saltLength })
    return toUrlSafe(bytes)
  }

  signBody(body: Body): string {
    return this.sign(toUrlSafe(Buffer.from(pythonText(body))))
  }

  get privateKey(): KeyObject {
    return this.#key
  }

  /** Opens what was encrypted for this key: RSA-OAEP over SHA-256. */
  decrypt(bytes: Uint8Array): Uint8Array {
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    return privateDecrypt({ key: this.#key, padding, oaepHash: 'sha256' }, bytes)
  }
}

export function toUrlSafe(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

/** Local time without offset as Python prints it; `offsetMs` is what the zone is ahead of UTC. */
export function naiveDate(nowMs = Date.now(), offsetMs = 0): string {
  const micros = String(Math.floor(Math.random() * 999) + 1).padStart(3, '0')
  return new Date(nowMs + offsetMs).toISOString().replace('Z', micros)
}

/** A till: every request is signed by the key of its place. */
export class LaBoutik {
  readonly origin: string
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly apiKey: string
  readonly rsa: RsaKey

  constructor(of: {
    readonly origin: string
    readonly place: PlaceId
    readonly wallet: WalletId
    readonly apiKey: string
    readonly rsa: RsaKey
  }) {
    this.origin = of.origin
    this.place = of.place
    this.wallet = of.wallet
    this.apiKey = of.apiKey
    this.rsa = of.rsa
  }

  signedGet(path: string): V1Sendable {
    const headers = {
      authorization: `Api-Key ${this.apiKey}`,
      signature: this.rsa.sign(this.apiKey),
    }
    return { method: 'GET', path, headers }
  }

  signedPost(path: string, body: Body): V1Sendable {
    const headers = {
      authorization: `Api-Key ${this.apiKey}`,
      signature: this.rsa.signBody(body),
      'content-type': 'application/json',
    }
    return { method: 'POST', path, headers, body: pythonText(body) }
  }

  get(path: string): Promise<V1Response> {
    return this.send(this.signedGet(path))
  }

  post(path: string, body: Body): Promise<V1Response> {
    return this.send(this.signedPost(path, body))
  }

  send(request: V1Sendable): Promise<V1Response> {
    return sendTo(this.origin, request)
  }
}

/** Somebody who logs in at Lespass, which keeps their key. */
export interface V1TestPerson {
  readonly email: string
  readonly rsa: RsaKey
  /** Empty until they have one. */
  readonly wallet: WalletId | ''
}

/** Lespass for one place: it sends its key and the date always, and signs when a person acts. */
export class Lespass {
  readonly origin: string
  readonly apiKey: string
  /** What its clock is ahead of UTC. */
  readonly offsetMs: number

  constructor(of: {
    readonly origin: string
    readonly apiKey: string
    readonly offsetMs?: number
  }) {
    this.origin = of.origin
    this.apiKey = of.apiKey
    this.offsetMs = of.offsetMs ?? 0
  }

  signedGet(
    path: string,
    person?: V1TestPerson,
    date = naiveDate(Date.now(), this.offsetMs),
  ): V1Sendable {
    const headers = { authorization: `Api-Key ${this.apiKey}`, date }
    if (person === undefined) return { method: 'GET', path, headers }
    const { wallet, rsa } = person
    const signature = rsa.sign(`${wallet}:${date}`)
    return { method: 'GET', path, headers: { ...headers, wallet, signature } }
  }

  signedPost(path: string, body: Body, person?: V1TestPerson): V1Sendable {
    const date = naiveDate(Date.now(), this.offsetMs)
    const type = { 'content-type': 'application/json' }
    const headers = { authorization: `Api-Key ${this.apiKey}`, date, ...type }
    const text = pythonText(body)
    if (person === undefined) return { method: 'POST', path, headers, body: text }
    const { wallet, rsa } = person
    const signed = { ...headers, wallet, signature: rsa.signBody(body) }
    return { method: 'POST', path, headers: signed, body: text }
  }

  get(path: string, person?: V1TestPerson): Promise<V1Response> {
    return this.send(this.signedGet(path, person))
  }

  post(path: string, body: Body, person?: V1TestPerson): Promise<V1Response> {
    return this.send(this.signedPost(path, body, person))
  }

  send(request: V1Sendable): Promise<V1Response> {
    return sendTo(this.origin, request)
  }
}

/** The form of the handshake: signed as JSON, sent as a form. */
export function handshakeRequest(of: {
  readonly tempKey: string
  readonly place: string
  readonly rsa: RsaKey
}): V1Sendable {
  const fields = {
    fedow_place_uuid: of.place,
    cashless_ip: '203.0.113.7',
    cashless_url: 'https://laboutik.example.org/',
    cashless_admin_apikey: `aaaaaaaa.${'b'.repeat(32)}`,
    cashless_rsa_pub_key: of.rsa.pem,
    dokos_id: 'None',
  }
  return {
    method: 'POST',
    path: '/place/handshake/',
    headers: {
      authorization: `Api-Key ${of.tempKey}`,
      signature: of.rsa.signBody(fields),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields).toString(),
  }
}
