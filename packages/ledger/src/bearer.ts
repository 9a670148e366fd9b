/** Who holds the money in a gesture: a card that was shown, or a person's wallet. */
import { AMOUNT_MAX, type Amount } from './amount.ts'
import { assert } from './assert.ts'
import { liveCard, openCardWallet, walletOf } from './cards/card.ts'
import type { Change, Context, SystemContext } from './context.ts'
import { type AssetId, type CardId, cardId, type WalletId, walletId } from './ids.ts'
import { countIn, DAY_MS } from './limits.ts'
import { creditLimit } from './money/mutual.ts'
import { ACCOUNTS_PER_WALLET_MAX, type Account, type Asset, type Card } from './records.ts'
import { policyAt } from './registry/asset.ts'
import type { LevelLimits, Policy } from './registry/policy.ts'
import { demand, refuse } from './rejection.ts'
import { either, type Of, object } from './shape.ts'

/** `{card}` or `{wallet}`. */
export const bearer = either('card', object({ card: cardId }), object({ wallet: walletId }))
export type BearerId = Of<typeof bearer>

export interface Bearer {
  readonly wallet: WalletId
  readonly card?: { readonly id: CardId; readonly record: Card }
  /** The record of the card's wallet, when this is its first use. */
  readonly changes: readonly Change[]
}

/**
 * The wallet behind a gesture: of a card, a person, and of a place where that is said.
 *
 * Rejects with: card_not_found, batch_not_open, card_lost, wallet_not_found, wallet_kind_refused.
 */
export function findBearer(ctx: Context, id: BearerId, orPlace?: 'or a place'): Bearer {
  if ('card' in id) {
    const record = liveCard(ctx, id.card)
    const wallet = walletOf(ctx.hash, id.card, record)
    const changes = openCardWallet(ctx, record, wallet)
    return { wallet, card: { id: id.card, record }, changes }
  }
  const wallet = ctx.state.get('wallet', id.wallet)
  if (wallet === undefined) refuse({ code: 'wallet_not_found', wallet: id.wallet })
  const isPlace = wallet.kind === 'place' && orPlace !== undefined
  demand(wallet.kind === 'person' || isPlace, () => ({
    code: 'wallet_kind_refused',
    wallet: id.wallet,
    kind: wallet.kind,
  }))
  return { wallet: id.wallet, changes: [] }
}

/** The wallet that a card wakes by being shown; none when a place names the wallet of a person who may be elsewhere. */
export function awakened({ wallet, card }: Bearer): readonly WalletId[] {
  return card === undefined ? [] : [wallet]
}

/** What an account can spend: its balance without what holds reserve, and as far below zero as its credit goes. */
export function available(account: Account | undefined, credit = 0n): bigint {
  return account === undefined ? credit : account.balance - account.held + credit
}

/** Rejects with: insufficient_balance, with what is missing. Nothing is always there, even for who owes too much. */
export function demandAvailable(
  ctx: SystemContext,
  { wallet, asset, amount }: { wallet: WalletId; asset: AssetId; amount: Amount },
): void {
  const credit = creditLimit(ctx.state, { wallet, asset }, ctx.timeMs)
  const short = amount - available(ctx.state.get('account', `${wallet}/${asset}`), credit)
  // Who owes more than their limit lacks that too: no member of an outcome may be larger than an amount.
  const missing = short < AMOUNT_MAX ? short : AMOUNT_MAX
  demand(short <= 0n || amount === 0n, () => ({
    code: 'insufficient_balance',
    wallet,
    asset,
    missing,
  }))
}

/** An amount of one asset. */
export interface Part {
  readonly id: AssetId
  readonly asset: Asset
  readonly amount: Amount
}

/**
 * Counts what a card spends against the limits of its assurance level.
 *
 * Rejects with: limit_exceeded (card_sale, card_day), too_many (assets whose use of the day the card remembers).
 */
export function countCardUse(
  ctx: Context,
  { card }: Bearer,
  parts: readonly Part[],
): readonly Change[] {
  if (card === undefined) return []
  let spent = card.record.spent
  for (const { id, asset, amount } of parts) {
    const policy = policyAt(asset, ctx.timeMs)
    const limits = levelLimits(ctx, card.record, policy)
    const { sale, day } = limits ?? {}
    demand(sale === undefined || amount <= sale, () => ({
      code: 'limit_exceeded',
      limit: 'card_sale',
      left: sale ?? 0n,
    }))
    if (day === undefined) continue
    const startMs = policy.dayStartUtcMinutes * 60_000
    const window = { limit: 'card_day', most: day, lengthMs: DAY_MS, startMs } as const
    const counter = countIn(window, spent?.[id]?.day, { amount, timeMs: ctx.timeMs })
    spent = { ...spent, [id]: { day: counter } }
  }
  if (spent === card.record.spent || spent === undefined) return []
  demand(Object.keys(spent).length <= ACCOUNTS_PER_WALLET_MAX, () => ({
    code: 'too_many',
    what: 'limited assets of a card',
    max: ACCOUNTS_PER_WALLET_MAX,
  }))
  return [{ kind: 'card', id: card.id, record: { ...card.record, spent } }]
}

/** Rejects with: limit_exceeded (card_balance), when the card would hold more than its level allows. */
export function demandCardRoom(ctx: Context, { wallet, card }: Bearer, part: Part): void {
  if (card === undefined) return
  const most = levelLimits(ctx, card.record, policyAt(part.asset, ctx.timeMs))?.balance
  if (most === undefined) return
  const balance = ctx.state.get('account', `${wallet}/${part.id}`)?.balance ?? 0n
  demand(balance + part.amount <= most, () => ({
    code: 'limit_exceeded',
    limit: 'card_balance',
    left: most > balance ? most - balance : 0n,
  }))
}

function levelLimits(ctx: Context, card: Card, policy: Policy): LevelLimits | undefined {
  const batch = ctx.state.get('batch', card.batch)
  assert(batch !== undefined, 'a card has a batch')
  return policy.limits[batch.level]
}
