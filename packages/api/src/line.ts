import {
  ASSET_KINDS,
  type AssetId,
  type CardId,
  LINE_ACTIONS,
  type LineId,
  type PlaceId,
  type ProposalId,
  type TxId,
  type WalletId,
} from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import {
  AmountText,
  Count,
  closed,
  idText,
  LinePageQuery,
  named,
  oneOf,
  ref,
  Sha256,
  Time,
} from './schema.ts'

/** An asset as a line names it. */
export const AssetName = named(
  'AssetName',
  closed({
    id: idText<AssetId>('The asset.'),
    name: Type.String(),
    code: Type.String(),
    kind: oneOf([...ASSET_KINDS, 'EUR']),
  }),
)

/** One fact of a history, as a person reads it. Amount in minor units. */
export const LineView = named(
  'Line',
  closed({
    id: idText<LineId>('The line.'),
    number: Count,
    seq: Count,
    action: oneOf(LINE_ACTIONS),
    asset: ref(AssetName),
    from: idText<WalletId>('The wallet that gives.'),
    to: idText<WalletId>('The wallet that receives.'),
    amount: AmountText,
    time: Time,
    card: Type.Optional(idText<CardId>('The card that was shown.')),
    primary: Type.Optional(idText<CardId>('The primary card of the till.')),
    tx: idText<TxId>('The tx or system entry that it is part of.'),
    hash: Sha256,
    why: Type.Optional(
      Type.String({
        description: 'Of what melted or was shared out: one sentence with the numbers behind it.',
      }),
    ),
    proposal: Type.Optional(
      idText<ProposalId>('What a line of a proposal, a vote, its result or a grant is about.'),
    ),
    imported: Type.Optional(
      closed(
        {
          hash: Sha256,
          previous: idText<LineId>(
            'The line that it was chained to there; its own id for a first one.',
          ),
        },
        {
          description:
            'Present when the line comes from a book of Fedow v1: a fact, which moved money there and none here.',
        },
      ),
    ),
  }),
)

/** A page of lines, newest first. */
export const LinePage = named(
  'LinePage',
  closed({
    lines: Type.Array(ref(LineView)),
    next: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
  }),
)

/** Lines of the caller's place; of everybody for the operator. */
export const listLines = {
  method: 'GET',
  url: `${PREFIX}/lines`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'listLines',
    summary: 'Lines of a place, newest first; the operator may leave the place out',
    tags: ['lines'],
    querystring: closed({
      place: Type.Optional(idText<PlaceId>('Lines in which this place gives or receives.')),
      asset: Type.Optional(idText<AssetId>('Lines of this asset.')),
      /** Oldest first instead: lines above this number. For exports by the operator. */
      after: Type.Optional(Count),
      ...LinePageQuery,
    }),
    response: { 200: ref(LinePage) },
  },
} as const satisfies Route

/** One line. */
export const getLine = {
  method: 'GET',
  url: `${PREFIX}/lines/:line`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getLine',
    summary: 'One line of the book',
    tags: ['lines'],
    params: idParams({ line: idText<LineId>('A line.') }),
    response: { 200: ref(LineView) },
  },
} as const satisfies Route
