import { createPublicKey, type KeyObject, verify } from 'node:crypto'
// A type alone: the threads that check signatures load no ledger.
import type { Verify } from '@fedow/ledger'

/** Most parsed keys kept. */
const KEYS_KEPT = 10_000

/**
 * Ed25519 by the machine's own library. The strict refusals come before, in the ledger: here s, R and A are
 * already known to be sound. Keys are `x` of a JWK.
 */
export class SignatureCheck {
  readonly #keys = new Map<string, KeyObject>()

  /** Whether ASCII text is signed by a key. */
  isSigned(x: string, text: string, signature: Uint8Array): boolean {
    return verify(null, Buffer.from(text, 'ascii'), this.#key(x), signature)
  }

  /** Whether a compact JWS is signed by a key. */
  isSignedJws(x: string, jws: string): boolean {
    const cut = jws.lastIndexOf('.')
    return this.isSigned(x, jws.slice(0, cut), Buffer.from(jws.slice(cut + 1), 'base64url'))
  }

  /** As the proofs of the ledger want it: bytes under a key that is known to be strict. */
  readonly verify: Verify = (x, message, signature) =>
    verify(null, message, this.#key(Buffer.from(x).toString('base64url')), signature)

  #key(x: string): KeyObject {
    const known = this.#keys.get(x)
    if (known !== undefined) return known
    if (this.#keys.size >= KEYS_KEPT) this.#keys.clear()
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    this.#keys.set(x, key)
    return key
  }
}
