/** Signatures as v1's clients make them: RSA-PSS over SHA-256, and what they are made over. */
import { constants, createPublicKey, type KeyObject, publicEncrypt, verify } from 'node:crypto'
import { type Json, printPython } from './json.ts'

/** Whether the key made the signature over the UTF-8 bytes of the text, with a salt of any length. Never throws. */
export function isSignedBy(pem: string, text: string, signatureText: string): boolean {
  const publicKey = keyOf(pem)
  const signature = decodeSignature(signatureText)
  if (!publicKey || !signature) return false
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_AUTO: saltLength } = constants
  return verify('sha256', Buffer.from(text), { key: publicKey, padding, saltLength }, signature)
}

/** Whether it is an RSA public key of 2048 bits or more, as SubjectPublicKeyInfo. */
export function isUsablePem(pem: string): boolean {
  return keyOf(pem) !== undefined
}

/** What a POST signs: URL-safe base64, with its padding, of the body as Python prints it. */
export function signedTextOf(body: Json): string {
  return signedTextOfBytes(Buffer.from(printPython(body), 'latin1'))
}

/** The same of a body that Python has printed. */
export function signedTextOfBytes(body: Uint8Array): string {
  return body.toBase64({ alphabet: 'base64url' })
}

/** RSA-OAEP over SHA-256, as URL-safe base64 with its padding. Throws on a key that is not usable. */
export function encryptFor(pem: string, text: string): string {
  const publicKey = keyOf(pem)
  if (!publicKey) throw new Error('this PEM is no RSA public key of 2048 bits or more')
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const encrypted = publicEncrypt(
    { key: publicKey, padding, oaepHash: 'sha256' },
    Buffer.from(text),
  )
  return encrypted.toBase64({ alphabet: 'base64url' })
}

const SIGNATURE_TEXT_MAX = 8_192
const FOREIGN = /[^A-Za-z0-9+/_=-]/g
/** As every client sends it: whole groups of four, the last one padded. */
const USUAL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/

/**
 * The bytes of a signature, by the leniency of Python's decoder: either alphabet, foreign characters ignored, nothing
 * read after the padding. Undefined: the padding is wrong.
 */
export function decodeSignature(text: string): Uint8Array | undefined {
  if (text.length > SIGNATURE_TEXT_MAX) return undefined
  if (USUAL.test(text)) return Buffer.from(text, 'base64url')
  const signs = signsOf(text.replace(FOREIGN, ''))
  return signs === undefined ? undefined : Buffer.from(signs, 'base64url')
}

/** The signs before the padding that ends a group of four; padding elsewhere counts for nothing. */
function signsOf(text: string): string | undefined {
  let signs = ''
  for (const [run = '', chars = '', padding = ''] of text.matchAll(/([^=]*)(=*)/g)) {
    if (run === '') break
    signs += chars
    const rest = signs.length % 4
    if (rest >= 2 && rest + padding.length >= 4) return signs
  }
  return signs.length % 4 === 0 ? signs : undefined
}

const RSA_BITS_MIN = 2_048
/** A larger key or exponent costs the time of others, and does not fit the fields of v1. */
const RSA_BITS_MAX = 4_096
const EXPONENT_MAX = 2n ** 32n
const PEM_MAX = 1_024
const PUBLIC_KEY = /^\s*-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----\s*$/

const KEYS_MAX = 10_000
const keys = new Map<string, KeyObject>()

function keyOf(pem: string): KeyObject | undefined {
  const known = keys.get(pem)
  if (known) return known
  const parsed = parsePem(pem)
  if (!parsed) return undefined
  if (keys.size >= KEYS_MAX) keys.delete(keys.keys().next().value ?? '')
  keys.set(pem, parsed)
  return parsed
}

function parsePem(pem: string): KeyObject | undefined {
  if (pem.length > PEM_MAX || !PUBLIC_KEY.test(pem)) return undefined
  const parsed = readPem(pem)
  if (parsed?.asymmetricKeyType !== 'rsa') return undefined
  const { modulusLength = 0, publicExponent = 0n } = parsed.asymmetricKeyDetails ?? {}
  const isFitting = modulusLength >= RSA_BITS_MIN && modulusLength <= RSA_BITS_MAX
  return isFitting && publicExponent >= 3n && publicExponent < EXPONENT_MAX ? parsed : undefined
}

function readPem(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    // OpenSSL has many words for bytes that are no key; all mean the same here.
    return undefined
  }
}
