/** Balance statements: records of one sealed height with their proofs. */
import {
  type AssetId,
  decode,
  encodeStatement,
  RECORDS,
  type StatementParts,
  type StateProof,
  toRecordKey,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader, SealedBlock } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'

/** Where the records of the last seal and their proofs come from. */
export interface StatementMeans {
  readonly book: Pick<BookReader, 'lastSealed'>
  readonly noteOf: (block: SealedBlock) => string
  /** The canonical JSON of a record. */
  readonly sealed: (key: string) => string | undefined
  /** `undefined` when the height is not one of the last sealed ones. */
  readonly prove: (height: number, key: string) => Promise<StateProof | undefined>
}

/** Whose statement, and an account that the wallet may not list. */
export interface StatementOrder {
  readonly wallet: WalletId
  readonly asset?: AssetId | undefined
}

/** Only a node that seals a dozen blocks while it answers needs another try. */
const TRIES = 3

/** The statement after the last seal; `undefined` while the wallet is not sealed. */
export async function statementOf(
  means: StatementMeans,
  order: StatementOrder,
): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    // Read at one moment, so that the values are those of this height, whatever is sealed before its proofs come.
    const block = means.book.lastSealed()
    const values = valuesOf(means, order)
    if (block === undefined || values === undefined) return undefined
    const records = await proven(means, block.height, values)
    const { wallet } = order
    if (records !== undefined) {
      return encodeStatement(sha256, { wallet, records, checkpoint: means.noteOf(block) })
    }
  }
  return undefined
}

interface Value {
  readonly key: string
  readonly value: string | undefined
}

function valuesOf(
  { sealed }: StatementMeans,
  { wallet, asset }: StatementOrder,
): Value[] | undefined {
  const key = toRecordKey('wallet', wallet)
  const value = sealed(key)
  if (value === undefined) return undefined
  const { assets } = RECORDS.wallet(decode(value), key)
  const wanted = asset === undefined || assets.includes(asset) ? assets : [...assets, asset]
  const accounts = wanted.map((id) => toRecordKey('account', `${wallet}/${id}`))
  return [{ key, value }, ...accounts.map((one) => ({ key: one, value: sealed(one) }))]
}

async function proven(
  { prove }: StatementMeans,
  height: number,
  values: readonly Value[],
): Promise<StatementParts['records'] | undefined> {
  const proofs = await Promise.all(values.map(({ key }) => prove(height, key)))
  const records = values.flatMap((one, index) => {
    const proof = proofs[index]
    return proof === undefined ? [] : [{ ...one, proof }]
  })
  return records.length === values.length ? records : undefined
}
