/**
 * A balance statement: the records of a wallet and its accounts, with their proofs against a checkpoint.
 * Read strictly; what it proves is said by `verifyStatement`. Source: docs/spec/statements.md.
 */
import type { Hash } from '../hash.ts'
import { type WalletId, walletId } from '../ids.ts'
import { ACCOUNTS_PER_WALLET_MAX } from '../records.ts'
import { array, literal, type Malformed, nullable, type Of, object } from '../shape.ts'
import {
  encodeProofFile,
  fileCheck,
  noteText,
  type ProofFile,
  readProofFile,
  text,
} from './proof-file.ts'
import type { StateProof } from './state-proof.ts'
import { encodeStateProof, stateProof } from './state-proof-json.ts'

/** Most records of one statement: the wallet, its accounts, and as many that it never had. */
export const STATEMENT_RECORDS_MAX = 1 + 2 * ACCOUNTS_PER_WALLET_MAX
/** Longest record of a wallet or account, in characters. */
const RECORD_MAX = 65_536

const recordShape = object({
  /** `wallet/<id>` or `account/<wallet>/<asset>`. */
  key: text(128),
  /** The canonical JSON of the record; `null` where there is none. */
  value: nullable(text(RECORD_MAX)),
  proof: stateProof,
})

const statementShape = object({
  v: literal(1),
  kind: literal('statement'),
  wallet: walletId,
  /** The wallet's own record first. */
  records: array(recordShape, { min: 1, max: STATEMENT_RECORDS_MAX }),
  checkpoint: noteText,
  check: fileCheck,
})

/** One record as a statement shows it. */
export type ShownRecord = Of<typeof recordShape>

/** A statement: read, and not yet verified. */
export type Statement = Of<typeof statementShape>

/** Reads a statement; verifies nothing. */
export function parseStatement(json: string): ProofFile<Statement> | Malformed {
  return readProofFile(json, statementShape)
}

/** What a node puts into a statement. */
export interface StatementParts {
  readonly wallet: WalletId
  /** The wallet, then all accounts that it lists, then what else was asked for. */
  readonly records: readonly {
    readonly key: string
    /** The canonical JSON of the record; `undefined` where there is none. */
    readonly value: string | undefined
    readonly proof: StateProof
  }[]
  /** The signed note of the height at which the records were read. */
  readonly checkpoint: string
}

/** Writes a statement: canonical JSON, nothing before or after it. */
export function encodeStatement(
  hash: Hash,
  { wallet, records, checkpoint }: StatementParts,
): string {
  return encodeProofFile(hash, {
    v: 1,
    kind: 'statement',
    wallet,
    records: records.map(({ key, value, proof }) => {
      return { key, value: value ?? null, proof: encodeStateProof(proof) }
    }),
    checkpoint,
  })
}
