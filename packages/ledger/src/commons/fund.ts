/** Funds: wallets without a key, whose money only a voted grant moves. Source: docs/spec/governance.md, "Funds". */
import { demandAvailable } from '../bearer.ts'
import type { SystemContext } from '../context.ts'
import type { WalletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import type { Wallet } from '../records.ts'
import { demandAccepted, liveAsset } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import type { WhatOf } from './what.ts'

/**
 * The GRT line of a grant. What the fund has is looked at when it is paid: see `demandFunded`.
 *
 * Rejects with, in this order: amount_must_be_positive, wallets_must_differ, fund_not_found, wallet_not_found,
 * wallet_kind_refused (neither a place nor a fund), asset_not_found, asset_archived, place_suspended,
 * asset_not_accepted.
 */
export function grantLine(ctx: SystemContext, grant: WhatOf<'grant'>): LineDraft {
  const { fund: from, to, asset: id, amount } = grant
  demand(amount > 0n, () => ({ code: 'amount_must_be_positive' }))
  demand(from !== to, () => ({ code: 'wallets_must_differ', wallet: from }))
  demand(ctx.state.get('wallet', from)?.kind === 'fund', () => ({
    code: 'fund_not_found',
    wallet: from,
  }))
  const { kind, place } = receiver(ctx, to)
  const asset = liveAsset(ctx, id)
  if (kind === 'place' && place !== undefined) {
    demandAccepted({ id, asset }, { id: place, record: openPlace(ctx, place) })
  }
  return { action: 'GRT', asset: id, from, to, amount }
}

/** Rejects with: insufficient_balance. */
export function demandFunded(ctx: SystemContext, grant: WhatOf<'grant'>): void {
  const { fund: wallet, asset, amount } = grant
  demandAvailable(ctx, { wallet, asset, amount })
}

function receiver(ctx: SystemContext, wallet: WalletId): Wallet {
  const found = ctx.state.get('wallet', wallet) ?? refuse({ code: 'wallet_not_found', wallet })
  const { kind } = found
  const isReceiver = kind === 'place' || kind === 'fund'
  demand(isReceiver, () => ({ code: 'wallet_kind_refused', wallet, kind }))
  return found
}
