/** What places decide together. A manager's own key signs proposals and votes: see `postTx`. */
import {
  type AssetId,
  BALLOT_STATUSES,
  CHOICES,
  type PlaceId,
  type ProposalId,
  WHAT_KINDS,
} from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, IdPageQuery, idText, named, oneOf, ref, Sha256, Time } from './schema.ts'

const Proposal = idText<ProposalId>('A proposal.')
const Place = idText<PlaceId>('A place.')

const placeName = { place: Place, name: Type.String() }

/** What is proposed, as its tx says it. */
const What = Type.Object(
  { kind: oneOf(WHAT_KINDS) },
  {
    additionalProperties: true,
    description:
      'By kind, as in docs/spec/governance.md, "What is voted"; amounts in minor units, moments in milliseconds.',
  },
)

/** Why something cannot be done by a vote. */
export const RefusalView = named(
  'ProposalRefusal',
  closed({
    code: Type.String({ description: 'The code of the rejection.' }),
    detail: Type.String(),
    fix: Type.String({ description: 'What to do now.' }),
  }),
)

const shared = {
  sentence: Type.String({ description: 'What changes, from what to what.' }),
  what: What,
  electorate: Type.Integer({
    minimum: 1,
    maximum: 1_024,
    description: 'How many places may vote; fixed when it opens.',
  }),
  quorum: Type.Integer({
    minimum: 0,
    maximum: 1_024,
    description: 'How many of them must vote, at the least.',
  }),
  needs: Type.String({ description: 'Quorum and majority in a sentence.' }),
  closes: Time,
  applies: Time,
}

const members = {
  id: Proposal,
  by: closed(placeName, { description: 'The place that asks.' }),
  status: oneOf(
    BALLOT_STATUSES,
    'open: places vote. passed: waits to apply. rejected, applied, failed: over.',
  ),
  ...shared,
  opened: Time,
  yes: Count,
  no: Count,
  abstain: Count,
  standing: Type.String({ description: 'How the vote stands, or what became of it.' }),
  failure: Type.Optional(ref(RefusalView)),
  text: closed({
    sha256: Sha256,
    known: Type.Boolean({ description: 'Whether this node has the text: GET /texts/{sha256}.' }),
  }),
}

/** A proposal in a list. */
export const ProposalView = named('Proposal', closed(members))

/** A proposal with who votes what, and its text. */
export const ProposalDetails = named(
  'ProposalDetails',
  closed({
    ...members,
    voters: Type.Array(
      closed({ ...placeName, choice: Type.Optional(oneOf(CHOICES)), time: Type.Optional(Time) }),
      { description: 'Every place that may vote; without a choice it has not.' },
    ),
    body: Type.Optional(
      Type.String({ description: 'The text that people read; absent when the node has none.' }),
    ),
  }),
)

const governance = { tags: ['governance'] } as const

/** Proposals in the order of their ids, which is that of their making. */
export const listProposals = {
  method: 'GET',
  url: `${PREFIX}/proposals`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listProposals',
    summary: 'What places decide, or those proposals with one status',
    description: 'With a status, a page may have fewer rows than asked for and still a next.',
    ...governance,
    querystring: closed({
      ...IdPageQuery.properties,
      status: Type.Optional(oneOf(BALLOT_STATUSES)),
    }),
    response: {
      200: closed({ proposals: Type.Array(ref(ProposalView)), next: Type.Optional(Proposal) }),
    },
  },
} as const satisfies Route

/** One proposal. */
export const getProposal = {
  method: 'GET',
  url: `${PREFIX}/proposals/:proposal`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getProposal',
    summary: 'One proposal: what it changes, who votes what, when it closes and applies',
    ...governance,
    params: idParams({ proposal: Proposal }),
    response: { 200: ref(ProposalDetails) },
  },
} as const satisfies Route

/** What would come of a proposal. */
export const previewProposal = {
  method: 'POST',
  url: `${PREFIX}/proposals/preview`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'previewProposal',
    summary: 'What would come of a proposal that opened now; nothing is written',
    ...governance,
    body: closed({ place: Place, what: What }),
    response: {
      200: Type.Union([
        closed({
          possible: Type.Literal(true),
          ...shared,
          effects: Type.Array(Type.String(), {
            description: 'What it would do, by the book of now.',
          }),
        }),
        closed({ possible: Type.Literal(false), refusal: ref(RefusalView) }),
      ]),
    },
  },
} as const satisfies Route

/** The places that vote. */
export const getElectorate = {
  method: 'GET',
  url: `${PREFIX}/electorate`,
  access: 'public',
  makesTx: false,
  problems: [404, 409],
  schema: {
    operationId: 'getElectorate',
    summary: 'The places that vote, or those that vote on the terms of one asset',
    ...governance,
    querystring: closed({ asset: Type.Optional(idText<AssetId>('An asset.')) }),
    response: {
      200: closed({
        founded: Type.Boolean({
          description:
            'Whether the places admit each other by votes; before, the operator admits the first.',
        }),
        foundedWith: Count,
        places: Type.Array(
          closed({
            ...placeName,
            suspended: Type.Boolean({ description: 'A suspended place does not vote.' }),
            admitted: Type.Optional(Time),
          }),
        ),
      }),
    },
  },
} as const satisfies Route
