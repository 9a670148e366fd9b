import { assert, parseVerifierKey, type VerifierKey } from '@fedow/ledger'
import { sha256 } from './hash.ts'

const KEYS_KEPT = 2_000
const keys = new Map<string, VerifierKey>()

/** A key that was read before it was written down. Reading one costs a scalar multiplication: they are kept. */
export function writtenKey(vkey: string): VerifierKey {
  const known = keys.get(vkey)
  if (known !== undefined) return known
  const key = parseVerifierKey(sha256, vkey)
  assert(key !== undefined, `${vkey} is a verifier key`)
  if (keys.size >= KEYS_KEPT) keys.clear()
  keys.set(vkey, key)
  return key
}
