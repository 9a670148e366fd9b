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
  /** When the day of its limits starts, in minutes after midnight UTC. */
  dayStartUtcMinutes: integer({ min: 0, max: 1_439 }),
  /** How it melts while it sleeps; absent: never. */
  demurrage: optional(demurrage),
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
