/** The records of what places decide: who votes, what is proposed, how the votes stand. Source: docs/spec/governance.md. */
import { hex32, placeId, proposalId } from '../ids.ts'
import { REJECTION_NUMBER, type RejectionCode } from '../rejection.ts'
import {
  array,
  integer,
  map,
  name,
  type Of,
  object,
  oneOf,
  optional,
  type Shape,
  signedAmount,
  timeMs,
} from '../shape.ts'
import { keptWhat } from './what.ts'

export const ELECTORATE_MAX = 1_024
/** Proposals that are neither rejected, applied nor failed: in the whole network, and of one place. */
export const AGENDA_MAX = 256
export const PROPOSALS_PER_PLACE_MAX = 4

/** The places that vote on what is everybody's, in the order of their admission. */
export const electorate = object({ places: array(placeId, { min: 1, max: ELECTORATE_MAX }) })

/** Proposals that something will still happen to, oldest first. */
export const agenda = object({
  open: array(object({ proposal: proposalId, place: placeId }), { min: 0, max: AGENDA_MAX }),
})
export type Agenda = Of<typeof agenda>

/** What is voted on. It never changes. */
export const proposal = object({
  /** The place that asks. */
  place: placeId,
  what: keptWhat,
  /** SHA-256 of the text that people read. */
  text: hex32,
  /** Who may vote: the places of the moment at which it opened. */
  electorate: array(placeId, { min: 1, max: ELECTORATE_MAX }),
  openedMs: timeMs,
  /** Votes count until then. */
  closesMs: timeMs,
  /** What passed applies then. */
  appliesMs: timeMs,
})
export type Proposal = Of<typeof proposal>

export const CHOICES = ['yes', 'no', 'abstain'] as const
export type Choice = (typeof CHOICES)[number]

export const BALLOT_STATUSES = ['open', 'passed', 'rejected', 'applied', 'failed'] as const
export type BallotStatus = (typeof BALLOT_STATUSES)[number]

const REJECTION_CODES = Object.keys(REJECTION_NUMBER) as readonly RejectionCode[]
const votes = integer({ min: 0, max: ELECTORATE_MAX })
/** A text or a number of a rejection. */
const detail: Shape<string | number> = (value, path) =>
  typeof value === 'string' ? name(64)(value, path) : Number(signedAmount(value, path))

/** Why something passed and could not be applied: a rejection, as outcomes write it. */
const reason = object({ code: oneOf(REJECTION_CODES), with: map(detail, 8) })
export type Reason = Of<typeof reason>

/** How a vote stands. */
export const ballot = object({
  yes: votes,
  no: votes,
  abstain: votes,
  status: oneOf(BALLOT_STATUSES),
  /** When something happens to it next: it closes, or it applies. None once it is over. */
  dueMs: optional(timeMs),
  reason: optional(reason),
})
export type Ballot = Of<typeof ballot>

/** What a place votes; the last counts. */
export const vote = object({ choice: oneOf(CHOICES), timeMs })
