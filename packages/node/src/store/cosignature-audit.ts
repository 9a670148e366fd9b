/** Checks the co-signatures that a node keeps: each over the checkpoint that the book gives at its height. */

import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import {
  type ChainId,
  checkSignatures,
  cosignatureBytes,
  encodeCheckpoint,
  keyId,
  type NoteSignature,
  type VerifierKey,
  type Verify,
} from '@fedow/ledger'
import { connect, isCorruption, isMissing, NewerVersionError, versionOf } from './database.ts'
import { sha256 } from './hash.ts'
import { PEOPLE_FILE, PEOPLE_MIGRATIONS } from './people-db.ts'
import { BookMismatch } from './replay.ts'
import { sealedCheckpoint } from './sealed-checkpoint.ts'
import { writtenKey } from './verifier-keys.ts'

/** The version of the file since which it knows witnesses. */
const WITNESSES_SINCE = 2

export interface KeptCosignature {
  readonly height: number
  readonly key: VerifierKey
  readonly signature: NoteSignature
}

/** Whom a node has asked, and what they co-signed. Nothing when the book came alone. */
export interface KeptCosignatures {
  readonly witnesses: readonly VerifierKey[]
  readonly cosignatures: readonly KeptCosignature[]
}

/**
 * Reads what a folder keeps of its witnesses. To be called before the book is looked at, so that a node that goes on
 * working has sealed whatever is found here.
 */
export function keptCosignatures(folder: string): KeptCosignatures {
  const path = join(folder, PEOPLE_FILE)
  if (isMissing(path)) return { witnesses: [], cosignatures: [] }
  using db = connect(path, { readOnly: true })
  try {
    const version = versionOf(db)
    if (version > PEOPLE_MIGRATIONS.length) {
      throw new NewerVersionError(path, version, PEOPLE_MIGRATIONS.length)
    }
    return version < WITNESSES_SINCE ? { witnesses: [], cosignatures: [] } : read(db)
  } catch (cause) {
    if (isCorruption(cause))
      throw new BookMismatch(0, `${PEOPLE_FILE} is damaged: ${cause.message}`)
    throw cause
  }
}

function read(db: DatabaseSync): KeptCosignatures {
  const keys = new Map<unknown, VerifierKey>()
  for (const { number, vkey } of db.prepare('SELECT number, vkey FROM witness').all()) {
    keys.set(number, writtenKey(String(vkey)))
  }
  const rows = db.prepare('SELECT * FROM cosignature ORDER BY height, witness').all()
  const cosignatures = rows.flatMap(({ height, witness, time_s: timeS, signature }) => {
    const key = keys.get(witness)
    if (key === undefined) return []
    const bytes = cosignatureBytes(Number(timeS), signature as Uint8Array)
    const line = { name: key.name, id: keyId(sha256, key), bytes }
    return [{ height: Number(height), key, signature: line }]
  })
  return { witnesses: [...keys.values()], cosignatures }
}

export interface Book {
  readonly db: DatabaseSync
  readonly chain: ChainId
}

/** Throws BookMismatch at the first that does not hold. The seals of the book are known to hold. */
export function checkCosignatures(
  { db, chain }: Book,
  verify: Verify,
  cosignatures: readonly KeptCosignature[],
): void {
  for (const { height, key, signature } of cosignatures) {
    const checkpoint = sealedCheckpoint(db, chain, height)
    if (checkpoint === undefined) {
      throw new BookMismatch(
        height,
        `${key.name} has co-signed it, as people.db keeps, and the book has no such sealed block: its end was cut off, or it is an older copy`,
      )
    }
    const note = { text: encodeCheckpoint(checkpoint), signatures: [signature] }
    const [checked] = checkSignatures({ hash: sha256, verify }, note, [key])
    if (checked?.isValid !== true) {
      throw new BookMismatch(
        height,
        `it is not the block that ${key.name} has co-signed, as people.db keeps: the history was rewritten since then`,
      )
    }
  }
}
