/** Text and number forms of bytes, with one accepted spelling each. */

const BASE64URL = { alphabet: 'base64url', omitPadding: true } as const

declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string }
declare const TextEncoder: new () => { encode(text: string): Uint8Array }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes, or `undefined` when they are not valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}

/** Unpadded base64url (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return bytes.toBase64(BASE64URL)
}

/** The bytes of unpadded base64url with zero trailing bits, or `undefined` for any other spelling. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const last = LAST_SIGN[text.length % 4]
  if (last === undefined || !last.test(text.slice(-1)) || !ONLY_SIGNS.test(text)) return undefined
  return Uint8Array.fromBase64(text, { alphabet: 'base64url' })
}

const ONLY_SIGNS = /^[A-Za-z0-9_-]*$/
/** The last sign by the length modulo 4: what it has beyond whole bytes is zero; a rest of one sign is no byte. */
const LAST_SIGN = [/^/, undefined, /[AQgw]$/, /[AEIMQUYcgkosw048]$/] as const

/** Padded base64 (RFC 4648, section 4), as signed notes and proofs have it. */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** The bytes of padded base64 with zero trailing bits, or `undefined` for any other spelling. */
export function fromBase64(text: string): Uint8Array | undefined {
  return PADDED.test(text) ? Uint8Array.fromBase64(text) : undefined
}

const PADDED =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex()
}

/** The bytes of lower-case hexadecimal, or `undefined` for any other spelling. */
export function fromHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})*$/.test(text) ? Uint8Array.fromHex(text) : undefined
}

/** An integer from 0 to 2^53 - 1 as 8 bytes, big-endian. */
export function toU64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** Whether two arrays have the same length and bytes. Takes longer the later they differ: not for secrets. */
export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

/** One array after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
