import type { TxId } from '@fedow/ledger'

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array }

/** A new UUID of version 7 (RFC 9562): the milliseconds of now, then 74 random bits. */
export function newTxId(nowMs: number = Date.now()): TxId {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(nowMs) << 16n) | BigInt(randomBits(bytes)))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return `${cuts.join('-')}-${hex.slice(20)}` as TxId
}

function randomBits(bytes: Uint8Array): number {
  return ((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)
}
