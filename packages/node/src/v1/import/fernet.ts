/** Texts that v1 keeps encrypted: Fernet, version 0x80 (AES-128-CBC under HMAC-SHA256). */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

/** What opens them: v1's FERNET_KEY. */
export interface FernetKey {
  readonly signing: Buffer
  readonly encryption: Buffer
}

const BASE64 = /^[A-Za-z0-9_-]+={0,2}$/
const VERSION = 0x80
const MAC_LENGTH = 32
/** Version, time, initial vector. */
const HEAD_LENGTH = 1 + 8 + 16
const BLOCK_LENGTH = 16

/** 32 bytes in URL-safe base64, with its padding. Undefined: another text. */
export function parseFernetKey(text: string): FernetKey | undefined {
  const trimmed = text.trim()
  const bytes = Buffer.from(trimmed, 'base64url')
  if (!/^[A-Za-z0-9_-]{43}=$/.test(trimmed) || bytes.length !== 32) return undefined
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) }
}

/** The bytes inside. Undefined: it was closed with another key, or altered. */
export function openFernet(key: FernetKey, text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  const closed = bytes.length - HEAD_LENGTH - MAC_LENGTH
  if (closed < BLOCK_LENGTH || closed % BLOCK_LENGTH !== 0 || bytes[0] !== VERSION) return undefined
  const signed = bytes.subarray(0, -MAC_LENGTH)
  const mac = createHmac('sha256', key.signing).update(signed).digest()
  if (!timingSafeEqual(mac, bytes.subarray(-MAC_LENGTH))) return undefined
  const vector = bytes.subarray(9, HEAD_LENGTH)
  const cipher = createDecipheriv('aes-128-cbc', key.encryption, vector)
  return Buffer.concat([cipher.update(signed.subarray(HEAD_LENGTH)), cipher.final()])
}
