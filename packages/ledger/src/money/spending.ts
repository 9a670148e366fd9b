/** When, and how much in a day, a wallet may spend of an asset. Source: docs/spec/assets.md, "Days". */
import { AMOUNT_MAX, type Amount } from '../amount.ts'
import type { Part } from '../bearer.ts'
import type { Change, Context } from '../context.ts'
import type { AssetId, WalletId } from '../ids.ts'
import { countIn, DAY_MS } from '../limits.ts'
import type { Asset } from '../records.ts'
import { policyAt } from '../registry/asset.ts'
import { dayStartMs, weekdayOf } from '../registry/weekday.ts'
import { demand } from '../rejection.ts'

/**
 * Demands that the policy lets an asset be spent on the running day.
 *
 * Rejects with: asset_not_spendable_today, with the start of the next day on which it may be.
 */
export function demandSpendableToday(
  ctx: Context,
  { id, asset }: { readonly id: AssetId; readonly asset: Asset },
): void {
  const { days, dayStartUtcMinutes } = policyAt(asset, ctx.timeMs)
  if (days === undefined) return
  const today = weekdayOf(ctx.timeMs, dayStartUtcMinutes)
  demand(days.includes(today), () => {
    const next = days.find((day) => day > today) ?? (days[0] as number) + 7
    const nextMs = dayStartMs(ctx.timeMs, dayStartUtcMinutes) + (next - today) * DAY_MS
    return { code: 'asset_not_spendable_today', asset: id, nextMs }
  })
}

/**
 * Counts what a wallet spends against the cap of the day, for each asset that has one.
 *
 * Rejects with: limit_exceeded (wallet_day).
 */
export function countSpending(
  ctx: Context,
  wallet: WalletId,
  parts: readonly Part[],
): readonly Change[] {
  return parts.flatMap(({ id, asset, amount }) => {
    const { dayCap, dayStartUtcMinutes } = policyAt(asset, ctx.timeMs)
    if (dayCap === undefined) return []
    const startMs = dayStartUtcMinutes * 60_000
    const window = { limit: 'wallet_day', most: dayCap, lengthMs: DAY_MS, startMs } as const
    const account = `${wallet}/${id}`
    const before = ctx.state.get('spending', account)?.spent.day
    const day = countIn(window, before, { amount, timeMs: ctx.timeMs })
    return [{ kind: 'spending', id: account, record: { spent: { day } } }]
  })
}

/** What a card's own wallet has spent today counts for the person that it becomes one with. */
export function moveSpending(
  ctx: Context,
  { from, to, asset }: { readonly from: WalletId; readonly to: WalletId; readonly asset: AssetId },
): readonly Change[] {
  const moved = ctx.state.get('spending', `${from}/${asset}`)?.spent.day
  if (moved === undefined) return []
  const there = ctx.state.get('spending', `${to}/${asset}`)?.spent.day
  const day = there === undefined || there.window < moved.window ? moved : there
  const both = there?.window === moved.window ? there.used + moved.used : day.used
  const used = (both < AMOUNT_MAX ? both : AMOUNT_MAX) as Amount
  return [
    { kind: 'spending', id: `${from}/${asset}`, record: undefined },
    { kind: 'spending', id: `${to}/${asset}`, record: { spent: { day: { ...day, used } } } },
  ]
}
