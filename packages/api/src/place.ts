import type { FederationId, NodeId, PlaceId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { IdempotencyHeaders, idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import { closed, EmailText, IdPageQuery, idText, named, nameText, ref, Time } from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'

const Place = idText<PlaceId>('A place.')

/** What the public sees of a place. */
export const PlaceView = named(
  'Place',
  closed({
    id: Place,
    name: Type.String(),
    wallet: idText<WalletId>('Its wallet.'),
    node: idText<NodeId>('Its home node.'),
    federations: Type.Array(idText<FederationId>('A federation.')),
    suspended: Type.Boolean(),
    opened: Time,
  }),
)

/** Places in the order of their ids. */
export const listPlaces = {
  method: 'GET',
  url: `${PREFIX}/places`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listPlaces',
    summary: 'Places of the network',
    tags: ['places'],
    querystring: IdPageQuery,
    response: { 200: closed({ places: Type.Array(ref(PlaceView)), next: Type.Optional(Place) }) },
  },
} as const satisfies Route

/** One place. */
export const getPlace = {
  method: 'GET',
  url: `${PREFIX}/places/:place`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getPlace',
    summary: 'One place',
    tags: ['places'],
    params: idParams({ place: Place }),
    response: { 200: ref(PlaceView) },
  },
} as const satisfies Route

/** The operator opens a place, which trades at once. */
export const openPlace = {
  method: 'POST',
  url: `${PREFIX}/places`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'openPlace',
    summary: 'Open a place on this node; it trades at once',
    tags: ['places'],
    headers: IdempotencyHeaders,
    body: closed({
      name: nameText(100),
      connect: Type.Optional(
        closed(
          { email: Type.Optional(EmailText) },
          {
            description: 'Asks for the text that connects a LaBoutik; the e-mail names its admin.',
          },
        ),
      ),
    }),
    response: {
      200: withTx({
        place: Place,
        wallet: idText<WalletId>('Its wallet.'),
        connectionString: Type.Optional(
          Type.String({ description: 'For LaBoutik, once and within a day. A secret.' }),
        ),
      }),
    },
  },
} as const satisfies Route

/** A place takes another name. */
export const renamePlace = {
  method: 'POST',
  url: `${PREFIX}/places/:place/name`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'renamePlace',
    summary: 'Give a place another name',
    tags: ['places'],
    params: idParams({ place: Place }),
    headers: IdempotencyHeaders,
    body: closed({ name: nameText(100) }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
