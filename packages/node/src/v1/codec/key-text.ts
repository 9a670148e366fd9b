/** API keys as v1 makes and stores them: a prefix of 8 characters, a dot, a secret of 32. */
import { hash, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const PREFIX_LENGTH = 8
const SECRET_LENGTH = 32
/** Bytes from here on would make the first signs likelier than the others. */
const FAIR_BYTES = 256 - (256 % SIGNS.length)

/** A new key of 41 characters, all equally likely. */
export function newKeyText(random: (count: number) => Uint8Array): string {
  return `${randomSigns(PREFIX_LENGTH, random)}.${randomSigns(SECRET_LENGTH, random)}`
}

function randomSigns(length: number, random: (count: number) => Uint8Array): string {
  let signs = ''
  while (signs.length < length) {
    for (const byte of random(length - signs.length)) {
      if (byte < FAIR_BYTES) signs += SIGNS.charAt(byte % SIGNS.length)
    }
  }
  return signs
}

const KEY = /^([A-Za-z0-9]{8})\.[A-Za-z0-9]{32}$/

/** What a key is found by. Undefined: the text is no key. */
export function prefixOf(text: string): string | undefined {
  return KEY.exec(text)?.[1]
}

const SHA512 = 'sha512$$'

/** What is stored of a key. */
export function hashKeyText(text: string): string {
  return SHA512 + hash('sha512', text)
}

/** Whether the key has this hash: of ours, or of the kind that older versions of v1 made. */
export function verifyKeyText(text: string, stored: string): boolean {
  if (stored.startsWith(SHA512)) return isSameText(hashKeyText(text), stored)
  const parts = PBKDF2.exec(stored)?.groups
  if (!parts) return false
  const { iterations, salt = '', digest = '' } = parts
  if (Number(iterations) > ITERATIONS_MAX) return false
  const derived = pbkdf2Sync(text, salt, Number(iterations), 32, 'sha256')
  return isSameText(derived.toString('base64'), digest)
}

const PBKDF2 =
  /^pbkdf2_sha256\$(?<iterations>[1-9]\d{0,7})\$(?<salt>[^$]+)\$(?<digest>[A-Za-z0-9+/]{43}=)$/
/** More would stop everyone else for seconds. */
const ITERATIONS_MAX = 2_000_000

function isSameText(one: string, other: string): boolean {
  const [bytes, others] = [Buffer.from(one), Buffer.from(other)]
  return bytes.length === others.length && timingSafeEqual(bytes, others)
}
