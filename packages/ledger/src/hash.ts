import { sha256 } from '@noble/hashes/sha2.js'

/**
 * SHA-256. Nodes pass the one of `node:crypto`, pages this package's own: the ledger takes it as an
 * argument, so that rules stay free of the machine. The bytes are only lent: they change after the call.
 */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** SHA-256 in plain JavaScript (FIPS 180-4), for pages and vectors. */
export const nobleHash: Hash = (bytes) => sha256(bytes)

declare const TextEncoder: new () => {
  encodeInto(text: string, target: Uint8Array): { readonly written: number }
}

const encoder = new TextEncoder()
/** Where the parts of a hash are put one after the other: a payment hashes often, and an array of its own each time costs more than the hash. */
let slab = new Uint8Array(8_192)

/** The hash of parts, one after the other: bytes as they are, text as UTF-8. */
export function hashParts(hash: Hash, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  let length = 0
  for (const part of parts) {
    // A UTF-16 unit takes at most three bytes.
    reserve(length + (typeof part === 'string' ? part.length * 3 : part.length), length)
    if (typeof part === 'string') length += encoder.encodeInto(part, slab.subarray(length)).written
    else {
      slab.set(part, length)
      length += part.length
    }
  }
  return hash(slab.subarray(0, length))
}

function reserve(size: number, kept: number): void {
  if (size <= slab.length) return
  const larger = new Uint8Array(size * 2)
  larger.set(slab.subarray(0, kept))
  slab = larger
}
