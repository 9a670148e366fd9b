/** The parameters of the network in words. */
import { DELAY_USUAL_MS, EPOCH_DAYS_USUAL, type ParameterName, VOTE_USUAL_MS } from '@fedow/ledger'

const DAY_MS = 86_400_000

/** A parameter in words. */
export interface ParameterWords {
  readonly what: string
  /** `none` is what holds when it is not set. */
  readonly none: string
  readonly unit: 'amount' | 'days' | 'ms'
}

/** Every parameter that is voted. */
export const PARAMETER_WORDS: Readonly<Record<ParameterName, ParameterWords>> = {
  fedCap: {
    what: 'Most federated euros in circulation while nobody attests the reserve',
    none: 'no limit',
    unit: 'amount',
  },
  dueCap: { what: 'Most that the keeper may owe the reserve', none: 'no limit', unit: 'amount' },
  placeHourCeiling: {
    what: 'Most federated euros that one place takes in an hour',
    none: 'no limit',
    unit: 'amount',
  },
  issueDayMax: {
    what: 'Most federated euros issued in a day',
    none: 'no limit',
    unit: 'amount',
  },
  twoKeepersAbove: {
    what: 'Amount above which two keepers issue',
    none: 'no such amount',
    unit: 'amount',
  },
  epochDays: {
    what: 'Days after which what melted is shared out',
    none: `${EPOCH_DAYS_USUAL} days, as usual`,
    unit: 'days',
  },
  voteMs: {
    what: 'How long places vote',
    none: `${VOTE_USUAL_MS / DAY_MS} days, as usual`,
    unit: 'ms',
  },
  delayMs: {
    what: 'How long after the vote its result applies',
    none: `${DELAY_USUAL_MS / DAY_MS} days, as usual`,
    unit: 'ms',
  },
}
