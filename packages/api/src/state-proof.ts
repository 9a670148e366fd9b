/** Proofs of single records, and of records that are not there. Source: docs/spec/state.md. */
import type { StateProofJson } from '@fedow/ledger'
import Type from 'typebox'
import { PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import { Count, closed, NoteText, named, ref } from './schema.ts'
import { StateProofView } from './statement.ts'

/** Longest key of a record. */
const KEY_MAX = 256

/** A record at one sealed height with its proof. */
export const RecordProofView = named(
  'RecordProof',
  closed({
    height: Count,
    key: Type.String({
      description: 'kind/id, such as place/0198f3a0-1111-7000-8000-000000000001.',
    }),
    value: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description:
          'The canonical JSON of the record, null where there is none; absent when the record has changed since that height.',
      }),
    ),
    proof: Type.Unsafe<StateProofJson>(StateProofView),
    ics23: Type.String({
      description:
        'The same as protobuf in base64: a cosmos.ics23.v1.CommitmentProof of H(key) and H(value) for SmtSpec, against the state root of the checkpoint.',
    }),
    checkpoint: NoteText,
  }),
)

/** What proves a record. */
export const getRecordProof = {
  method: 'GET',
  url: `${PREFIX}/state/proof`,
  access: 'public',
  makesTx: false,
  problems: [...READ_PROBLEMS, 503],
  schema: {
    operationId: 'getRecordProof',
    summary: 'A record at one of the last sealed heights, or that there is none, with its proof',
    description:
      'Anyone may ask for assets, places, federations, nodes, card orders, heads of chains and parameters; records of wallets, cards and keys are for the operator (a holder takes a statement).',
    tags: ['blocks'],
    querystring: closed({
      key: Type.String({ minLength: 3, maxLength: KEY_MAX }),
      height: Type.Optional(Count),
    }),
    response: { 200: ref(RecordProofView) },
  },
} as const satisfies Route
