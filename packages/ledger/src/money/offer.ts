/** Points of change: what a place offers to exchange, out of its own wallet. Source: docs/spec/exchange.md. */
import { authorise, placeSubject } from '../authority.ts'
import type { Change, Context, Effects } from '../context.ts'
import { type AssetId, assetId, type OfferId, offerId, placeId } from '../ids.ts'
import { type Asset, OFFERS_PER_PLACE_MAX, type Offer, type Place, rate } from '../records.ts'
import {
  demandAccepted,
  demandKind,
  demandSpendableAt,
  type KindAction,
  liveAsset,
} from '../registry/asset.ts'
import { findPlace, openPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { amount, literal, type Of, object, optional, timeMs } from '../shape.ts'

/** A place offers to give one asset for another, at a fixed rate. */
export const offerOpenAction = object({
  kind: literal('offer-open'),
  offer: offerId,
  place: placeId,
  give: assetId,
  take: assetId,
  /** So many minor units are given for so many taken. */
  rate,
  /** Most that one wallet is given in a day. */
  perPersonDay: optional(amount),
  /** Least that is taken at a time. */
  minimum: optional(amount),
  /** No exchange at or after this time. */
  untilMs: optional(timeMs),
})
export type OfferOpen = Of<typeof offerOpenAction>

/** A place takes an offer back. */
export const offerCloseAction = object({ kind: literal('offer-close'), offer: offerId })
export type OfferClose = Of<typeof offerCloseAction>

const EXCHANGE: KindAction = 'exchange'
/** Backed by euros at the keeper, or at its issuer. */
const EUROS: readonly Asset['kind'][] = ['FED', 'TLF']
/** Made by those who hold it, against no euros. */
const OWN: readonly Asset['kind'][] = ['LIB', 'MUT']
/** A promise of one issuer, which no other answers for. */
const PROMISES: readonly Asset['kind'][] = ['TNF', 'TIM', 'FID']

/** One side of an exchange. */
export interface Side {
  readonly id: AssetId
  readonly asset: Asset
}

/**
 * True when what is taken may become what is given: the table of docs/spec/exchange.md.
 *
 * Nothing but euro-backed money becomes euro-backed money or meal vouchers. Gifts, hours and points stay with their
 * issuer. Meal vouchers become nothing.
 */
export function mayBecome({ asset: taken }: Side, { asset: given }: Side): boolean {
  if (PROMISES.includes(taken.kind)) {
    return PROMISES.includes(given.kind) && taken.issuer === given.issuer
  }
  if (EUROS.includes(taken.kind)) return [...EUROS, ...PROMISES, 'MVO'].includes(given.kind)
  return OWN.includes(taken.kind) && [...OWN, ...PROMISES].includes(given.kind)
}

/**
 * Nothing is reserved: the place gives what it has when somebody comes.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, id_taken, for the asset that is given,
 * then the one that is taken: asset_not_found, asset_archived, kind_refuses_action; asset_repeated,
 * exchange_refused, asset_not_accepted and asset_not_spendable_here (the one that is taken), offer_expired, too_many.
 */
export function offerOpen(ctx: Context, action: OfferOpen): Effects {
  const { kind: _, offer: id, place: placeId, untilMs, ...terms } = action
  const place = openPlace(ctx, placeId)
  const counters = authorise(ctx, { can: 'spend', on: placeSubject(placeId) })
  demand(ctx.state.get('offer', id) === undefined, () => ({ code: 'id_taken', id }))
  const [give, take] = [side(ctx, terms.give), side(ctx, terms.take)]
  demand(give.id !== take.id, () => ({ code: 'asset_repeated', asset: give.id }))
  demand(mayBecome(take, give), () => ({
    code: 'exchange_refused',
    take: take.id,
    give: give.id,
  }))
  demandAccepted(take, { id: placeId, record: place })
  demandSpendableAt(ctx, take, placeId)
  demand(untilMs === undefined || untilMs > ctx.timeMs, () => ({
    code: 'offer_expired',
    offer: id,
    untilMs: untilMs ?? 0,
  }))
  const offers = place.offers ?? []
  demand(offers.length < OFFERS_PER_PLACE_MAX, () => ({
    code: 'too_many',
    what: 'offers of a place',
    max: OFFERS_PER_PLACE_MAX,
  }))
  const ends = untilMs !== undefined && { untilMs }
  const record: Offer = { place: placeId, ...terms, ...ends, openedMs: ctx.timeMs }
  return {
    changes: [
      ...counters,
      { kind: 'offer', id, record },
      { kind: 'place', id: placeId, record: { ...place, offers: [...offers, id] } },
    ],
  }
}

function side(ctx: Context, id: AssetId): Side {
  const asset = liveAsset(ctx, id)
  demandKind(id, asset, EXCHANGE)
  return { id, asset }
}

/** A suspended place may take its offers back. Rejects with, in this order: offer_not_found, not_authorised. */
export function offerClose(ctx: Context, { offer: id }: OfferClose): Effects {
  const { place: placeId } = findOffer(ctx, id)
  const place = findPlace(ctx, placeId)
  const counters = authorise(ctx, { can: 'spend', on: placeSubject(placeId) })
  return {
    changes: [
      ...counters,
      { kind: 'offer', id, record: undefined },
      withoutOffer(placeId, place, id),
    ],
  }
}

function withoutOffer(placeId: string, place: Place, id: OfferId): Change {
  const { offers = [], ...rest } = place
  const left = offers.filter((one) => one !== id)
  const record = left.length === 0 ? rest : { ...rest, offers: left }
  return { kind: 'place', id: placeId, record }
}

/** The offer of this id. Rejects with: offer_not_found. */
export function findOffer(ctx: Context, id: OfferId): Offer {
  return ctx.state.get('offer', id) ?? refuse({ code: 'offer_not_found', offer: id })
}
