/** What an asset does: how long it stays, how it goes round, where it is spent, what sleeps. */
import type { AssetId, PlaceId } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import {
  AmountText,
  Count,
  closed,
  idText,
  named,
  oneOf,
  ref,
  SignedAmount,
  Time,
} from './schema.ts'

const Place = idText<PlaceId>('A place.')

/** A quotient with six decimals, rounded down. */
const Quotient = Type.String({
  pattern: '^\\d+\\.\\d{6}$',
  description: 'A quotient with six decimals, rounded down.',
})

const Day = Type.String({
  format: 'date',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'A day in UTC, such as 2026-11-01.',
})

const FEW = 'Absent when it comes from 1 to 9 wallets.'

const amountOfMany = (what: string) =>
  Type.Optional(Type.Integer({ ...AmountText, description: `${what} ${FEW}` }))

/** The figures of an asset. No row shows fewer than 10 wallets, nor follows from the others. */
export const AssetFiguresView = named(
  'AssetFigures',
  closed({
    asset: idText<AssetId>('The asset.'),
    height: Count,
    from: Time,
    to: Time,
    outstanding: SignedAmount,
    averageStock: SignedAmount,
    loaded: amountOfMany('What came to people by refills.'),
    handed: amountOfMany('What places and funds gave to people.'),
    paid: amountOfMany('What people paid to places.'),
    paidByPlaces: AmountText,
    velocity: Type.Optional(Quotient),
    multiplier: Type.Optional(Quotient),
    spent: Type.Array(
      closed({ at: Type.Array(oneOf(['origin', 'elsewhere', 'unknown'])), amount: AmountText }),
      {
        description:
          'Where people paid: at the place of origin of their wallet, elsewhere, or from a wallet without one.',
      },
    ),
    places: Type.Array(closed({ places: Type.Array(Place), received: AmountText }), {
      description: 'What people paid, by place; places that few paid at share a row.',
    }),
    products: Type.Array(
      closed({
        products: Type.Array(
          Type.String({ description: 'The id that the giver’s program has, or unknown.' }),
        ),
        given: AmountText,
        used: AmountText,
      }),
      {
        description:
          'What was given for which product, and what people paid out of it; empty when no product is known.',
      },
    ),
    survival: Type.Array(
      closed({
        days: Count,
        there: Type.Optional(Quotient),
        why: Type.Optional(oneOf(['too_young', 'too_few'])),
      }),
      { description: 'How much of what came to people was still with them at an age, in days.' },
    ),
    dormant: Type.Array(
      closed({
        fromDays: Count,
        toDays: Type.Optional(Count),
        amount: AmountText,
        wallets: Count,
      }),
      {
        description:
          'What is with people, by the days since their last own gesture. Empty when fewer than 10 have some.',
      },
    ),
  }),
)

/** The figures of an asset over a window. */
export const getAssetFigures = {
  method: 'GET',
  url: `${PREFIX}/assets/:asset/figures`,
  access: 'public',
  makesTx: false,
  problems: [404, 503],
  schema: {
    operationId: 'getAssetFigures',
    summary:
      'How long an asset stays with people, how it goes round, where it is spent, what sleeps',
    description:
      'From a day to another, the latter no longer counted. Anybody may ask for a month that is over, and has the last one when no day is given; the operator may ask for any days, and has all of them up to the last sealed block. What is behind a figure: docs/spec/figures.md.',
    tags: ['assets'],
    params: idParams({ asset: idText<AssetId>('An asset.') }),
    querystring: closed({ from: Type.Optional(Day), to: Type.Optional(Day) }),
    response: { 200: ref(AssetFiguresView) },
  },
} as const satisfies Route
