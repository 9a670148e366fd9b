/** The signed envelope. Source: docs/spec/tx.md; RFC 7515, RFC 8785, RFC 9864. */
import { type Action, action } from './action.ts'
import { fromBase64url, fromUtf8, toBase64url, toUtf8 } from './bytes.ts'
import { decode, encode, type Json } from './codec.ts'
import { type ChainId, chainId, type Kid, type TxId, txId } from './ids.ts'
import { array, literal, Malformed, type Of, object, timeMs } from './shape.ts'
import { isStrictSignature } from './signature.ts'

/** Largest tx in characters of its compact form. */
export const TX_MAX = 65_536
/** Most actions in one tx. */
export const ACTIONS_MAX = 16
/** How far ahead of block time `notAfter` may lie, in milliseconds. */
export const NOT_AFTER_MAX_MS = 600_000

const payloadShape = object({
  v: literal(1),
  chain: chainId,
  id: txId,
  actions: array(action, { min: 1, max: ACTIONS_MAX }),
  /** Block time, in milliseconds, from which the tx is refused. */
  notAfter: timeMs,
})

/** What a tx says. */
export interface TxPayload extends Of<typeof payloadShape> {
  readonly actions: readonly Action[]
}

/** A tx as received: the bytes that were signed are the bytes that are kept. */
export interface SignedTx {
  /** JWS compact serialization. */
  readonly jws: string
  readonly kid: Kid
  readonly payload: TxPayload
  /** The payload's canonical JSON. */
  readonly json: string
  readonly signature: Uint8Array
}

const HEADER = /^\{"alg":"Ed25519","kid":"([A-Za-z0-9_-]{43})"\}$/

/**
 * Reads a compact JWS strictly, to the byte; does not check the signature.
 *
 * Answers `Malformed` with the place and what was expected there.
 */
export function parseTx(jws: string): SignedTx | Malformed {
  if (jws.length > TX_MAX) return new Malformed('$', `at most ${TX_MAX} characters`)
  const [header = '', body = '', seal = '', ...more] = jws.split('.')
  if (more.length > 0) return new Malformed('$', 'three parts: header, payload, signature')
  const kid = parseHeader(header)
  if (kid === undefined) return new Malformed('header', 'exactly alg Ed25519 and kid')
  const signature = fromBase64url(seal)
  if (signature === undefined || !isStrictSignature(signature)) {
    return new Malformed('signature', '64 bytes of a strict Ed25519 signature')
  }
  const json = decodeText(body)
  const payload = json === undefined ? undefined : parsePayload(json)
  if (json === undefined || payload === undefined) {
    return new Malformed('payload', 'canonical JSON (RFC 8785) with integers only')
  }
  return payload instanceof Malformed ? payload : { jws, kid, payload, json, signature }
}

/** Headers read, by their text, and written, by their key: a book has few keys, and each signs often. */
const headers = new Map<string, Kid>()
const written = new Map<Kid, string>()
const HEADERS_KEPT = 1_000

function parseHeader(header: string): Kid | undefined {
  const known = headers.get(header)
  if (known !== undefined) return known
  const kid = HEADER.exec(decodeText(header) ?? '')?.[1] as Kid | undefined
  if (kid === undefined) return undefined
  if (headers.size >= HEADERS_KEPT) headers.clear()
  headers.set(header, kid)
  return kid
}

/** Reads the payload's JSON alone, as the book keeps it. */
export function parsePayload(json: string): TxPayload | Malformed | undefined {
  const value = decode(json)
  return value === undefined ? undefined : readPayload(value)
}

function readPayload(value: Json): TxPayload | Malformed {
  try {
    return payloadShape(value, '')
  } catch (cause) {
    if (cause instanceof Malformed) return cause
    throw cause
  }
}

/**
 * Reads back what `encodePayload` wrote: only its shape can be wrong, and half a surrogate pair, which canonical JSON
 * cannot hold and JSON writes as an escape.
 */
export function parseEncoded(json: string): TxPayload | Malformed | undefined {
  return HALF_PAIR.test(json) ? parsePayload(json) : readPayload(JSON.parse(json))
}

const HALF_PAIR = /\\ud/

function decodeText(part: string): string | undefined {
  const bytes = fromBase64url(part)
  return bytes && fromUtf8(bytes)
}

/** The text that a key signs: header and payload of the compact form. */
export function toSigningInput(kid: Kid, json: string): string {
  return `${encodeHeader(kid)}.${toBase64url(toUtf8(json))}`
}

function encodeHeader(kid: Kid): string {
  const known = written.get(kid)
  if (known !== undefined) return known
  const header = toBase64url(toUtf8(`{"alg":"Ed25519","kid":"${kid}"}`))
  if (written.size >= HEADERS_KEPT) written.clear()
  written.set(kid, header)
  return header
}

/** The compact form, rebuilt from what the book keeps. */
export function toJws(kid: Kid, json: string, signature: Uint8Array): string {
  return `${toSigningInput(kid, json)}.${toBase64url(signature)}`
}

/** What a client fills in for a tx; the shape of an action decides the rest. */
export interface UnsignedTx {
  readonly chain: ChainId
  readonly id: TxId
  readonly actions: readonly Action[]
  readonly notAfter: number
}

/** The canonical JSON of a new tx. */
export function encodePayload(tx: UnsignedTx): string {
  return encode({ v: 1, ...tx })
}
