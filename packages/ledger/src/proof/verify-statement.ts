/**
 * Says what a balance statement proves, offline. The order of the checks is that of docs/spec/statements.md; the
 * first that fails names the reason.
 */
import { type Amount, ZERO } from '../amount.ts'
import { decode } from '../codec.ts'
import { type AssetId, assetId, type WalletId } from '../ids.ts'
import { listsAccounts } from '../post.ts'
import { RECORDS, toRecordKey, type Wallet } from '../records.ts'
import { Malformed, type Shape } from '../shape.ts'
import type { Means } from './checkpoint.ts'
import { isProven } from './state-proof.ts'
import { parseStatement, type ShownRecord, type Statement } from './statement.ts'
import { type Trust, trustCheckpoint, type Vouchers } from './trust.ts'
import { prove, refute, toVerdict, type Verdict, wellFormed } from './verdict.ts'

/** One account as the state had it. Minor units; the balance of an issuance account is not above zero. */
export interface StatedAccount {
  readonly asset: AssetId
  readonly balance: bigint
  /** Reserved by holds; available = balance - held. */
  readonly held: Amount
  /** False: the wallet never had an account in this asset, and balance and held are zero. */
  readonly isOpen: boolean
}

/** What a proven statement says: balances after the block `sealed`, not now. */
export interface StatementFacts extends Vouchers {
  readonly wallet: WalletId
  readonly kind: Wallet['kind']
  /** True: these are all accounts of the wallet. False, for the keeper's: those that were asked for. */
  readonly isComplete: boolean
  readonly accounts: readonly StatedAccount[]
}

/**
 * Verifies a statement against the keys that the verifier trusts.
 *
 * The reasons, in the order of the checks: malformed (the file), those of `trustCheckpoint`, malformed (keys of
 * records), not_in_state, wallet_absent, malformed (records), account_missing, damaged.
 */
export function verifyStatement(means: Means, json: string, trust: Trust): Verdict<StatementFacts> {
  return toVerdict(() => {
    const { content: statement, isUndamaged } = wellFormed(parseStatement(json))
    const { checkpoint, vouchers } = trustCheckpoint(means, statement.checkpoint, trust)
    const { wallet } = statement
    const { own, accounts: shown } = readRecords(statement)
    const root = checkpoint.state
    for (const { key, value, proof } of statement.records) {
      const claim = { root, key, value: value ?? undefined, proof }
      prove(isProven(means.hash, claim), () => ({ code: 'not_in_state', key }))
    }
    const record = readValue(own, RECORDS.wallet) ?? refute({ code: 'wallet_absent', wallet })
    const accounts = [...shown].map(([asset, record]) => toStated(asset, record))
    const open = new Set(accounts.filter(({ isOpen }) => isOpen).map(({ asset }) => asset))
    const missing = record.assets.find((asset) => !open.has(asset))
    if (missing !== undefined) refute({ code: 'account_missing', wallet, asset: missing })
    prove(isUndamaged(means.hash), () => ({ code: 'damaged' }))
    return { ...vouchers, wallet, kind: record.kind, isComplete: listsAccounts(record), accounts }
  })
}

interface Records {
  readonly own: ShownRecord
  readonly accounts: ReadonlyMap<AssetId, ShownRecord>
}

/** The wallet's own record first, then its accounts, each once. */
function readRecords({ wallet, records }: Statement): Records {
  const [own, ...rest] = records
  if (own?.key !== toRecordKey('wallet', wallet)) {
    throw new Malformed('.records[0].key', 'the record of the wallet first')
  }
  const prefix = toRecordKey('account', `${wallet}/`)
  const accounts = new Map<AssetId, ShownRecord>()
  for (const [index, record] of rest.entries()) {
    const path = `.records[${index + 1}].key`
    const asset = assetId(record.key.slice(prefix.length), path)
    if (!record.key.startsWith(prefix)) throw new Malformed(path, 'an account of the wallet')
    if (accounts.has(asset)) throw new Malformed(path, 'each account once')
    accounts.set(asset, record)
  }
  return { own, accounts }
}

function readValue<T>({ key, value }: ShownRecord, shape: Shape<T>): T | undefined {
  return value === null ? undefined : shape(decode(value), key)
}

function toStated(asset: AssetId, shown: ShownRecord): StatedAccount {
  const account = readValue(shown, RECORDS.account)
  const { balance, held } = account ?? { balance: 0n, held: ZERO }
  return { asset, balance, held, isOpen: account !== undefined }
}
