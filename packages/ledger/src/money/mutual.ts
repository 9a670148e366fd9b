/** Mutual credit: balances below zero, down to a limit; nobody makes it, so that they sum to zero. Source: docs/spec/mutual-credit.md. */
import { AMOUNT_MAX, type Amount, mulDivFloor, ZERO } from '../amount.ts'
import type { Change, Context } from '../context.ts'
import type { AssetId, WalletId } from '../ids.ts'
import type { Asset } from '../records.ts'
import { policyAt } from '../registry/asset.ts'
import { demand } from '../rejection.ts'
import type { StateReader } from '../state/reader.ts'

const PPM = 1_000_000n

/** One wallet's account in one asset. */
interface AccountName {
  readonly wallet: WalletId
  readonly asset: AssetId
}

/**
 * How far below zero an account may go: 0 but for mutual credit.
 *
 * A limit that its place has granted grows with what the account ever earned, when the policy says so, up to the
 * policy's most. Without a granted limit nothing grows.
 *
 * Units: minor units. Rounding: down, against the holder. Source: docs/spec/mutual-credit.md, "Limits".
 */
export function creditLimit(
  state: StateReader,
  { wallet, asset: id }: AccountName,
  timeMs: number,
): bigint {
  const asset = state.get('asset', id)
  if (asset?.kind !== 'MUT') return 0n
  const { limit, earned } = state.get('credit', `${wallet}/${id}`) ?? { limit: ZERO, earned: ZERO }
  const { creditGrowth } = policyAt(asset, timeMs)
  if (creditGrowth === undefined || limit === 0n || limit >= creditGrowth.max) return limit
  const grown = limit + mulDivFloor(earned, BigInt(creditGrowth.ratePpm), PPM)
  return grown < creditGrowth.max ? grown : creditGrowth.max
}

/** An amount of an asset that a wallet is about to receive. */
interface Receipt {
  readonly id: AssetId
  readonly asset: Asset
  readonly amount: Amount
}

/**
 * Demands that a wallet can be given mutual credit: no supply keeps its balance inside the range of amounts, as that of
 * other assets does.
 *
 * Rejects with: supply_limit.
 */
export function demandMutualRoom(
  ctx: Context,
  wallet: WalletId,
  receipts: readonly Receipt[],
): void {
  for (const { id, asset, amount } of receipts) {
    if (asset.kind !== 'MUT') continue
    const left = AMOUNT_MAX - (ctx.state.get('account', `${wallet}/${id}`)?.balance ?? 0n)
    demand(amount <= left, () => ({ code: 'supply_limit', asset: id, left }))
  }
}

/** Counts what a wallet earns in mutual credit. Rejects with: supply_limit. */
export function earn(
  ctx: Context,
  wallet: WalletId,
  receipts: readonly Receipt[],
): readonly Change[] {
  demandMutualRoom(ctx, wallet, receipts)
  return receipts.flatMap(({ id, asset, amount }) => {
    if (asset.kind !== 'MUT' || amount === 0n) return []
    const account = `${wallet}/${id}`
    const { limit, earned } = ctx.state.get('credit', account) ?? { limit: ZERO, earned: ZERO }
    const total = earned + amount
    const record = { limit, earned: (total < AMOUNT_MAX ? total : AMOUNT_MAX) as Amount }
    return [{ kind: 'credit', id: account, record }]
  })
}
