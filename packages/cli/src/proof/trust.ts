/** Whom a verifier trusts: keys from the command line, or the book that lies in the data folder. */
import {
  checkpointKey,
  fromBase64url,
  type KeyType,
  nobleHash,
  nobleVerify,
  parseVerifierKey,
  type Trust,
  type VerifierKey,
} from '@fedow/ledger'
import { hasGenesis, readGenesis } from '@fedow/node'
import { many } from '../command.ts'
import { Misuse } from '../failure.ts'

/** How verifying commands are told whom to trust. */
export const trustValues = {
  key: many(
    'vkey',
    'the key of a log that you trust, as "fedow checkpoint key" prints it; that of the data folder when absent',
  ),
  witness: many('vkey', 'the key of a witness that you know, as "fedow witness key" prints it'),
}

/** Signatures are checked in this process alone. */
export const MEANS = { hash: nobleHash, verify: nobleVerify }

/** Keys of the command line; without any for logs, that of the book in the folder. Throws Misuse. */
export function readTrust(
  folder: string,
  { key, witness }: { readonly key: readonly string[]; readonly witness: readonly string[] },
): Trust {
  const keys = key.map((text) => readKey(text, 1))
  const witnesses = witness.map((text) => readKey(text, 4))
  const own = keys.length === 0 && hasGenesis(folder) ? [logKeyOf(folder)] : []
  return { keys: [...keys, ...own], witnesses }
}

/** The key under which the book of a folder is sealed. */
export function logKeyOf(folder: string): VerifierKey {
  const { genesis, chain } = readGenesis(folder)
  return checkpointKey(fromBase64url(genesis.checkpoint) ?? new Uint8Array(), chain)
}

const WHAT: Readonly<Record<KeyType, string>> = {
  1: 'a log ("fedow checkpoint key")',
  4: 'a witness ("fedow witness key")',
}

function readKey(text: string, type: KeyType): VerifierKey {
  const key = parseVerifierKey(nobleHash, text.trim())
  if (key?.type === type) return key
  const what = key === undefined ? 'no verifier key, or one with a mistake in it' : WHAT[key.type]
  throw new Misuse(
    `"${text}" is ${key === undefined ? what : `the key of ${what}`}. The key of ${WHAT[type]} was expected. Nothing was verified.`,
  )
}
