import { type AssetId, type OfferId, type PlaceId, RATE_MAX, type TillId } from '@fedow/ledger'
import Type from 'typebox'
import { IdempotencyHeaders, idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import {
  AmountText,
  closed,
  IdPageQuery,
  idText,
  named,
  oneOf,
  PositiveAmount,
  ref,
  Time,
} from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'
import { bearerMembers, primaryMember } from './wallet.ts'

const Offer = idText<OfferId>('An offer.')
const Place = idText<PlaceId>('A place.')
const Asset = idText<AssetId>('An asset.')

const rateNumber = Type.Integer({ minimum: 1, maximum: RATE_MAX })

const terms = {
  place: Place,
  give: idText<AssetId>('What the place gives, out of its own wallet.'),
  take: idText<AssetId>('What it takes.'),
  rate: closed(
    { give: rateNumber, take: rateNumber },
    {
      description:
        'So many minor units are given for so many taken; of each exchange rounded down.',
    },
  ),
  perPersonDay: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most that one wallet is given in a day, in minor units.',
    }),
  ),
  minimum: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Least that is taken at a time, in minor units.',
    }),
  ),
  until: Type.Optional(Time),
}

/** What a place offers to exchange. */
export const OfferView = named(
  'Offer',
  closed({
    offer: Offer,
    ...terms,
    opened: Time,
    open: Type.Boolean({
      description: 'Whether it can be taken now: its time, its place and both assets let it.',
    }),
  }),
)

/** Offers around which somebody could turn, and end with more than they began with. */
const warning = closed({
  code: oneOf(
    ['loop_loses', 'loop_across'],
    'loop_loses: all are of the place itself, which loses by it. loop_across: with offers of other places.',
  ),
  sentence: Type.String(),
  offers: Type.Array(Offer, { description: 'In the order in which they are taken.' }),
  assets: Type.Array(Asset, { description: 'From the one that is taken first, back to it.' }),
  loss: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'What is lost of each 100.00 that are turned, in minor units, rounded down.',
  }),
})

const offers = { tags: ['offers'] } as const

/** Offers of all places, or of one. */
export const listOffers = {
  method: 'GET',
  url: `${PREFIX}/offers`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'listOffers',
    summary: 'What places offer to exchange, or one of them',
    ...offers,
    querystring: closed({ ...IdPageQuery.properties, place: Type.Optional(Place) }),
    response: { 200: closed({ offers: Type.Array(ref(OfferView)), next: Type.Optional(Offer) }) },
  },
} as const satisfies Route

/** A place opens an offer. */
export const openOffer = {
  method: 'POST',
  url: `${PREFIX}/offers`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'openOffer',
    summary: 'A place offers one asset for another at a fixed rate',
    description:
      'Answers warnings when somebody could turn around this offer and others and end with more. The offer is open all the same.',
    ...offers,
    headers: IdempotencyHeaders,
    body: closed(terms),
    response: { 200: withTx({ offer: Offer, warnings: Type.Array(warning) }) },
  },
} as const satisfies Route

/** A place takes an offer back. */
export const closeOffer = {
  method: 'POST',
  url: `${PREFIX}/offers/:offer/close`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'closeOffer',
    summary: 'A place takes an offer back',
    ...offers,
    params: idParams({ offer: Offer }),
    headers: IdempotencyHeaders,
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** What an offer would give. */
export const previewExchange = {
  method: 'GET',
  url: `${PREFIX}/offers/:offer/preview`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'previewExchange',
    summary: 'What an offer would give for an amount; changes nothing',
    ...offers,
    params: idParams({ offer: Offer }),
    querystring: closed({ take: PositiveAmount }),
    response: {
      200: closed({
        take: AmountText,
        give: Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Rounded down; 0 when it is below the least.',
        }),
        least: Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'The least that the offer takes.',
        }),
        open: Type.Boolean(),
      }),
    },
  },
} as const satisfies Route

/** Somebody takes an offer. */
export const postExchange = {
  method: 'POST',
  url: `${PREFIX}/exchanges`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postExchange',
    summary:
      'Exchange one asset for another by an offer: a card at the till of its place, or a person',
    ...offers,
    headers: IdempotencyHeaders,
    body: closed({
      offer: Offer,
      ...bearerMembers,
      take: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'What is handed over, in minor units.',
      }),
      ...primaryMember,
      till: Type.Optional(idText<TillId>('A till behind this node, for its own limits.')),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
