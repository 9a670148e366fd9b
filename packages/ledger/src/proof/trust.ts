import { toHex } from '../bytes.ts'
import type { ChainId } from '../ids.ts'
import {
  type CheckedSignature,
  type Checkpoint,
  chainOfOrigin,
  checkSignatures,
  type Means,
  originOf,
  parseCheckpoint,
} from './checkpoint.ts'
import { type KeyType, keyId, parseNote, type VerifierKey } from './note.ts'
import { prove, wellFormed } from './verdict.ts'

/** Whose signatures count: given by who verifies, never taken from what is verified. */
export interface Trust {
  /** Keys of logs (type 1). Their names say which chains are known. */
  readonly keys: readonly VerifierKey[]
  /** Keys of witnesses (type 4). */
  readonly witnesses: readonly VerifierKey[]
}

/** A known key whose signature holds. `key`: its id, in hex. */
export interface Signer {
  readonly name: string
  readonly key: string
}

/** A witness, and when it co-signed, in seconds since 1970. */
export interface Cosigner extends Signer {
  readonly timeS: number
}

/** Who stands behind a checkpoint. */
export interface Vouchers {
  readonly chain: ChainId
  /** Leaves of the history, and the height of the block, that the checkpoint seals. */
  readonly size: number
  readonly sealed: number
  /** Trusted log keys that signed: one or more. */
  readonly signed: readonly Signer[]
  /** Known witnesses that co-signed. */
  readonly cosigned: readonly Cosigner[]
  /** Names on signatures of unknown keys, which nobody checked: they prove nothing. */
  readonly unknownCosigners: readonly string[]
}

/** A checkpoint, and who stands behind it. */
export interface TrustedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly vouchers: Vouchers
}

/**
 * Reads the checkpoint of a receipt or statement, and checks the signatures on it.
 *
 * Refuted with, in this order: malformed, nobody_trusted, other_chain, unknown_log_key, bad_log_signature,
 * bad_cosignature.
 */
export function trustCheckpoint(means: Means, text: string, trust: Trust): TrustedCheckpoint {
  const note = wellFormed(parseNote(text), '.checkpoint')
  const checkpoint = wellFormed(parseCheckpoint(note.text), '.checkpoint')
  const { chain, size, height } = checkpoint
  const logs = checkSignatures(means, note, logKeys(trust, chain))
  const ids = note.signatures.filter(({ name }) => name === originOf(chain))
  const keys = ids.map(({ id }) => toHex(id))
  prove(logs.length > 0, () => ({ code: 'unknown_log_key', chain, keys }))
  const witnesses = checkSignatures(means, note, ofType(trust.witnesses, 4))
  for (const one of logs) demandValid(means, one, 'bad_log_signature')
  for (const one of witnesses) demandValid(means, one, 'bad_cosignature')
  const signed = logs.map(({ key }) => toSigner(means, key))
  const cosigned = witnesses.map(({ key, timeS = 0 }) => ({ ...toSigner(means, key), timeS }))
  const known = new Set([...signed, ...cosigned].map(({ name, key }) => `${name}+${key}`))
  const unknown = note.signatures.filter(({ name, id }) => !known.has(`${name}+${toHex(id)}`))
  const unknownCosigners = unknown.map(({ name }) => name)
  return {
    checkpoint,
    vouchers: { chain, size, sealed: height, signed, cosigned, unknownCosigners },
  }
}

/** The trusted keys of one chain. */
function logKeys(trust: Trust, chain: ChainId): readonly VerifierKey[] {
  const logs = ofType(trust.keys, 1)
  prove(logs.length > 0, () => ({ code: 'nobody_trusted' }))
  const keys = logs.filter(({ name }) => name === originOf(chain))
  const chains = logs.flatMap(({ name }) => chainOfOrigin(name) ?? [])
  prove(keys.length > 0, () => ({ code: 'other_chain', chain, trusted: [...new Set(chains)] }))
  return keys
}

/** A log cannot stand in for a witness, nor a witness for a log. */
function ofType(keys: readonly VerifierKey[], type: KeyType): readonly VerifierKey[] {
  return keys.filter((key) => key.type === type)
}

function demandValid(
  { hash }: Means,
  { key, isValid }: CheckedSignature,
  code: 'bad_log_signature' | 'bad_cosignature',
): void {
  prove(isValid, () => ({ code, name: key.name, key: toHex(keyId(hash, key)) }))
}

function toSigner({ hash }: Means, key: VerifierKey): Signer {
  return { name: key.name, key: toHex(keyId(hash, key)) }
}
