/** What everybody has on the first evening: memberships, the euros behind FED, and one opening line for each balance. */
import { AMOUNT_MAX, type Amount, ZERO } from '../amount.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type AssetId, assetId, hex32, type WalletId, walletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { burn } from '../money/evidence.ts'
import { openReserves, reserveName, reserveWalletId } from '../money/reserve.ts'
import { issued } from '../post.ts'
import { RESERVE_ACCOUNTS_MAX } from '../records.ts'
import { demandKind, findAsset } from '../registry/asset.ts'
import { demand } from '../rejection.ts'
import { amount, array, integer, type Of, object, optional, timeMs } from '../shape.ts'
import { Fresh } from './fresh.ts'
import { findHolder, ROWS } from './wallets.ts'

const membershipRow = object({
  wallet: walletId,
  asset: assetId,
  total: amount,
  startMs: timeMs,
  count: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
})
export const membershipRows = { rows: array(membershipRow, ROWS) } as const
const memberships = object(membershipRows)

/** The euros that the federated money of the other book is worth, and where they are. */
export const reserveOpening = {
  accounts: array(object({ account: reserveName, amount }), { min: 0, max: RESERVE_ACCOUNTS_MAX }),
  /** SHA-256 of the statement that shows these accounts. Absent: there is none, and all of it is due from the keeper. */
  statement: optional(hex32),
  /** What no account shows: the keeper owes it. */
  due: amount,
} as const
const reserve = object(reserveOpening)

const openingRow = object({ wallet: walletId, asset: assetId, amount })
export const openingRows = { rows: array(openingRow, ROWS) } as const
const openings = object(openingRows)

/**
 * A record each. Where no line has opened the account, one of amount zero does: by its accounts a card's wallet gives
 * its memberships to a person.
 *
 * Rejects with, in this order for each: wallet_not_found, wallet_kind_refused (issuance, reserve), asset_not_found,
 * kind_refuses_action, id_taken.
 */
export function importMemberships(ctx: Context, { rows }: Of<typeof memberships>): Effects {
  const fresh = new Fresh(ctx)
  const changes = rows.map(({ wallet, asset, ...record }): Change => {
    findHolder(ctx, wallet)
    demandKind(asset, findAsset(ctx, asset), 'subscribe')
    const id = `${wallet}/${asset}`
    fresh.demand('subscription', id)
    return { kind: 'subscription', id, record }
  })
  const without = rows.filter(
    ({ wallet, asset }) => ctx.state.get('account', `${wallet}/${asset}`) === undefined,
  )
  return {
    changes,
    lines: without.map(({ wallet, asset }) => opening(asset, { from: wallet, to: wallet }, ZERO)),
  }
}

/**
 * FED of the whole amount at the keeper, and as many euros on the reserve's accounts. The caps of the network do not
 * bind: what is out there is out there.
 *
 * Rejects with, in this order: id_taken (of FED: it is opened already; of an account named twice),
 * reserve_account_not_found (no statement shows it), supply_limit, evidence_burnt, wallet_kind_refused (somebody's
 * wallet has the id of a reserve account), too_many (reserve accounts).
 */
export function importReserve(
  ctx: Context,
  { accounts, statement, due: owed }: Of<typeof reserve>,
): Effects {
  const { fed, eur, keeper, due } = params(ctx.state)
  demand(issued(ctx.state, ctx.hash, fed) === 0n, () => ({ code: 'id_taken', id: fed }))
  const seen = new Set<string>()
  for (const { account } of accounts) {
    demand(!seen.has(account), () => ({ code: 'id_taken', id: account }))
    demand(statement !== undefined, () => ({ code: 'reserve_account_not_found', account }))
    seen.add(account)
  }
  const total = accounts.reduce((sum, { amount }) => sum + amount, owed as bigint)
  demand(total <= AMOUNT_MAX, () => ({ code: 'supply_limit', asset: fed, left: AMOUNT_MAX }))
  const burnt = statement === undefined ? [] : [burn(ctx, statement, total as Amount)]
  const names = accounts.map(({ account }) => account)
  const shown = accounts.map(({ account, amount }) => {
    return { wallet: reserveWalletId(ctx.hash, account), amount }
  })
  const opened = [
    opening(fed, { from: keeper, to: keeper }, total as Amount),
    ...shown.map(({ wallet, amount }) => opening(eur, { from: wallet, to: wallet }, amount)),
    opening(eur, { from: due, to: due }, owed),
  ]
  return {
    changes: [...burnt, ...openReserves(ctx, names)],
    lines: opened.filter(({ amount }) => amount > 0n),
  }
}

/**
 * One line each: FED goes out from the keeper, other money is made where it is. An amount of zero opens an account.
 *
 * Rejects with, in this order for each: wallet_not_found, wallet_kind_refused (issuance, reserve), asset_not_found,
 * kind_refuses_action (a membership has no balance), id_taken (the account has a balance, or is named twice),
 * insufficient_balance (more FED than the reserve has opened), supply_limit.
 */
export function importOpenings(ctx: Context, { rows }: Of<typeof openings>): Effects {
  const { fed, keeper } = params(ctx.state)
  const left = new Map<AssetId, bigint>()
  const seen = new Set<string>()
  const lines = rows.map(({ wallet, asset, amount }): LineDraft => {
    const id = `${wallet}/${asset}`
    findHolder(ctx, wallet)
    const { kind } = findAsset(ctx, asset)
    demand(kind !== 'SUB' || amount === 0n, () => ({
      code: 'kind_refuses_action',
      asset,
      kind,
      action: 'import',
    }))
    const isEmpty = (ctx.state.get('account', id)?.balance ?? 0n) === 0n
    demand(isEmpty && !seen.has(id), () => ({ code: 'id_taken', id }))
    seen.add(id)
    const room = left.get(asset) ?? roomOf(ctx, asset)
    left.set(asset, room - amount)
    demand(amount <= room, () =>
      asset === fed
        ? { code: 'insufficient_balance', wallet: keeper, asset, missing: amount - room }
        : { code: 'supply_limit', asset, left: room },
    )
    return opening(asset, { from: asset === fed ? keeper : wallet, to: wallet }, amount)
  })
  return { lines }
}

function opening(
  asset: AssetId,
  { from, to }: { readonly from: WalletId; readonly to: WalletId },
  amount: Amount,
): LineDraft {
  return { action: 'OPN', asset, from, to, amount }
}

/** How much of an asset may still be opened. */
function roomOf(ctx: Context, asset: AssetId): bigint {
  const { fed, keeper } = params(ctx.state)
  if (asset === fed) return ctx.state.get('account', `${keeper}/${fed}`)?.balance ?? 0n
  return AMOUNT_MAX - issued(ctx.state, ctx.hash, asset)
}
