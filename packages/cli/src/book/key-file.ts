/** Ed25519 keys that a person keeps in a file of their own (PEM). */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Kid, nobleHash, toKid } from '@fedow/ledger'
import { SigningKey } from '@fedow/node'
import { Refused } from '../failure.ts'

/** The public half, as the book knows it. */
export interface PublicKey {
  /** As in a JWK. */
  readonly x: string
  readonly kid: Kid
}

/** Makes a key and writes it where nothing is, readable for its owner alone. */
export function writeNewKey(path: string): PublicKey {
  const key = SigningKey.generate()
  try {
    key.write(path)
  } catch (cause) {
    throw new Refused(`The key was not written. ${toReason(cause)}`)
  }
  return { x: key.x, kid: key.kid }
}

/** Reads a private key, to sign with. */
export function readKeyFile(path: string): SigningKey {
  return reading(path, () => SigningKey.read(path))
}

/** Reads the public half of a file with a private or a public key. */
export function readPublicKey(path: string): PublicKey {
  const key = reading(path, (): KeyObject => createPublicKey(readFileSync(path, 'utf8')))
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Refused(
      `${path} is not an Ed25519 key. Nothing was sent. Make one with "fedow key new".`,
    )
  }
  const x = key.export({ format: 'jwk' }).x ?? ''
  return { x, kid: toKid(nobleHash, x) }
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new Refused(`${path} cannot be read as a key: ${toReason(cause)}. Nothing was sent.`)
  }
}

function toReason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
