/**
 * Ed25519 as every verifier of Fedow agrees on it: cofactorless, after refusing what verifiers differ on.
 * Source: docs/spec/tx.md, "Signatures"; RFC 8032; RFC 9864.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, fromBase64url, toBase64url, toUtf8 } from './bytes.ts'
import type { Hash } from './hash.ts'
import type { Kid } from './ids.ts'
import { matching, type Shape } from './shape.ts'

/**
 * Checks one Ed25519 signature: 32-byte key, message, 64-byte signature. Implementations may trust that
 * `isStrictSignature` holds and that the key entered the book through `isStrictKey`.
 */
export type Verify = (x: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** A public key as in a JWK: 32 bytes in base64url. */
export const publicKey: Shape<string> = matching(/^[A-Za-z0-9_-]{43}$/, 'an Ed25519 public key')

const L = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
const P = 2n ** 255n - 19n

/** Ordinates of the eight points of small order, little-endian, sign bit cleared. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** The first byte of each of them. */
const SMALL_ORDER_FIRST: readonly number[] = [0x00, 0x01, 0xec, 0x26, 0xc7]

/** False when s >= L, or when R is not canonical or of small order. */
export function isStrictSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  return isStrictPoint(signature.subarray(0, 32)) && isBelow(signature.subarray(32), L)
}

/**
 * True when a public key may enter the book: 32 canonical bytes of a point on the curve, of prime order
 * ([L]A = 0). Costs a scalar multiplication; needed once per key.
 */
export function isStrictKey(x: string): boolean {
  const bytes = fromBase64url(x)
  if (bytes?.length !== 32 || !isStrictPoint(bytes)) return false
  try {
    return ed25519.Point.fromBytes(bytes).isTorsionFree()
  } catch (cause) {
    if (cause instanceof Error) return false
    throw cause
  }
}

function isStrictPoint(bytes: Uint8Array): boolean {
  // Almost every honest point is told by two of its bytes.
  const high = (bytes[31] ?? 0) & 0x7f
  if (high !== 0x7f && !SMALL_ORDER_FIRST.includes(bytes[0] ?? 0)) return true
  const y = Uint8Array.from(bytes)
  y[31] = (y[31] ?? 0) & 0x7f
  return isBelow(y, P) && !SMALL_ORDER.has(y.toHex())
}

function isBelow(littleEndian: Uint8Array, limit: bigint): boolean {
  // Almost every honest value is decided by its highest byte, without a bigint.
  const high = littleEndian[31] ?? 0
  const limitHigh = Number(limit >> 248n)
  if (high !== limitHigh) return high < limitHigh
  return BigInt(`0x${littleEndian.toReversed().toHex()}`) < limit
}

/**
 * Verifies in plain JavaScript, for pages and vectors: R + [k]A - [S]B = 0, without clearing the cofactor.
 * Answers false for everything that the strict rules refuse.
 */
export const nobleVerify: Verify = (x, message, signature) => {
  if (!isStrictSignature(signature) || !isStrictPoint(x)) return false
  try {
    const a = ed25519.Point.fromBytes(x)
    const r = ed25519.Point.fromBytes(signature.subarray(0, 32))
    const s = ed25519.Point.Fn.fromBytes(signature.subarray(32))
    const k = challenge(signature.subarray(0, 32), x, message)
    const sB = s === 0n ? ed25519.Point.ZERO : ed25519.Point.BASE.multiplyUnsafe(s)
    return r.add(a.multiplyUnsafe(k)).subtract(sB).equals(ed25519.Point.ZERO)
  } catch (cause) {
    if (cause instanceof Error) return false
    throw cause
  }
}

function challenge(r: Uint8Array, x: Uint8Array, message: Uint8Array): bigint {
  const digest = sha512(concat(r, x, message)).reverse()
  return BigInt(`0x${digest.toHex()}`) % L
}

/** The name of a key in tx headers: its RFC 7638 thumbprint, SHA-256. */
export function toKid(hash: Hash, x: string): Kid {
  return toBase64url(hash(toUtf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`))) as Kid
}
