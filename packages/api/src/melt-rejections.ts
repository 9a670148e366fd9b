/** How rejections about policies that make money melt are told. */
import type { RejectionOf, Sentence } from './sentence.ts'

type MeltCode = 'demurrage_refused' | 'shares_do_not_add_up' | 'rate_above_law' | 'grace_below_law'

const WHYS: Readonly<Record<string, string>> = {
  kind: 'money of this kind never melts',
  burnt: 'federated euros are never burnt: each is backed by one in the reserve',
  expiry: 'euros never expire at a date',
}

export const MELT_REJECTIONS: { readonly [C in MeltCode]: Sentence<RejectionOf<C>> } = {
  demurrage_refused: {
    title: 'This money may not melt so',
    detail: ({ why }) => `The policy is refused: ${WHYS[why] ?? why}.`,
    fix: 'Send terms without it. Nothing has melted by them.',
  },
  shares_do_not_add_up: {
    title: 'The shares do not add up',
    detail: ({ sumPpm }) =>
      `The shares of what melts add up to ${sumPpm} parts per million; they must add up to 1000000.`,
    fix: 'Give every part of a million to somebody, to the last one.',
  },
  rate_above_law: {
    title: 'It would melt too fast',
    detail: ({ most }) =>
      `By the law of this network, euros melt in a year by at most ${most} (parts per million of a rate, cents of a fixed amount).`,
    fix: 'Propose a lower rate or a longer period.',
  },
  grace_below_law: {
    title: 'It would melt too early',
    detail: ({ leastDays }) =>
      `By the law of this network, federated euros sleep for at least ${leastDays} days before they melt.`,
    fix: 'Propose a longer grace.',
  },
}
