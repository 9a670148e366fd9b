import type { AssetId, CardId, HoldId, PlaceId, TillId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import {
  IdempotencyHeaders,
  idParams,
  PREFIX,
  READ_PROBLEMS,
  type Route,
  TX_PROBLEMS,
} from './route.ts'
import { AmountText, closed, idText, named, PositiveAmount, ref, Time } from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'
import { bearerMembers } from './wallet.ts'

const Hold = idText<HoldId>('A hold.')

const ofHold = {
  tags: ['holds'],
  params: idParams({ hold: Hold }),
  headers: IdempotencyHeaders,
} as const

/** Money reserved for a place and not yet paid. */
export const HoldView = named(
  'Hold',
  closed({
    hold: Hold,
    from: idText<WalletId>('The wallet that will pay.'),
    place: idText<PlaceId>('The place that may capture it.'),
    asset: idText<AssetId>('The asset.'),
    amount: AmountText,
    expires: Time,
    card: Type.Optional(idText<CardId>('The card that was shown.')),
  }),
)

/** Reserves money for a place. */
export const openHold = {
  method: 'POST',
  url: `${PREFIX}/holds`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'openHold',
    summary: 'Reserve money of a card or a person for a place, for a week at most',
    tags: ['holds'],
    headers: IdempotencyHeaders,
    body: closed({
      place: idText<PlaceId>('The place.'),
      ...bearerMembers,
      asset: idText<AssetId>('The asset.'),
      amount: PositiveAmount,
      expires: Time,
      till: Type.Optional(idText<TillId>('A till behind this node.')),
    }),
    response: { 200: withTx({ hold: Hold }) },
  },
} as const satisfies Route

/** An open hold. */
export const getHold = {
  method: 'GET',
  url: `${PREFIX}/holds/:hold`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getHold',
    summary: 'An open hold; one that was captured, released or has expired is gone',
    tags: ['holds'],
    params: idParams({ hold: Hold }),
    response: { 200: ref(HoldView) },
  },
} as const satisfies Route

/** Pays from a hold. */
export const captureHold = {
  method: 'POST',
  url: `${PREFIX}/holds/:hold/capture`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'captureHold',
    summary: 'Pay from a hold, whole or in part; the rest is released',
    ...ofHold,
    body: closed({ amount: Type.Optional(PositiveAmount) }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** Ends a hold without payment. */
export const releaseHold = {
  method: 'POST',
  url: `${PREFIX}/holds/:hold/release`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'releaseHold',
    summary: 'End a hold without payment',
    ...ofHold,
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
