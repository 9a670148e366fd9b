import { listPayouts, payoutSentence, previewPayout, refundPayer } from '@fedow/api'
import { type Asset, type CardId, policyAt, refuse, type WalletId } from '@fedow/ledger'
import { type Caller, demandOnWallet } from '../../gateway/caller.ts'
import { type BearerRef, bearerNamed, type Means, walletOfCard } from '../../gateway/means.ts'
import type { WishedPayout } from '../../payments/payouts.ts'
import type { RefillShare, RefundPlan } from '../../payments/refundable.ts'
import type { WishId } from '../../store/payout-store.ts'
import type { Http } from '../parts.ts'
import { payoutsView, payoutView } from '../payout-view.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'

const PAGE_USUAL = 100

export function payerPayoutRoutes(http: Http): void {
  const { means } = http
  const { payouts } = http.parts.payments

  serve(http, previewPayout, async ({ caller, body }) => {
    const { wallet, amount } = wishOf(means, caller, body)
    const plan = await payouts.preview({ wallet, amount })
    if (plan === 'silent') throw new RequestError({ code: 'refundable_unknown' })
    if (typeof plan === 'string') throw new RequestError({ code: 'refills_off', why: plan })
    return { wallet, ...planView(plan), kept: keptIn(means, wallet) }
  })

  serve(http, refundPayer, async ({ caller, id, body }) => {
    const wished = wishOf(means, caller, body)
    const begun = await payouts.begin({ id: id as string as WishId, ...wished })
    if (begun.status === 'off') throw new RequestError({ code: 'refills_off', why: begun.why })
    if (begun.status === 'other') throw new RequestError({ code: 'idempotency_key_reused' })
    const { wish } = begun
    const why = wish.problem
    return {
      wallet: wish.wallet,
      planned: wish.state === 'planned',
      payouts: begun.payouts.map(payoutView),
      ...(why !== undefined && { why: { code: why, sentence: payoutSentence(why) } }),
    }
  })

  serve(http, listPayouts, ({ query: { state, wallet, before, limit = PAGE_USUAL } }) => {
    const page = payouts.page({ state, wallet, before, limit })
    return {
      status: payoutsView(payouts.counts()),
      payouts: page.payouts.map(payoutView),
      ...(page.next !== undefined && { next: page.next }),
    }
  })
}

/** Whoever gives a wallet's money back must be able to spend it. */
function wishOf(
  means: Means,
  caller: Caller,
  { amount, ...bearer }: BearerRef & { readonly amount?: number | undefined },
): Omit<WishedPayout, 'id'> {
  const named = bearerNamed(means, bearer)
  const card = 'card' in named ? named.card : undefined
  const wallet = 'card' in named ? walletOfNamed(means, named.card) : named.wallet
  const record = means.book.state.get('wallet', wallet)
  // A card that was never used has no wallet in the book: there is nothing to give back.
  if (record === undefined) return refuse({ code: 'wallet_not_found', wallet })
  demandOnWallet(caller, { id: wallet, record }, 'spend')
  return { wallet, card, amount: amount === undefined ? undefined : BigInt(amount) }
}

function walletOfNamed(means: Means, card: CardId): WalletId {
  return walletOfCard(means, card) ?? refuse({ code: 'card_not_found', card })
}

function planView({ balance, available, total, refills }: RefundPlan) {
  return {
    ...{ balance: Number(balance), available: Number(available), total: Number(total) },
    refills: refills.map(refillView),
  }
}

function refillView({ line, timeMs, amount, left, share, why }: RefillShare) {
  return {
    ...{ line, time: toIsoMs(timeMs), amount: Number(amount), share: Number(share) },
    ...(left !== undefined && { left: Number(left) }),
    ...(why !== undefined && { why: { code: why, sentence: payoutSentence(why) } }),
  }
}

/** Why a kind of money never becomes euros: by what it is, whatever its issuer says. */
const NO_EUROS: Readonly<Partial<Record<Asset['kind'], string>>> = {
  ...{ TNF: 'was_given', TIM: 'is_time', FID: 'is_points', LIB: 'is_free_money', MUT: 'is_credit' },
}

/** Other moneys of a wallet: what was bought for euros is the business of its issuer, nothing else becomes euros. */
function keptIn({ book, now }: Means, wallet: WalletId) {
  const { state, genesis } = book
  const assets = state.get('wallet', wallet)?.assets ?? []
  return assets.flatMap((id) => {
    const asset = state.get('asset', id)
    const amount = state.get('account', `${wallet}/${id}`)?.balance ?? 0n
    if (asset === undefined || id === genesis.fed.id || amount <= 0n) return []
    const isNever = policyAt(asset, now()).refund === 'never'
    const code = isNever ? (NO_EUROS[asset.kind] ?? 'never_refundable') : 'at_the_issuer'
    const why = { code, sentence: payoutSentence(code) }
    const { name, kind, code: unit } = asset
    return [{ asset: id, name, kind, code: unit, amount: Number(amount), why }]
  })
}
