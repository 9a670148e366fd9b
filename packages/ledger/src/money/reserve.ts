/** The euro side of FED: accounts of an internal asset, EUR, that no ordinary wallet holds. */
import type { Amount } from '../amount.ts'
import { assert } from '../assert.ts'
import { type Change, type Context, params } from '../context.ts'
import type { Hash } from '../hash.ts'
import { deriveId, type WalletId } from '../ids.ts'
import { issued } from '../post.ts'
import { ONLY, RESERVE_ACCOUNTS_MAX } from '../records.ts'
import { demand } from '../rejection.ts'
import { matching } from '../shape.ts'
import type { StateReader } from '../state/reader.ts'

/** `bank/…`, `provider/…` or `transit/…`. */
export const reserveName = matching(
  /^(?:bank|provider|transit)\/[a-z0-9][a-z0-9-]{0,31}$/,
  'bank/, provider/ or transit/ and a short name in lower case',
)

/** The same, or what the keeper owes. */
export const reserveAccount = matching(
  /^(?:due-from-keeper|(?:bank|provider|transit)\/[a-z0-9][a-z0-9-]{0,31})$/,
  'due-from-keeper, or bank/, provider/ or transit/ and a short name in lower case',
)

/** The wallet of a reserve account; `due-from-keeper` is one of them. */
export function reserveWalletId(hash: Hash, name: string): WalletId {
  return deriveId<WalletId>(hash, 'reserve', name)
}

/** The account that grows by provider fees and lost disputes only. */
export const DUE_FROM_KEEPER = 'due-from-keeper'

/** Both sides of the federated euro, in cents. */
export interface ReserveSum {
  readonly fedIssued: bigint
  readonly eurIssued: bigint
}

export function reserveSum(state: StateReader, hash: Hash): ReserveSum {
  const { fed, eur } = params(state)
  return { fedIssued: issued(state, hash, fed), eurIssued: issued(state, hash, eur) }
}

/** FED issued = banks + providers + transit + due from keeper: held at every block. */
export function assertReserve(state: StateReader, hash: Hash): void {
  const { fedIssued, eurIssued } = reserveSum(state, hash)
  assert(fedIssued === eurIssued, `${fedIssued} FED are backed by ${eurIssued} EUR`)
}

/**
 * The records of reserve accounts, made on first need: the wallet of each, and the list of them all.
 *
 * Rejects with, in this order: wallet_kind_refused (somebody's wallet has its id), too_many.
 */
export function openReserves(ctx: Context, names: readonly string[]): readonly Change[] {
  const opened = names.flatMap((name) => openWallet(ctx, name))
  if (opened.length === 0) return []
  const before = ctx.state.get('reserve', ONLY)?.accounts ?? []
  const added = opened.map(({ record: { name } }) => ({ name, sinceMs: ctx.timeMs }))
  const accounts = [...before, ...added]
  demand(accounts.length <= RESERVE_ACCOUNTS_MAX, () => ({
    code: 'too_many',
    what: 'reserve accounts',
    max: RESERVE_ACCOUNTS_MAX,
  }))
  return [...opened, { kind: 'reserve', id: ONLY, record: { accounts } }]
}

function openWallet(ctx: Context, name: string) {
  const id = reserveWalletId(ctx.hash, name)
  const kind = ctx.state.get('wallet', id)?.kind
  if (kind === undefined) {
    const record = { kind: 'reserve', name, assets: [] } as const
    return [{ kind: 'wallet', id, record } as const]
  }
  demand(kind === 'reserve', () => ({ code: 'wallet_kind_refused', wallet: id, kind }))
  return []
}

/** The wallet of a reserve account. Rejects with: reserve_account_not_found. */
export function findReserve(ctx: Context, account: string): WalletId {
  const wallet = reserveWalletId(ctx.hash, account)
  demand(ctx.state.get('wallet', wallet)?.kind === 'reserve', () => ({
    code: 'reserve_account_not_found',
    account,
  }))
  return wallet
}

/** The wallet of a reserve account that has so much. Rejects with, in this order: reserve_account_not_found, reserve_short. */
export function demandReserve(
  ctx: Context,
  { account, amount }: { readonly account: string; readonly amount: Amount },
): WalletId {
  const wallet = findReserve(ctx, account)
  const missing = amount - euros(ctx.state, wallet)
  demand(missing <= 0n, () => ({ code: 'reserve_short', account, missing }))
  return wallet
}

/** The euros of a reserve account: no action takes it below zero. */
export function euros(state: StateReader, wallet: WalletId): Amount {
  return (state.get('account', `${wallet}/${params(state).eur}`)?.balance ?? 0n) as Amount
}
