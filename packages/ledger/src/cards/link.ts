import { AMOUNT_MAX, type Amount } from '../amount.ts'
import { assert } from '../assert.ts'
import { authorise } from '../authority.ts'
import { findBearer } from '../bearer.ts'
import type { Change, Context, Effects } from '../context.ts'
import { type AssetId, type CardId, cardId, type WalletId, walletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { moveSpending } from '../money/spending.ts'
import type { Card } from '../records.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { demandOwnWallet, liveCard, ownWalletOf } from './card.ts'

/** A person makes a card theirs: what is on it moves to their wallet. Source: docs/spec/cards.md, "Link". */
export const cardLinkAction = object({
  kind: literal('card-link'),
  card: cardId,
  wallet: walletId,
})
export type CardLink = Of<typeof cardLinkAction>

/**
 * One FUS line per asset with a balance, archived ones included; memberships move too, by a FUS line of amount zero. A wallet may have
 * several cards.
 *
 * Rejects with, in this order: the card's refusals, those of the wallet, not_authorised, card_already_linked,
 * wallet_kind_refused (somebody's wallet has the id of the card's own),
 * supply_limit (two memberships whose totals leave the range of amounts), wallet_has_holds.
 */
export function cardLink(ctx: Context, { card: id, wallet }: CardLink): Effects {
  const card = liveCard(ctx, id)
  findBearer(ctx, { wallet })
  const counters = authorise(ctx, { can: 'spend', on: `wallet/${wallet}` })
  demand(card.person === undefined, () => ({ code: 'card_already_linked', card: id }))
  const fused = fuse(ctx, { id, card, wallet })
  return { changes: [...counters, ...fused.changes], active: [wallet], lines: fused.lines }
}

/** Moves everything from a card's own wallet to a person's, and links the card. */
export function fuse(
  ctx: Context,
  { id, card, wallet: to }: { readonly id: CardId; readonly card: Card; readonly wallet: WalletId },
): Required<Omit<Effects, 'active'>> {
  const from = ownWalletOf(ctx.hash, id, card)
  const source = ctx.state.get('wallet', from)
  const target = ctx.state.get('wallet', to)
  assert(target !== undefined, 'the target of a fusion was found')
  demandOwnWallet(from, source?.kind)
  const assets = source?.assets ?? []
  const origin = target.origin ?? ctx.state.get('batch', card.batch)?.place
  return {
    changes: [
      { kind: 'card', id, record: { ...card, person: to } },
      { kind: 'wallet', id: to, record: { ...target, ...(origin && { origin }) } },
      ...assets.flatMap((asset) => moveSubscription(ctx, { from, to, asset })),
      ...assets.flatMap((asset) => moveSpending(ctx, { from, to, asset })),
    ],
    lines: assets.flatMap((asset) => fusionLine(ctx, { from, to, asset, card: id })),
  }
}

interface Fusion {
  readonly from: WalletId
  readonly to: WalletId
  readonly asset: AssetId
}

function fusionLine(ctx: Context, fusion: Fusion & { readonly card: CardId }): LineDraft[] {
  const { from, asset } = fusion
  const account = ctx.state.get('account', `${from}/${asset}`)
  assert(account !== undefined, 'a wallet lists its accounts')
  demand(account.held === 0n, () => ({ code: 'wallet_has_holds', wallet: from, asset }))
  const isMember = ctx.state.get('subscription', `${from}/${asset}`) !== undefined
  if (account.balance === 0n && !isMember) return []
  return [{ action: 'FUS', ...fusion, amount: account.balance as Amount }]
}

function moveSubscription(ctx: Context, { from, to, asset }: Fusion): Change[] {
  const moved = ctx.state.get('subscription', `${from}/${asset}`)
  if (moved === undefined) return []
  const there = ctx.state.get('subscription', `${to}/${asset}`)
  const left = AMOUNT_MAX - (there?.total ?? 0n)
  demand(moved.total <= left, () => ({ code: 'supply_limit', asset, left }))
  const record = {
    total: (moved.total + (there?.total ?? 0n)) as Amount,
    startMs: there !== undefined && there.startMs > moved.startMs ? there.startMs : moved.startMs,
    count: moved.count + (there?.count ?? 0),
  }
  return [
    { kind: 'subscription', id: `${from}/${asset}`, record: undefined },
    { kind: 'subscription', id: `${to}/${asset}`, record },
  ]
}
