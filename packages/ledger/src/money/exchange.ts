import { AMOUNT_MAX, type Amount, mulDivFloor } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import {
  type Bearer,
  bearer,
  countCardUse,
  demandAvailable,
  demandCardRoom,
  findBearer,
  type Part,
} from '../bearer.ts'
import { demandPrimary } from '../cards/card.ts'
import type { Change, Context, Effects } from '../context.ts'
import { cardId, type OfferId, offerId, tillId } from '../ids.ts'
import { countIn, DAY_MS } from '../limits.ts'
import type { LineDraft } from '../line.ts'
import type { Offer } from '../records.ts'
import { liveAsset, policyAt } from '../registry/asset.ts'
import { openPlace } from '../registry/place.ts'
import { demand } from '../rejection.ts'
import { amount, literal, type Of, object, optional } from '../shape.ts'
import { demandMutualRoom } from './mutual.ts'
import { findOffer } from './offer.ts'
import { countTakings, saleParts } from './sale.ts'
import { countSpending } from './spending.ts'

/** Somebody takes an offer: a card at the place's till, or a person from a phone. Source: docs/spec/exchange.md. */
export const exchangeAction = object({
  kind: literal('exchange'),
  offer: offerId,
  bearer,
  /** What they hand over. */
  take: amount,
  primary: optional(cardId),
  till: optional(tillId),
})
export type Exchange = Of<typeof exchangeAction>

/**
 * What an offer gives for an amount.
 *
 * Units: minor units. Rounding: down, against the taker. Source: docs/spec/exchange.md, "Rates".
 */
export function given({ rate }: Pick<Offer, 'rate'>, take: bigint): bigint {
  return mulDivFloor(take, BigInt(rate.give), BigInt(rate.take))
}

/** The least for which an offer gives anything, or its own minimum where that is more. Units: minor units. */
export function leastTaken({
  rate,
  minimum = 0n as Amount,
}: Pick<Offer, 'rate' | 'minimum'>): bigint {
  const [give, take] = [BigInt(rate.give), BigInt(rate.take)]
  const forOne = (take + give - 1n) / give
  return forOne > minimum ? forOne : minimum
}

/**
 * Two EXC lines: the bearer to the place, then the place to the bearer. Nothing is made and nothing burnt.
 *
 * Rejects with, in this order: offer_not_found, offer_expired, place_suspended, the bearer's refusals, not_authorised,
 * limit_exceeded (key), card_not_primary, those of `saleParts` for what is taken, exchange_too_small, asset_archived
 * (what is given), insufficient_balance (the place), limit_exceeded (card, wallet, place; offer_day; card_balance),
 * supply_limit (mutual credit).
 */
export function exchange(ctx: Context, action: Exchange): Effects {
  const { offer: id, take, till, primary } = action
  const offer = findOffer(ctx, id)
  const { untilMs } = offer
  demand(untilMs === undefined || ctx.timeMs < untilMs, () => ({
    code: 'offer_expired',
    offer: id,
    untilMs: untilMs ?? 0,
  }))
  const place = openPlace(ctx, offer.place)
  const holder = findBearer(ctx, action.bearer)
  const right = holder.card
    ? ({ can: 'sell', on: placeSubject(offer.place), amount: take, till } as const)
    : ({ can: 'spend', on: `wallet/${holder.wallet}`, amount: take } as const)
  const counters = authorise(ctx, right)
  demandPrimary(ctx, primary, offer.place)
  const parts = [{ asset: offer.take, amount: take }]
  const asked = { payer: holder, place, placeId: offer.place, parts, kind: 'exchange' } as const
  const taken = saleParts(ctx, asked)
  const out = givenPart(ctx, { id, offer, take })
  demandAvailable(ctx, { wallet: place.wallet, asset: out.id, amount: out.amount })
  const used = [
    ...countCardUse(ctx, holder, taken),
    ...countSpending(ctx, holder.wallet, taken),
    ...countTakings(ctx, offer.place, taken),
    ...countGiven(ctx, { id, offer, wallet: holder.wallet, part: out }),
  ]
  demandCardRoom(ctx, holder, out)
  demandMutualRoom(ctx, place.wallet, taken)
  demandMutualRoom(ctx, holder.wallet, [out])
  const { wallet } = place
  return {
    changes: [...counters, ...holder.changes, ...used],
    active: [holder.wallet],
    lines: [
      ...taken.map((part) => line(part, { holder, primary, from: holder.wallet, to: wallet })),
      line(out, { holder, primary, from: wallet, to: holder.wallet }),
    ],
  }
}

type Sides = Pick<LineDraft, 'from' | 'to' | 'primary'> & { readonly holder: Bearer }

function line({ id, amount }: Part, { holder, ...sides }: Sides): LineDraft {
  return { action: 'EXC', asset: id, amount, card: holder.card?.id, ...sides }
}

interface Asked {
  readonly id: OfferId
  readonly offer: Offer
}

/** Rejects with: exchange_too_small, asset_archived, supply_limit (more than there can be). */
function givenPart(ctx: Context, { id, offer, take }: Asked & { readonly take: Amount }): Part {
  const least = leastTaken(offer)
  demand(take >= least, () => ({ code: 'exchange_too_small', offer: id, least }))
  const asset = liveAsset(ctx, offer.give)
  const amount = given(offer, take)
  demand(amount <= AMOUNT_MAX, () => ({
    code: 'supply_limit',
    asset: offer.give,
    left: AMOUNT_MAX,
  }))
  return { id: offer.give, asset, amount: amount as Amount }
}

/** Rejects with: limit_exceeded (offer_day). */
function countGiven(
  ctx: Context,
  { id, offer, wallet, part }: Asked & { readonly wallet: string; readonly part: Part },
): readonly Change[] {
  const most = offer.perPersonDay
  if (most === undefined) return []
  const startMs = policyAt(part.asset, ctx.timeMs).dayStartUtcMinutes * 60_000
  const window = { limit: 'offer_day', most, lengthMs: DAY_MS, startMs } as const
  const use = `${id}/${wallet}`
  const before = ctx.state.get('offer-use', use)?.spent.day
  const day = countIn(window, before, { amount: part.amount, timeMs: ctx.timeMs })
  return [{ kind: 'offer-use', id: use, record: { spent: { day } } }]
}
