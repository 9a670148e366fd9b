import { sha256 } from '@noble/hashes/sha2.js'

/**
 * SHA-256. Nodes pass the one of `node:crypto`, pages this package's own: the ledger takes it as an
 * argument, so that rules stay free of the machine.
 */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** SHA-256 in plain JavaScript (FIPS 180-4), for pages and vectors. */
export const nobleHash: Hash = (bytes) => sha256(bytes)
