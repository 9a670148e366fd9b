/** What is simulated on a snapshot. Source: docs/spec/simulation.md, "Question". */
import { toHex } from '../bytes.ts'
import { encode } from '../codec.ts'
import { demurrage } from '../commons/demurrage.ts'
import { type Hash, hashParts } from '../hash.ts'
import type { Hex32 } from '../ids.ts'
import { amount, array, integer, type Of, object, oneOf, optional } from '../shape.ts'

/** Number of the method: it changes with whatever would give other figures. */
export const SIMULATION_METHOD = 1

/**
 * What people do after the day of the snapshot. `asleep`: nobody makes a gesture any more. `as_last_year`: each wallet
 * makes a gesture on the same days, counted in years of 365 days, as in the year before. Balances change by melting alone.
 */
export const BEHAVIOURS = ['asleep', 'as_last_year'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/** Terms that would be announced on the day of the snapshot and begin 90 days later; absent: nothing changes. */
const candidate = object({ demurrage: optional(demurrage) })
export type SimulationCandidate = Of<typeof candidate>

export const CANDIDATES_MAX = 12

/** What a card processor takes of a payment: parts per million of it, and minor units for each. */
const fees = object({ ppm: integer({ min: 0, max: 1_000_000 }), fixed: amount })

/** 1.4 % and 0.10, as seen at terminals. */
export const FEES_USUAL: Of<typeof fees> = { ppm: 14_000, fixed: 10n as Of<typeof amount> }

export const RESAMPLES_USUAL = 200

export const simulationQuestion = object({
  candidates: array(candidate, { min: 1, max: CANDIDATES_MAX }),
  years: integer({ min: 1, max: 10 }),
  behaviour: oneOf(BEHAVIOURS),
  seed: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  /** How many times wallets are drawn again; of them the lowest and the highest twentieth are left out. */
  resamples: integer({ min: 20, max: 1_000 }),
  fees,
})
export type SimulationQuestion = Of<typeof simulationQuestion>

/** SHA-256 of the canonical JSON of a question with its snapshot's hash: the name of a simulation. */
export function questionHash(
  hash: Hash,
  { question, snapshot }: { readonly question: SimulationQuestion; readonly snapshot: Hex32 },
): Hex32 {
  return toHex(
    hashParts(hash, encode({ method: SIMULATION_METHOD, ...question, snapshot })),
  ) as Hex32
}
