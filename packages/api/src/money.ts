/** Sales, refills, refunds, transfers: the gestures by which money moves. */
import {
  type AssetId,
  HAND_PROVIDERS,
  type PlaceId,
  type TillId,
  type WalletId,
} from '@fedow/ledger'
import Type from 'typebox'
import { IdempotencyHeaders, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import {
  AmountText,
  closed,
  idText,
  oneOf,
  PositiveAmount,
  ref,
  Sha256,
  SignedAmount,
  Time,
} from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'
import { bearerMembers, CardRef, primaryMember } from './wallet.ts'

/** An account of the reserve, but for what the keeper owes. */
export const ReserveName = Type.String({
  pattern: '^(bank|provider|transit)/[a-z0-9][a-z0-9-]{0,31}$',
  description: 'The reserve account that the net amount is on, such as bank/main.',
})

const Place = idText<PlaceId>('The place.')
const Asset = idText<AssetId>('The asset.')
const Wallet = idText<WalletId>('A wallet.')

/** Most assets in one sale. */
const PARTS_MAX = 16

const parts = Type.Array(closed({ asset: Asset, amount: PositiveAmount }), {
  minItems: 1,
  maxItems: PARTS_MAX,
  description: 'Amounts in several assets, in the order in which they are paid.',
})

const price = {
  amount: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'The price alone: the node takes gift money first, then local money, then federated euros, of what the place accepts. Exactly one of amount and parts.',
    }),
  ),
  parts: Type.Optional(parts),
}

const tillMember = {
  till: Type.Optional(idText<TillId>('A till behind this node, for its own limits.')),
}

const money = { tags: ['money'], headers: IdempotencyHeaders } as const

/** A card pays at a till. */
export const postSale = {
  method: 'POST',
  url: `${PREFIX}/sales`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postSale',
    summary: 'A card pays at a till',
    ...money,
    body: closed({ place: Place, card: CardRef, ...price, ...primaryMember, ...tillMember }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A person pays from a phone. */
export const postQrSale = {
  method: 'POST',
  url: `${PREFIX}/qr-sales`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postQrSale',
    summary: 'A person pays a place from their wallet, without a card',
    ...money,
    body: closed({ place: Place, wallet: Wallet, ...price }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** What a person says of a payment that a place has taken. */
const handEvidence = closed(
  {
    provider: oneOf(HAND_PROVIDERS),
    reference: Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'The reference of the transfer, or the number of the receipt; no name of a person. The node keeps no text: the book gets the SHA-256 of it, in capitals and with single spaces.',
    }),
  },
  {
    description:
      'How the place was paid in euros. The reference refills once at this place, whatever the asset; without evidence nothing is remembered.',
  },
)

/** An issuer creates its own money. */
export const postRefill = {
  method: 'POST',
  url: `${PREFIX}/refills`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postRefill',
    summary:
      'An issuer puts its own money on a card or in a wallet; a place sells federated euros that it has',
    ...money,
    body: closed({
      asset: Asset,
      ...bearerMembers,
      amount: PositiveAmount,
      ...primaryMember,
      ...tillMember,
      place: Type.Optional(
        idText<PlaceId>(
          'For federated euros alone: the place that sells them out of what it has, for cash.',
        ),
      ),
      evidence: Type.Optional(handEvidence),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A place gives cash for what is on a card. */
export const postRefund = {
  method: 'POST',
  url: `${PREFIX}/refunds`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postRefund',
    summary: 'A place gives cash for what is on a card, and may take the card back',
    ...money,
    body: closed({
      place: Place,
      card: CardRef,
      parts: Type.Optional(parts),
      ...primaryMember,
      ...tillMember,
      void: Type.Optional(Type.Boolean({ description: 'Also make the card like new.' })),
    }),
    response: {
      200: withTx({
        kept: Type.Array(
          closed({
            asset: Asset,
            balance: SignedAmount,
            why: Type.Union([
              Type.Literal('not_refundable'),
              Type.Literal('held'),
              Type.Literal('not_asked'),
            ]),
          }),
          { description: 'What stays in the wallet, and why.' },
        ),
      }),
    },
  },
} as const satisfies Route

/** Money from one wallet to another. */
export const postTransfer = {
  method: 'POST',
  url: `${PREFIX}/transfers`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postTransfer',
    summary:
      'Money between places, from a place to a person, or between persons where the policy allows it',
    ...money,
    body: closed({
      from: Wallet,
      to: Wallet,
      asset: Asset,
      amount: PositiveAmount,
      invoice: Type.Optional(Sha256),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** What proves a payment in euros. */
export const evidence = closed({
  account: ReserveName,
  reference: Type.String({
    minLength: 1,
    maxLength: 500,
    description:
      'The reference of the payment at its provider. The book gets its SHA-256: one payment mints once.',
  }),
  gross: PositiveAmount,
  fee: AmountText,
  net: AmountText,
})

/** The keeper issues federated euros. */
export const postIssue = {
  method: 'POST',
  url: `${PREFIX}/issues`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postIssue',
    summary: 'Issue federated euros for a payment received',
    ...money,
    body: closed({ ...bearerMembers, evidence }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A place hands money in. */
export const postDeposit = {
  method: 'POST',
  url: `${PREFIX}/deposits`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postDeposit',
    summary:
      'A place hands money in; federated euros need the evidence of their payment, and the operator',
    ...money,
    body: closed({
      place: Place,
      asset: Asset,
      amount: PositiveAmount,
      evidence: Type.Optional(evidence),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A place records a paid membership. */
export const postSubscription = {
  method: 'POST',
  url: `${PREFIX}/subscriptions`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postSubscription',
    summary: 'Record a paid membership; moves no money',
    ...money,
    body: closed({
      place: Place,
      ...bearerMembers,
      asset: Asset,
      amount: AmountText,
      start: Time,
      ...primaryMember,
      ...tillMember,
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** Somebody clocks in or out. */
export const postBadge = {
  method: 'POST',
  url: `${PREFIX}/badges`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postBadge',
    summary: 'Somebody clocks in or out; moves no money',
    ...money,
    body: closed({ place: Place, ...bearerMembers, asset: Asset, ...primaryMember }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
