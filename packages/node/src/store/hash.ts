import { hash } from 'node:crypto'
import type { Hash } from '@fedow/ledger'

/** SHA-256 by the machine's own library. */
export const sha256: Hash = (bytes) => hash('sha256', bytes, 'buffer')
