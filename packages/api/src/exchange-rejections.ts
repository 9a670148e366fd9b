/** How rejections about exchange, and about money of certain days, are told. */
import { type RejectionOf, type Sentence, toDecimal, toMoment } from './sentence.ts'

type ExchangeCode =
  | 'asset_not_spendable_today'
  | 'offer_not_found'
  | 'offer_expired'
  | 'exchange_refused'
  | 'exchange_too_small'

export const EXCHANGE_REJECTIONS: { readonly [C in ExchangeCode]: Sentence<RejectionOf<C>> } = {
  asset_not_spendable_today: {
    title: 'Not to be spent today',
    detail: ({ asset, nextMs }, nameOf) =>
      `${nameOf(asset)} is not spent on this day of the week; it is again from ${toMoment(nextMs)} on.`,
    fix: 'Pay with another asset, or come back on a day on which its issuer lets it be spent.',
  },
  offer_not_found: {
    title: 'No such offer',
    detail: ({ offer }) => `No open offer has the id ${offer}: it was closed, or never was.`,
    fix: 'Look in the list of offers; a place opens a new one for another rate.',
  },
  offer_expired: {
    title: 'The offer is over',
    detail: ({ untilMs }) => `The offer ended on ${toMoment(untilMs)}.`,
    fix: 'Take another offer, or have the place open a new one.',
  },
  exchange_refused: {
    title: 'One does not become the other',
    detail: ({ take, give }, nameOf) =>
      `${nameOf(take)} is not exchanged for ${nameOf(give)}, whatever the rate.`,
    fix: 'Gifts, hours and points stay with their issuer; only euro-backed money becomes euro-backed money or meal vouchers.',
  },
  exchange_too_small: {
    title: 'Too little for this offer',
    detail: ({ least }) => `This offer takes at least ${toDecimal(least)}.`,
    fix: 'Exchange at least that much.',
  },
}
