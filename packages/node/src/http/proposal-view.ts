/** Proposals as people read them: in sentences, with names and moments, and with what stands in the book beside. */
import {
  needsSentence,
  type ProposalContext,
  type ProposalDetails,
  type ProposalView,
  proposalSentence,
  refusalWords,
  type Static,
  standingSentence,
} from '@fedow/api'
import {
  assert,
  type Ballot,
  encode,
  type KeptWhat,
  type PlaceId,
  type Proposal,
  type ProposalId,
  params,
  quorumOf,
  type StateReader,
} from '@fedow/ledger'
import { namesOf, unitsOf } from './names.ts'
import type { ServerParts } from './parts.ts'
import { toIsoMs } from './time.ts'

type Parts = Pick<ServerParts, 'book' | 'texts'>

/** A proposal and how its vote stands. */
export interface FoundProposal {
  readonly id: ProposalId
  readonly record: Proposal
  readonly ballot: Ballot
}

export function proposalView(
  { book: { state }, texts }: Parts,
  { id, record, ballot }: FoundProposal,
): Static<typeof ProposalView> {
  const { place, what, text, openedMs } = record
  const { yes, no, abstain, status, reason } = ballot
  const shared = sharedView(state, record)
  const { electorate } = shared
  return {
    id,
    by: placeName(state, place),
    status,
    ...shared,
    opened: toIsoMs(openedMs),
    ...{ yes, no, abstain },
    standing: standingSentence({ kind: what.kind, count: ballot, electorate, status }),
    ...(reason && { failure: refusalWords(reason, namesOf(state)) }),
    text: { sha256: text, known: texts.has(text) },
  }
}

/** The same with every voter, and the text itself. */
export function proposalDetails(
  parts: Parts,
  found: FoundProposal,
): Static<typeof ProposalDetails> {
  const { state } = parts.book
  const { id, record } = found
  const body = parts.texts.get(record.text)
  const voters = record.electorate.map((place) => {
    const vote = state.get('vote', `${id}/${place}`)
    const cast = vote && { choice: vote.choice, time: toIsoMs(vote.timeMs) }
    return { ...placeName(state, place), ...cast }
  })
  const text = { sha256: record.text, known: body !== undefined }
  const view = { ...proposalView(parts, found), text, voters }
  return { ...view, ...(body !== undefined && { body }) }
}

type Shared = Pick<Proposal, 'what' | 'electorate' | 'closesMs' | 'appliesMs'>

/** What a proposal says of itself, open or only foreseen. */
export function sharedView(state: StateReader, proposal: Shared) {
  const { what, electorate, closesMs, appliesMs } = proposal
  return {
    sentence: proposalSentence(what, contextOf(state, what)),
    what: JSON.parse(encode(what)) as Static<typeof ProposalView>['what'],
    electorate: electorate.length,
    quorum: quorumOf(what.kind, electorate.length),
    needs: needsSentence(what.kind, electorate.length),
    closes: toIsoMs(closesMs),
    applies: toIsoMs(appliesMs),
  }
}

function contextOf(state: StateReader, what: KeptWhat): ProposalContext {
  const { fed } = params(state)
  const context = { nameOf: namesOf(state), unitOf: unitsOf(state), fed }
  if (what.kind !== 'policy') return context
  const policies = state.get('asset', what.asset)?.policies
  return { ...context, terms: policies?.find(({ version }) => version === what.version) }
}

export function placeName(state: StateReader, place: PlaceId) {
  const record = state.get('place', place)
  assert(record !== undefined, 'who proposes and votes is a place')
  return { place, name: record.name }
}
