import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type Kid, toBase64url, toKid } from '@fedow/ledger'
import { writeNewFile } from './durable-file.ts'
import { sha256 } from './hash.ts'
import { SigningThread } from './signing-thread.ts'

/** An Ed25519 key that signs for this node. The secret leaves the object for its own thread alone. */
export class SigningKey {
  readonly #key: KeyObject
  /** The public key, as in a JWK. */
  readonly x: string
  readonly kid: Kid

  private constructor(key: KeyObject) {
    this.#key = key
    this.x = createPublicKey(key).export({ format: 'jwk' }).x ?? ''
    this.kid = toKid(sha256, this.x)
  }

  /** Signs ASCII text; answers base64url. */
  sign(text: string): string {
    return toBase64url(this.signBytes(Buffer.from(text, 'ascii')))
  }

  /** Signs bytes; answers the 64 bytes of the signature. */
  signBytes(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.#key)
  }

  /** The same key with a thread to sign on, which begins with the first need. */
  onThread(onFailed: (cause: unknown) => void): SigningThread {
    return new SigningThread(this, this.#key, onFailed)
  }

  static generate(): SigningKey {
    return new SigningKey(generateKeyPairSync('ed25519').privateKey)
  }

  /** Reads a PEM file (PKCS #8). Throws when there is none, or when it is not an Ed25519 key. */
  static read(path: string): SigningKey {
    if (!existsSync(path)) throw new Error(`${path} is missing. Restore it from a copy.`)
    const key = parsePem(readFileSync(path, 'utf8'))
    if (key?.asymmetricKeyType !== 'ed25519') {
      throw new Error(`${path} is not an Ed25519 key, or damaged. Restore it from a copy.`)
    }
    return new SigningKey(key)
  }

  /** Writes a PEM file that only its owner may read. Refuses to replace one. */
  write(path: string): void {
    const text = String(this.#key.export({ type: 'pkcs8', format: 'pem' }))
    writeNewFile(path, { text, mode: 0o600 })
  }
}

function parsePem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    if ((cause as { code?: string }).code?.startsWith('ERR_OSSL')) return undefined
    throw cause
  }
}
