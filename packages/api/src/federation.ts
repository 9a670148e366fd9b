import type { AssetId, FederationId, PlaceId } from '@fedow/ledger'
import Type from 'typebox'
import { IdempotencyHeaders, idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import { closed, IdPageQuery, idText, named, nameText, ref } from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'

const Federation = idText<FederationId>('A federation.')
const Place = idText<PlaceId>('A place.')
const Asset = idText<AssetId>('An asset.')

const toFederation = {
  params: idParams({ federation: Federation }),
  headers: IdempotencyHeaders,
  tags: ['federations'],
} as const

/** Places that accept each other's assets. */
export const FederationView = named(
  'Federation',
  closed({
    id: Federation,
    name: Type.String(),
    places: Type.Array(Place),
    invited: Type.Array(Place),
    assets: Type.Array(Asset),
  }),
)

/** Federations in the order of their ids. */
export const listFederations = {
  method: 'GET',
  url: `${PREFIX}/federations`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listFederations',
    summary: 'Federations of the network',
    tags: ['federations'],
    querystring: IdPageQuery,
    response: {
      200: closed({
        federations: Type.Array(ref(FederationView)),
        next: Type.Optional(Federation),
      }),
    },
  },
} as const satisfies Route

/** One federation. */
export const getFederation = {
  method: 'GET',
  url: `${PREFIX}/federations/:federation`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getFederation',
    summary: 'One federation: its members, the invited, the assets they share',
    tags: ['federations'],
    params: idParams({ federation: Federation }),
    response: { 200: ref(FederationView) },
  },
} as const satisfies Route

/** A place founds a federation. */
export const createFederation = {
  method: 'POST',
  url: `${PREFIX}/federations`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'createFederation',
    summary: 'Found a federation; the place is its first member',
    tags: ['federations'],
    headers: IdempotencyHeaders,
    body: closed({ name: nameText(100), place: Place }),
    response: { 200: withTx({ federation: Federation }) },
  },
} as const satisfies Route

/** A member invites a place. */
export const inviteToFederation = {
  method: 'POST',
  url: `${PREFIX}/federations/:federation/invitations`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'inviteToFederation',
    summary: 'A member invites another place',
    ...toFederation,
    body: closed({ place: Place, invited: Place }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** An invited place becomes a member. */
export const acceptInvitation = {
  method: 'POST',
  url: `${PREFIX}/federations/:federation/acceptances`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'acceptInvitation',
    summary: 'An invited place becomes a member',
    ...toFederation,
    body: closed({ place: Place }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A member leaves. */
export const leaveFederation = {
  method: 'POST',
  url: `${PREFIX}/federations/:federation/departures`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'leaveFederation',
    summary: 'A member leaves; its assets leave with it',
    ...toFederation,
    body: closed({ place: Place }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** An issuer shares an asset. */
export const shareAsset = {
  method: 'POST',
  url: `${PREFIX}/federations/:federation/shares`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'shareAsset',
    summary: 'An issuer lets every member accept its asset',
    ...toFederation,
    body: closed({ asset: Asset }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** An issuer takes an asset back. */
export const unshareAsset = {
  method: 'POST',
  url: `${PREFIX}/federations/:federation/unshares`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'unshareAsset',
    summary: 'An issuer takes its asset back; new sales elsewhere stop at once',
    ...toFederation,
    body: closed({ asset: Asset }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
