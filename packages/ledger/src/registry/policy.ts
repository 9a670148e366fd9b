import { demurrage } from '../commons/demurrage.ts'
import { placeId } from '../ids.ts'
import {
  amount,
  array,
  boolean,
  either,
  integer,
  literal,
  type Of,
  object,
  oneOf,
  optional,
  timeMs,
} from '../shape.ts'
import { weekdays } from './weekday.ts'

/** How surely a card is the one it says: L0 a plain tag, up to L3 a keyed chip with a code. */
export const CARD_LEVELS = ['L0', 'L1', 'L2', 'L3'] as const
export type CardLevel = (typeof CARD_LEVELS)[number]

const levelLimits = object({
  balance: optional(amount),
  sale: optional(amount),
  day: optional(amount),
})
export type LevelLimits = Of<typeof levelLimits>

const terms = {
  personToPerson: boolean,
  /** Where it is spent: wherever it is accepted, or only at these places. */
  spendAt: either(
    'only',
    object({ only: array(placeId, { min: 1, max: 64 }) }),
    object({ accepted: literal(true) }),
  ),
  /** Who gives euros back for it. */
  refund: oneOf(['never', 'issuer', 'payer', 'payout']),
  limits: object({
    L0: optional(levelLimits),
    L1: optional(levelLimits),
    L2: optional(levelLimits),
    L3: optional(levelLimits),
  }),
  /** When its days start, in minutes after midnight UTC: those of its limits, its cap and its days of the week. */
  dayStartUtcMinutes: integer({ min: 0, max: 1_439 }),
  /** How it melts while it sleeps; absent: never. */
  demurrage: optional(demurrage),
  /** The days of the week on which it is spent; absent: every day. */
  days: optional(weekdays),
  /** Most that one wallet spends in a day, by card and from a phone together. */
  dayCap: optional(amount),
  /** Mutual credit alone: by how much of what an account ever earned its granted limit grows, and up to what. */
  creditGrowth: optional(object({ ratePpm: integer({ min: 1, max: 1_000_000 }), max: amount })),
} as const

/** What an issuer decides about its asset. */
export const policyTerms = object(terms)
export type PolicyTerms = Of<typeof policyTerms>

/** One version of an asset's policy. A version never changes. */
export const policy = object({
  version: integer({ min: 1, max: 1_000_000 }),
  fromMs: timeMs,
  ...terms,
})
export type Policy = Of<typeof policy>
