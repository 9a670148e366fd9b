import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { toBase64url, type Verify } from '@fedow/ledger'

/** Most parsed keys kept. */
const KEYS_KEPT = 10_000

/**
 * Ed25519 by the machine's own library. The strict refusals come before, in the ledger: here s, R and A are
 * already known to be sound.
 */
export class SignatureCheck {
  readonly #keys = new Map<string, KeyObject>()

  /** On this thread: the quickest way for a lone payment. */
  now(x: string, message: string, signature: Uint8Array): boolean {
    return verify(null, Buffer.from(message, 'ascii'), this.#key(x), signature)
  }

  /** As the proofs of the ledger want it: bytes under a key that is known to be strict. */
  readonly verify: Verify = (x, message, signature) =>
    verify(null, message, this.#key(toBase64url(x)), signature)

  /** In the thread pool: many at a time, on every core. */
  inPool(x: string, message: string, signature: Uint8Array): Promise<boolean> {
    const key = this.#key(x)
    return new Promise((resolve, reject) => {
      verify(null, Buffer.from(message, 'ascii'), key, signature, (cause, isValid) => {
        if (cause) reject(cause)
        else resolve(isValid)
      })
    })
  }

  #key(x: string): KeyObject {
    const known = this.#keys.get(x)
    if (known !== undefined) return known
    if (this.#keys.size >= KEYS_KEPT) this.#keys.clear()
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    this.#keys.set(x, key)
    return key
  }
}
